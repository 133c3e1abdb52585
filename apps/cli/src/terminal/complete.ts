import { displayWidth } from '../render/display-width.ts';
import type { LineBuffer } from './line-buffer.ts';

/** What may stand in the place of a word. */
export interface Candidates {
  /** Where the word begins that they replace. */
  readonly from: number;
  readonly words: readonly string[];
}

/** Finds candidates for the word at the cursor. Never throws; nothing where it can't find out quickly. */
export type Complete = (text: string, cursor: number, signal: AbortSignal) => Promise<Candidates>;

/** What completing made of a text. */
export interface Completed {
  readonly buffer: LineBuffer;
  /** Candidates to show, where there are several. */
  readonly below: readonly string[];
}

const maxRows = 8;

/** Completes as far as all candidates agree, and shows them where there are several. */
export async function complete(
  find: Complete,
  buffer: LineBuffer,
  { columns, signal }: { readonly columns: number; readonly signal: AbortSignal },
): Promise<Completed> {
  const { from, words } = await find(buffer.text, buffer.cursor, signal);
  const [only, ...others] = words;
  if (only === undefined) return { buffer, below: [] };
  const typed = buffer.text.slice(from, buffer.cursor);
  const common = others.reduce(commonStart, only);
  const ends = others.length === 0 && !/[/=:]$/.test(only) && buffer.text[buffer.cursor] !== ' ';
  const put = others.length === 0 ? `${only}${ends ? ' ' : ''}` : common.length > typed.length ? common : typed;
  const completed = {
    text: buffer.text.slice(0, from) + put + buffer.text.slice(buffer.cursor),
    cursor: from + put.length,
  };
  return { buffer: completed, below: others.length === 0 ? [] : inColumns(words, columns) };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < b.length && a[length]?.toLowerCase() === b[length]?.toLowerCase()) length += 1;
  return a.slice(0, length);
}

/** Words side by side, as many rows as a person reads; the rest is counted. */
export function inColumns(words: readonly string[], columns: number): readonly string[] {
  const widest = Math.max(...words.map(displayWidth)) + 2;
  const perRow = Math.max(1, Math.floor((columns - 1) / widest));
  const shown = words.slice(0, perRow * maxRows);
  const rows: string[] = [];
  for (let at = 0; at < shown.length; at += perRow) {
    rows.push(
      shown
        .slice(at, at + perRow)
        .map((word) => word + ' '.repeat(widest - displayWidth(word)))
        .join('')
        .trimEnd(),
    );
  }
  return words.length > shown.length ? [...rows, `… ${words.length - shown.length}`] : rows;
}
