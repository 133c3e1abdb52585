import { KwError } from '@kw/providers';
import { closeSync, constants, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';

/** A file that only grows, readable by its owner alone. */
export interface AppendFile {
  /** Whole lines: several processes may append. Throws what the disk says. */
  write(text: string): void;
  close(): void;
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
const ownerOnly = 0o600;

/**
 * Opens a file for appending with mode 0600. In directories that others can write to a file may be a trap, so a link, somebody else's file and
 * what is no plain file are refused: KwError `unsafe-file`. What can not be opened is KwError `file-not-writable`.
 */
export function openAppendFile(path: string, userId: number | undefined): AppendFile {
  const file = open(path);
  const about = fstatSync(file);
  const problem = !about.isFile()
    ? 'it is no plain file'
    : about.nlink !== 1
      ? 'it has other names (hard links)'
      : userId !== undefined && about.uid !== userId
        ? 'it belongs to another user'
        : undefined;
  if (problem !== undefined) {
    closeSync(file);
    throw new KwError('unsafe-file', `${path} is not written to: ${problem}`, { details: { path } });
  }
  if ((about.mode & 0o777) !== ownerOnly) fchmodSync(file, ownerOnly);
  let isOpen = true;
  return {
    write: (text) => {
      if (isOpen) writeWhole(file, Buffer.from(text));
    },
    close: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

function open(path: string): number {
  try {
    // Not blocking: a pipe that somebody put there must not hold the program up.
    return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, ownerOnly);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ELOOP' || code === 'ENXIO')
      throw new KwError('unsafe-file', `${path} is not written to: it is ${code === 'ELOOP' ? 'a symbolic link' : 'no plain file'}`, {
        details: { path },
      });
    throw new KwError('file-not-writable', `${path} can not be written: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
      details: { path },
    });
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}
