import { appendFile, chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Earlier lines, kept over the end of the program. */
export interface HistoryFile {
  /** The latest last. */
  readonly lines: () => readonly string[];
  /** Keeps a line, unless it is the same as the last one, too long, or holds a secret. Never throws: a history that cannot be written is none. */
  readonly add: (line: string) => Promise<void>;
}

/** What a history is made with. */
export interface HistoryOptions {
  readonly path: string;
  /** True for a line that must not be written down. */
  readonly isSecret: (line: string) => boolean;
}

const maxLines = 1_000;
/** A longer line is a paste, which nobody looks for. */
const maxCharacters = 4_000;

/** Reads the history, one JSON string a line; readable by this user only, and no longer than 1,000 lines. */
export async function openHistory({ path, isSecret }: HistoryOptions): Promise<HistoryFile> {
  let lines = await readLines(path);
  return {
    lines: () => lines,
    add: async (line) => {
      if (line.trim() === '' || line === lines.at(-1) || line.length > maxCharacters || isSecret(line)) return;
      lines = [...lines.slice(1 - maxLines), line];
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      } catch {
        // The disk is full or read-only: the conversation goes on without it.
      }
    },
  };
}

async function readLines(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
    await chmod(path, 0o600);
  } catch {
    return []; // the first time, or not readable
  }
  const written = text.split('\n').flatMap((line) => parse(line));
  const lines = written.slice(-maxLines);
  if (written.length > maxLines * 2) await rewrite(path, lines);
  return lines;
}

function parse(line: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? [value] : [];
  } catch {
    return [];
  }
}

async function rewrite(path: string, lines: readonly string[]): Promise<void> {
  try {
    await writeFile(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    // It stays long.
  }
}
