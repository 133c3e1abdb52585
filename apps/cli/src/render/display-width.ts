const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** What a line may be broken between: runs of spaces, single wide characters, and words (styling belongs to them). */
const pieces = new RegExp(`\\s+|${wide.source}|(?:(?!${wide.source})\\S)+`, 'gu');
const mark = /\p{Mark}|[\u200b-\u200f]|[\ufe00-\ufe0f]/u;
const styling = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Columns that a text takes on a terminal, styling aside. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replaceAll(styling, '')) {
    if (!mark.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Lines that a text takes on a terminal of so many columns. */
export function displayRows(text: string, columns: number): number {
  return text.split('\n').reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}

/** The first line of a text, cut with an ellipsis where it is wider than so many columns. */
export function fitLine(text: string, columns: number): string {
  const line = text.split('\n')[0] ?? '';
  if (displayWidth(line) <= columns) return line;
  let cut = '';
  let width = 0;
  for (const character of line) {
    width += displayWidth(character);
    if (width > columns - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Breaks a text into lines of at most so many columns, at spaces where there are some; nothing is left out. */
export function wrapLines(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(10, columns)));
}

function wrapLine(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  let width = 0;
  const push = (): void => {
    lines.push(current);
    current = '';
    width = 0;
  };
  for (const piece of line.match(pieces) ?? ['']) {
    const pieceWidth = displayWidth(piece);
    if (width + pieceWidth > columns && width > 0 && pieceWidth <= columns) push();
    for (const character of piece) {
      const characterWidth = displayWidth(character);
      if (width + characterWidth > columns) push();
      if (width === 0 && lines.length > 0 && /\s/u.test(character)) continue;
      current += character;
      width += characterWidth;
    }
  }
  push();
  return lines;
}

/** A space at which a line is broken only where the words it holds together are wider than a whole line; safe text has no such character. */
export const heldSpace = '\u0000';

/** Breaks styled prose into lines of at most so many columns, between words: a longer word is left to the terminal. */
export function wrapWords(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrapStyled(line, columns))
    .join('\n');
}

function wrapStyled(line: string, columns: number): string {
  let wrapped = '';
  let width = 0;
  let space = '';
  for (const piece of (line.match(pieces) ?? []).flatMap((one) => loosen(one, columns))) {
    const pieceWidth = displayWidth(piece);
    if (/^\s/u.test(piece)) {
      space = piece;
      continue;
    }
    const breaks = width > 0 && width + displayWidth(space) + pieceWidth > columns;
    wrapped += breaks ? `\n${piece}` : space + piece;
    width = breaks ? pieceWidth : width + displayWidth(space) + pieceWidth;
    space = '';
  }
  return wrapped;
}

/** Words that are held together but too wide for a line, one by one. */
function loosen(piece: string, columns: number): readonly string[] {
  if (!piece.includes(heldSpace) || displayWidth(piece) <= columns) return [piece];
  return piece.replaceAll(heldSpace, '\u0000 \u0000').split(heldSpace);
}
