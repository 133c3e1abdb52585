import { displayWidth, heldSpace, wrapWords } from './display-width.ts';
import type { Style } from './style.ts';

const gap = 2;
/** A column is not made narrower than this; a table of more columns than fit so is shown row by row. */
const minColumn = 8;

/** A table for a terminal of so many columns, the first row its head: wide cells are wrapped, and a table that is too wide even so is shown as records. */
export function renderTable(cells: readonly (readonly string[])[], style: Style, columns: number): string {
  const [head = [], ...rows] = cells;
  const natural = head.map((_, column) => Math.max(1, ...cells.map((row) => displayWidth(row[column] ?? ''))));
  const widths = fit(natural, columns - gap * (head.length - 1));
  if (widths === undefined) return renderRecords(head, rows, style, columns);
  const isWrapped = widths.some((width, column) => width < (natural[column] ?? 0));
  const body = rows.map((row) => renderRow(row, widths));
  const rule = style.dim(widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap)));
  const title = renderRow(head, widths)
    .map((line) => style.bold(line))
    .join('\n');
  // Rows of several lines are told apart by an empty one.
  const isTall = isWrapped && body.some((lines) => lines.length > 1);
  return `${[title, rule, body.map((lines) => lines.join('\n')).join(isTall ? '\n\n' : '\n')].join('\n')}\n`;
}

/** Widths that fit into so many columns: the widest give way first. Undefined where they would be too narrow. */
function fit(natural: readonly number[], room: number): readonly number[] | undefined {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= minColumn) return undefined;
    const next = Math.max(minColumn, ...widths.filter((width) => width < widest));
    const column = widths.lastIndexOf(widest);
    const less = Math.min(over, Math.max(1, widest - next));
    widths[column] = widest - less;
    over -= less;
  }
  return widths;
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

/** A cell's lines: between words, and within words that are wider than the cell. Styling that is open at a line's end goes on in the next line. */
function wrapCell(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lines = wrapWords(text.replaceAll(heldSpace, ' '), width)
    .split('\n')
    .flatMap((line) => breakStyled(line, width));
  let open: readonly string[] = [];
  return lines.map((line) => {
    const before = open.join('');
    open = openAfter(open, line);
    return `${before}${line}${open.length > 0 ? closeAll : ''}`;
  });
}

const escape = String.fromCharCode(27);
const sequences = new RegExp(`${escape}\\[[0-9;]*m`, 'g');
const units = new RegExp(`${escape}\\[[0-9;]*m|[^]`, 'gu');
const closeAll = `${escape}[0m`;

function breakStyled(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  for (const unit of line.match(units) ?? []) {
    const taken = displayWidth(unit);
    if (used + taken > width) {
      lines.push(current);
      current = '';
      used = 0;
    }
    current += unit;
    used += taken;
  }
  return [...lines, current];
}

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
