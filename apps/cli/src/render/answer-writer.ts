import { displayRows } from './display-width.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

/** Writes an answer as it comes. */
export interface AnswerWriter {
  push(text: string): void;
  /** Ends the answer; the next one begins on a line of its own. */
  end(): void;
  /** Takes back what is not finished, where that is possible. */
  discard(): void;
}

/** What a terminal's writer needs. */
export interface TerminalOptions {
  readonly write: (text: string) => void;
  readonly style: Style;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** The markdown parts, once they are loaded; until then text is shown as it is. */
  readonly markdown: () => MarkdownParts | undefined;
}

/** What renders markdown. */
export interface MarkdownParts {
  /** The rendered text of all finished blocks, and the raw rest. */
  readonly render: (text: string, style: Style, columns: number, final: boolean) => { readonly done: string; readonly rest: string };
}

/** Plain text for pipes and files: no styling, no control characters. */
export function plainWriter(write: (text: string) => void): AnswerWriter {
  let atLineStart = true;
  return {
    push: (text) => {
      if (text === '') return;
      write(safeText(text));
      atLineStart = text.endsWith('\n');
    },
    end: () => {
      if (!atLineStart) write('\n');
      atLineStart = true;
    },
    discard: () => {
      if (!atLineStart) write('\n');
      atLineStart = true;
    },
  };
}

const maxBlock = 64 * 1024;

/** Markdown for a terminal: text appears at once, and each block is shown rendered when it is complete. */
export function terminalWriter({ write, style, size, markdown }: TerminalOptions): AnswerWriter {
  let raw = '';

  const erase = (): string => {
    if (raw === '') return '';
    const rows = displayRows(raw, size().columns);
    return rows === 1 ? '\r\u001b[J' : `\r\u001b[${rows - 1}A\u001b[J`;
  };
  const settle = (final: boolean): void => {
    const parts = markdown();
    const { columns, rows } = size();
    const canErase = displayRows(raw, columns) < rows;
    if (parts === undefined || !canErase || raw.length > maxBlock) {
      if (final || raw.length > maxBlock) {
        write(raw.endsWith('\n') || raw === '' ? '' : '\n');
        raw = '';
      }
      return;
    }
    const { done, rest } = parts.render(raw, style, columns, final);
    if (done === '') return;
    write(`${erase()}${done}${rest}`);
    raw = rest;
  };
  return {
    push: (text) => {
      const safe = safeText(text);
      write(safe);
      raw += safe;
      if (safe.includes('\n')) settle(false);
    },
    end: () => {
      settle(true);
    },
    discard: () => {
      write(displayRows(raw, size().columns) < size().rows ? erase() : '\n');
      raw = '';
    },
  };
}

/** Loads the markdown parts; they are big, and the first words need not wait for them. */
export async function loadMarkdown(): Promise<MarkdownParts> {
  const [{ lexer }, { renderMarkdown }] = await Promise.all([import('marked'), import('./markdown.ts')]);
  return {
    render: (text, style, columns, final) => {
      const tokens = lexer(text);
      if (final) return { done: renderMarkdown(tokens, style, columns).replace(/\n*$/, '\n'), rest: '' };
      const finished = tokens.slice(0, -1);
      const rest = tokens.at(-1)?.raw ?? '';
      return { done: renderMarkdown(finished, style, columns), rest };
    },
  };
}
