import { displayWidth, heldSpace, wrapWords } from './display-width.ts';
import type { Style } from './style.ts';

const gap = 2;

/** A table for a terminal of so many columns, the first row its head: wide cells are wrapped between words; where words would be broken, it is shown row by row. */
export function renderTable(cells: readonly (readonly string[])[], style: Style, columns: number): string {
  const [head = [], ...rows] = cells;
  const widestOf = (measure: (cell: string) => number): readonly number[] =>
    head.map((_, column) => Math.max(1, ...cells.map((row) => measure(row[column] ?? ''))));
  const natural = widestOf(displayWidth);
  const widths = fit(natural, widestOf(longestWord), columns - gap * (head.length - 1));
  if (widths === undefined) return renderRecords(head, rows, style, columns);
  const body = rows.map((row) => renderRow(row, widths));
  const rule = style.dim(widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap)));
  const title = renderRow(head, widths)
    .map((line) => style.bold(line))
    .join('\n');
  // Rows of several lines are told apart by an empty one.
  const isTall = body.some((lines) => lines.length > 1);
  return `${[title, rule, body.map((lines) => lines.join('\n')).join(isTall ? '\n\n' : '\n')].join('\n')}\n`;
}

/** Widths that fit into so many columns, the widest giving way first, none below its least. Undefined where there are none. */
function fit(natural: readonly number[], least: readonly number[], room: number): readonly number[] | undefined {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const loose = widths.flatMap((width, column) => (width > (least[column] ?? 0) ? [{ width, column }] : []));
    const widest = loose.reduce((most, one) => (one.width > most.width ? one : most), { width: 0, column: -1 });
    if (widest.column === -1) return undefined;
    widths[widest.column] = widest.width - 1;
    over -= 1;
  }
  return widths;
}

function longestWord(cell: string): number {
  return Math.max(...cell.replaceAll(heldSpace, ' ').split(/\s+/).map(displayWidth));
}

function renderRow(row: readonly string[], widths: readonly number[]): readonly string[] {
  const cells = widths.map((width, column) => wrapCell(row[column] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, column) => {
        const text = lines[line] ?? '';
        const isLast = column === cells.length - 1;
        return isLast ? text : text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(text)) + gap);
      })
      .join('')
      .trimEnd(),
  );
}

/** A cell's lines, broken between words. Styling that is open at a line's end goes on in the next line. */
function wrapCell(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  let open: readonly string[] = [];
  return wrapWords(text.replaceAll(heldSpace, ' '), width)
    .split('\n')
    .map((line) => {
      const before = open.join('');
      open = openAfter(open, line);
      return `${before}${line}${open.length > 0 ? closeAll : ''}`;
    });
}

const escape = String.fromCharCode(27);
const sequences = new RegExp(`${escape}\\[[0-9;]*m`, 'g');
const closeAll = `${escape}[0m`;

/** Sequences that still hold after a line: one that closes takes all of them back, as our own styles do. */
function openAfter(open: readonly string[], line: string): readonly string[] {
  return [...line.matchAll(sequences)].reduce<readonly string[]>(
    (held, [sequence]) => (/\[(?:0|2[2-4]|39)m/.test(sequence) ? held.slice(0, -1) : [...held, sequence]),
    open,
  );
}

/** One record after the other: a line for each cell. */
function renderRecords(head: readonly string[], rows: readonly (readonly string[])[], style: Style, columns: number): string {
  const records = rows.map((row) =>
    row.map((cell, column) => wrapWords(`${style.dim(`${head[column] ?? ''}:`)} ${cell}`, columns - 2).replaceAll('\n', '\n  ')).join('\n'),
  );
  return `${records.join(`\n${style.dim('─'.repeat(Math.min(columns, 20)))}\n`)}\n`;
}
