import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { KubeError } from './errors.ts';
import type { KubeErrorCode } from './errors.ts';
import { quote, systemCodeOf } from './text.ts';

/** What a file is for, and how much of it is bearable. */
export interface BoundedRead {
  /** For messages: `kubeconfig`, `token file of user "x"`. */
  readonly what: string;
  readonly maxBytes: number;
  readonly code: KubeErrorCode;
  readonly signal?: AbortSignal | undefined;
}

/** Reads a regular file of valid UTF-8 whole, or throws one error that names it; never blocks on a FIFO or a device. */
export async function readBoundedFile(path: string, read: BoundedRead): Promise<string> {
  const { what, maxBytes, code, signal } = read;
  const refuse = (reason: string, cause?: unknown): KubeError =>
    new KubeError(code, `The ${what} ${quote(path, 300)} ${reason}`, { cause, details: { path } });
  signal?.throwIfAborted();
  if (path.includes('\0')) throw refuse('has a NUL character in its path.');
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw refuse(unreadable(systemCodeOf(error)), error);
  });
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw refuse('is a directory, not a file.');
    if (!stat.isFile()) throw refuse('is not a regular file.');
    if (stat.size > maxBytes) throw refuse(`is larger than ${maxBytes} bytes.`);
    const bytes = new Uint8Array(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
      if (length > maxBytes) throw refuse(`is larger than ${maxBytes} bytes.`);
    }
    return decode(bytes.subarray(0, length), refuse);
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array, refuse: (reason: string, cause?: unknown) => KubeError): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refuse('is not UTF-8 text.', error);
  }
  if (text.includes('\0')) throw refuse('is binary: it holds a NUL character.');
  return text;
}

function unreadable(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist.';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read: check its permissions.';
    case 'ELOOP':
      return 'is a loop of symbolic links.';
    case undefined:
    default:
      return `can't be read (${code ?? 'unknown error'}).`;
  }
}
