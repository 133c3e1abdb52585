import { displayWidth } from '../render/display-width.ts';

/** How a text being written stands on the screen. */
export interface Layout {
  /** Each row as it is shown, prompt included, at most so wide that none wraps by itself. */
  readonly rows: readonly string[];
  readonly cursorRow: number;
  /** From 0. */
  readonly cursorColumn: number;
}

/** What a text is laid out with. */
export interface LayoutOptions {
  readonly cursor: number;
  /** Stands before the first line; may be styled. */
  readonly prompt: string;
  /** Stands before each further line; as wide as it is. */
  readonly continuation: string;
  readonly columns: number;
}

/** Lays a text out in rows that are one column narrower than the terminal, so that no row wraps by itself; words stay whole where they fit. */
export function layoutOf(text: string, { cursor, prompt, continuation, columns }: LayoutOptions): Layout {
  const width = Math.max(8, columns - 1);
  const rows: string[] = [];
  let row = prompt;
  let used = displayWidth(prompt);
  let cursorRow = 0;
  let cursorColumn = 0;
  let at = 0;
  const breakRow = (next: string): void => {
    rows.push(row);
    row = next;
    used = displayWidth(next);
  };
  const mark = (): void => {
    if (at !== cursor) return;
    cursorRow = rows.length;
    cursorColumn = used;
  };
  let before = '\n';
  /** A word that stands alone after the prompt is not moved below it. */
  const rowHasText = (): boolean => row !== prompt && row !== continuation;
  for (const character of text) {
    if (character === '\n') {
      mark();
      breakRow(continuation);
    } else {
      const beginsWord = /\s/u.test(before) && !/\s/u.test(character);
      const word = beginsWord && used > 0 ? wordWidth(text, at, width) : 0;
      if (word <= width && used + word > width && rowHasText()) breakRow('');
      const shown = shownAs(character);
      const taken = displayWidth(shown);
      if (used + taken > width) breakRow('');
      mark();
      row += shown;
      used += taken;
    }
    before = character;
    at += character.length;
  }
  mark();
  rows.push(row);
  return { rows, cursorRow, cursorColumn };
}

/** Columns of the word that begins at a place; a word wider than a row is as good as any. */
function wordWidth(text: string, at: number, width: number): number {
  let columns = 0;
  for (const character of text.slice(at, at + width + 1)) {
    if (/\s/u.test(character)) break;
    columns += displayWidth(character);
  }
  return columns;
}

/** At most so many rows of a layout, those around the cursor. */
export function windowOf(layout: Layout, height: number): Layout {
  if (layout.rows.length <= height) return layout;
  const from = Math.min(Math.max(0, layout.cursorRow - height + 1), layout.rows.length - height);
  return { ...layout, rows: layout.rows.slice(from, from + height), cursorRow: layout.cursorRow - from };
}

/** Controls are seen, so that what is sent is what was shown. */
function shownAs(character: string): string {
  if (character === '\t') return '  ';
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 ? `^${String.fromCharCode(code + 64)}` : code >= 0x7f && code < 0xa0 ? '?' : character;
}
