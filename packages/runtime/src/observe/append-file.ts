import type { KwError } from '@kw/providers';
import type { Bilingual } from '../bilingual-error.ts';
import { bilingualError } from '../bilingual-error.ts';
import { closeSync, constants, fchmodSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';

/** A file that only grows, readable by its owner alone. */
export interface AppendFile {
  /** Whole lines: several processes may append. Throws what the disk says. */
  write(text: string): void;
  /** Makes what was written outlive a loss of power. */
  flush(): void;
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
    ? noPlainFile
    : about.nlink !== 1
      ? { en: 'it has other names (hard links)', zh: '它有其他名称（硬链接）' }
      : userId !== undefined && about.uid !== userId
        ? { en: 'it belongs to another user', zh: '它属于其他用户' }
        : undefined;
  if (problem !== undefined) {
    closeSync(file);
    throw unsafe(path, problem);
  }
  if ((about.mode & 0o777) !== ownerOnly) fchmodSync(file, ownerOnly);
  let isOpen = true;
  return {
    write: (text) => {
      if (isOpen) writeWhole(file, Buffer.from(text));
    },
    flush: () => {
      if (isOpen) fdatasyncSync(file);
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
    if (code === 'ELOOP') throw unsafe(path, { en: 'it is a symbolic link', zh: '它是符号链接' });
    if (code === 'ENXIO') throw unsafe(path, noPlainFile);
    const said = error instanceof Error ? error.message : String(error);
    throw bilingualError(
      'file-not-writable',
      { en: `${path} can not be written: ${said}`, zh: `无法写入 ${path}:${said}` },
      { cause: error, details: { path } },
    );
  }
}

const noPlainFile: Bilingual = { en: 'it is no plain file', zh: '它不是普通文件' };

function unsafe(path: string, { en, zh }: Bilingual): KwError {
  return bilingualError('unsafe-file', { en: `${path} is not written to: ${en}`, zh: `不写入 ${path}:${zh}` }, { details: { path } });
}

function writeWhole(file: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}
