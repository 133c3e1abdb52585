import { displayWidth, fitLine } from '../render/display-width.ts';

/** Between two columns. */
const gap = 2;

/** Lays rows out in columns, without those that are empty in all rows; where a width is given, the last column is cut to it. */
export function columns(rows: readonly (readonly string[])[], width: number = Number.POSITIVE_INFINITY): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  return rows.map((row) => {
    let line = '';
    let used = 0;
    for (const [column, cell] of row.entries()) {
      const isLast = column === row.length - 1;
      const text = isLast && Number.isFinite(width) ? fitLine(cell, Math.max(minLastColumn, width - used)) : cell;
      const filled = isLast ? text : pad(text, widths[column] === 0 ? 0 : (widths[column] ?? 0) + gap);
      line += filled;
      used += displayWidth(filled);
    }
    return line.trimEnd();
  });
}

const minLastColumn = 10;

/** A text with spaces to so many columns of a terminal. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
