import { isKwError, openAppendFile } from '@kw/runtime';
import type { KwError } from '@kw/runtime';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
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
  /** Whose file it must be; undefined where that is not known. */
  readonly userId: number | undefined;
  /** Told once where the file is none to write to, such as a link: KwError `unsafe-file`. */
  readonly onRefused: (error: KwError) => void;
}

const maxLines = 1_000;
/** A longer line is a paste, which nobody looks for. */
const maxCharacters = 4_000;

/** Reads the history, one JSON string a line; readable by this user only, and no longer than 1,000 lines. */
export async function openHistory({ path, isSecret, userId, onRefused }: HistoryOptions): Promise<HistoryFile> {
  let lines = await readLines(path);
  let refused = false;
  return {
    lines: () => lines,
    add: async (line) => {
      if (line.trim() === '' || line === lines.at(-1) || line.length > maxCharacters || isSecret(line)) return;
      lines = [...lines.slice(1 - maxLines), line];
      if (refused) return;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = openAppendFile(path, userId);
        try {
          file.write(`${JSON.stringify(line)}\n`);
        } finally {
          file.close();
        }
      } catch (error) {
        // The disk is full or read-only: the conversation goes on without it.
        refused = isKwError(error) && error.code === 'unsafe-file';
        if (refused && isKwError(error)) onRefused(error);
      }
    },
  };
}

async function readLines(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readPlainFile(path);
  } catch {
    return []; // the first time, or not readable
  }
  const written = text.split('\n').flatMap((line) => parse(line));
  const lines = written.slice(-maxLines);
  if (written.length > maxLines * 2) await rewrite(path, lines);
  return lines;
}

/** Reads a file and takes it back from others. A link may lead anywhere, and a pipe may never end: both are left alone. */
async function readPlainFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const about = await file.stat();
    if (!about.isFile() || about.nlink !== 1) return '';
    if ((about.mode & 0o077) !== 0) await file.chmod(0o600);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
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
    await rm(`${path}.new`, { force: true });
    await writeFile(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600, flag: 'wx' });
    await rename(`${path}.new`, path);
  } catch {
    // It stays long.
  }
}
