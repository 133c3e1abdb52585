const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const unseen = /\p{Mark}/u;

/** Columns that a plain text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) if (!unseen.test(character)) width += wide.test(character) ? 2 : 1;
  return width;
}

/** A text with blanks up to a width. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Breaks a text at blanks, or where a word is longer than a line within it. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/\s+|[^\s\u2e80-\uffef]+|[\u2e80-\uffef]/gu) ?? []) {
    if (line !== '' && widthOf(line) + widthOf(piece) > columns) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line === '' && piece.trim() === '') continue;
    line += piece;
    while (widthOf(line) > columns) {
      const [head, rest] = cutAt(line, columns);
      lines.push(head);
      line = rest;
    }
  }
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()];
}

function cutAt(text: string, columns: number): readonly [string, string] {
  let head = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns && head !== '') break;
    head += character;
  }
  return [head, text.slice(head.length)];
}
