import { isKwError, KwError } from '@kw/agent';

// Primary result codes, https://www.sqlite.org/rescode.html
const advice = new Map<number, readonly [what: string, wayOut: string]>([
  [3, ['may not be written by this user', 'Give the directory and its files to this user, or choose another state directory']],
  [5, ['is locked by another process', 'End the process that holds it, or try again']],
  [6, ['is locked by another process', 'End the process that holds it, or try again']],
  [8, ['is read-only', 'Make the directory and its files writable, or choose another state directory']],
  [10, ['could not be read or written', 'Check the disk (space, quota, health), then try again']],
  [11, ['is damaged', 'Nothing was changed. Move it and its -wal file aside to start anew, or recover it with `sqlite3 FILE .recover`']],
  [13, ['could not grow: the disk is full', 'Free space on its disk, or choose another state directory; what was stored is intact']],
  [14, ['could not be opened', 'Check that the directory exists and may be entered and written by this user']],
  [26, ['is not a database of this program', 'Nothing was changed. Move it aside or choose another state directory']],
]);

const busyCodes: readonly number[] = [5, 6];

/** The engine's primary result code of a failure; undefined where it is none of the engine's. */
export function engineCode(error: unknown): number | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'errcode') : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Whether another connection holds the lock for the moment. */
export function isBusy(error: unknown): boolean {
  const code = engineCode(error);
  return code !== undefined && busyCodes.includes(code);
}

/** Whether there was no room for a write. */
export function isFull(error: unknown): boolean {
  return engineCode(error) === 13;
}

/** Translates a failure of the engine or of the file system to KwError `store-unavailable`, which names the file and the way out. */
export function storeUnavailable(path: string, error: unknown): KwError {
  if (isKwError(error)) return error;
  const [what, wayOut] = advice.get(engineCode(error) ?? systemCode(error)) ?? advice.get(10) ?? ['', ''];
  const message = error instanceof Error ? error.message : String(error);
  return new KwError('store-unavailable', `The session store ${path} ${what} (${message}). ${wayOut}.`, {
    cause: error,
    details: { path, engineCode: engineCode(error) },
  });
}

/** The failure of a store whose file is no longer where it was opened. */
export function fileMissing(path: string, file: string): KwError {
  return new KwError(
    'store-unavailable',
    `The session store ${path} was deleted, moved or replaced while it was in use (${file} is gone or another file). Nothing is written any more: move it back to where it was, or restart this program, which then begins with what is there.`,
    { details: { path, file } },
  );
}

function systemCode(error: unknown): number {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 13;
  if (code === 'EROFS') return 8;
  if (code === 'EACCES' || code === 'EPERM') return 3;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' ? 14 : 10;
}
