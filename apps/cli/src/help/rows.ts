import { displayWidth, wrapLines } from '../render/display-width.ts';

/** Lines longer than this are hard to read, however wide the terminal is. */
const maxColumns = 100;
/** With fewer columns for them the meanings stand below their names, or they would be columns of single words. */
const minMeaningColumns = 36;

/** How wide help is on a terminal of so many columns. */
export function helpWidth(columns: number): number {
  return Math.min(columns, maxColumns);
}

/** How a row is laid out. */
export interface RowLayout {
  readonly width: number;
  /** Where the descriptions begin. */
  readonly margin: number;
}

/** A name and what it means, the meaning wrapped at words beside or below the name. */
export function row(name: string, meaning: string, { width, margin }: RowLayout): readonly string[] {
  const indent = width - margin < minMeaningColumns ? 10 : margin;
  const lines = wrapLines(meaning, width - indent).map((line) => `${' '.repeat(indent)}${line}`);
  if (displayWidth(name) > indent - 2) return [...wrapName(name, width), ...lines];
  return [`${name}${(lines[0] ?? '').slice(displayWidth(name))}`, ...lines.slice(1)];
}

/** A long name is broken between its words; what follows is indented a little more. */
function wrapName(name: string, width: number): readonly string[] {
  if (displayWidth(name) <= width) return [name];
  const indent = name.length - name.trimStart().length;
  return wrapLines(name.trimStart(), width - indent - 4).map((line, at) => `${' '.repeat(at === 0 ? indent : indent + 4)}${line}`);
}
