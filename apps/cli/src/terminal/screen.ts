import type { Output } from '../host.ts';
import { displayWidth } from '../render/display-width.ts';
import { windowOf } from './layout.ts';
import type { Layout } from './layout.ts';

/** The rows at the bottom of the terminal that are drawn anew with each key. */
export interface Screen {
  /** Shows rows with the cursor in its place, and further rows below them. */
  show(layout: Layout, below: readonly string[]): void;
  /** Takes everything away; the cursor is where the first row was. */
  clear(): void;
  /** Leaves the rows where they are; the cursor goes to a line of its own below them. */
  leave(): void;
  /** What was shown is gone already. */
  forget(): void;
}

/** Draws at the bottom of a terminal. */
export function createScreen(output: Output): Screen {
  let shown: readonly string[] = [];
  let cursorRow = 0;
  let columns = output.columns();

  /** Rows between the first one and the cursor, also after the terminal became narrower and wrapped them. */
  const above = (): number => {
    const now = output.columns();
    if (now >= columns) return cursorRow;
    return shown.slice(0, cursorRow).reduce((rows, row) => rows + Math.max(1, Math.ceil(displayWidth(row) / now)), 0);
  };
  const home = (): string => {
    const rows = above();
    return `${rows === 0 ? '' : `\u001b[${rows}A`}\r\u001b[J`;
  };
  return {
    show: (layout, below) => {
      const height = Math.max(1, output.rows() - 1);
      const { rows, ...at } = windowOf(layout, height);
      const further = below.slice(0, Math.max(0, height - rows.length));
      const all = [...rows, ...further];
      const up = all.length - 1 - at.cursorRow;
      output.write(
        `${home()}${all.join('\r\n')}${up === 0 ? '' : `\u001b[${up}A`}\r${at.cursorColumn === 0 ? '' : `\u001b[${at.cursorColumn}C`}`,
      );
      shown = rows;
      cursorRow = at.cursorRow;
      columns = output.columns();
    },
    clear: () => {
      output.write(home());
      shown = [];
      cursorRow = 0;
    },
    leave: () => {
      const down = shown.length - 1 - cursorRow;
      output.write(`${down > 0 ? `\u001b[${down}B` : ''}\r\n`);
      shown = [];
      cursorRow = 0;
    },
    forget: () => {
      shown = [];
      cursorRow = 0;
    },
  };
}

/** The same on a terminal that knows no cursor: what is typed at the end appears, anything else begins a new line. */
export function createPlainScreen(output: Output): Screen {
  let shown = '';
  return {
    show: ({ rows }, below) => {
      const text = rows.join('');
      for (const line of below) output.write(`\n${line}`);
      output.write(below.length === 0 && text.startsWith(shown) ? text.slice(shown.length) : `\n${text}`);
      shown = text;
    },
    clear: () => {
      output.write('\n');
      shown = '';
    },
    leave: () => {
      output.write('\n');
      shown = '';
    },
    forget: () => {
      shown = '';
    },
  };
}
