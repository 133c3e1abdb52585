/** A text that is being written, and the place in it. */
export interface LineBuffer {
  readonly text: string;
  /** In UTF-16 units. */
  readonly cursor: number;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text with the cursor at its end. */
export function bufferOf(text: string): LineBuffer {
  return { text, cursor: text.length };
}

/** Puts a text in at the cursor. */
export function insert({ text, cursor }: LineBuffer, added: string): LineBuffer {
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

/** Takes the text between the cursor and another place away. */
export function cut({ text, cursor }: LineBuffer, to: number): LineBuffer {
  const [from, until] = to < cursor ? [to, cursor] : [cursor, to];
  return { text: text.slice(0, from) + text.slice(until), cursor: from };
}

/** The place one visible character to the left. */
export function left({ text, cursor }: LineBuffer): number {
  if (cursor === 0) return 0;
  // Characters of more than 64 units are nobody's.
  const from = Math.max(0, cursor - 64);
  const last = [...graphemes.segment(text.slice(from, cursor))].at(-1);
  return from + (last?.index ?? 0);
}

/** The place one visible character to the right. */
export function right({ text, cursor }: LineBuffer): number {
  const [first] = graphemes.segment(text.slice(cursor, cursor + 64));
  return cursor + (first?.segment.length ?? 0);
}

/** The place before the word that ends at or before the cursor. */
export function wordLeft({ text, cursor }: LineBuffer): number {
  return /[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor))?.index ?? 0;
}

/** The place after the word that begins at or after the cursor. */
export function wordRight({ text, cursor }: LineBuffer): number {
  return cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

/** The place before what stands between spaces to the left, as a shell's Ctrl-W takes it. */
export function spacedLeft({ text, cursor }: LineBuffer): number {
  return /\S*\s*$/u.exec(text.slice(0, cursor))?.index ?? 0;
}

/** The beginning of the cursor's line. */
export function lineStart({ text, cursor }: LineBuffer): number {
  return text.lastIndexOf('\n', cursor - 1) + 1;
}

/** The end of the cursor's line. */
export function lineEnd({ text, cursor }: LineBuffer): number {
  const at = text.indexOf('\n', cursor);
  return at === -1 ? text.length : at;
}

/** The same column one line up; undefined on the first line. */
export function lineUp(buffer: LineBuffer): number | undefined {
  const start = lineStart(buffer);
  if (start === 0) return undefined;
  const above = lineStart({ text: buffer.text, cursor: start - 1 });
  return Math.min(above + (buffer.cursor - start), start - 1);
}

/** The same column one line down; undefined on the last line. */
export function lineDown(buffer: LineBuffer): number | undefined {
  const end = lineEnd(buffer);
  if (end === buffer.text.length) return undefined;
  const below = end + 1;
  return Math.min(below + (buffer.cursor - lineStart(buffer)), lineEnd({ text: buffer.text, cursor: below }));
}
