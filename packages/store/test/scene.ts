import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@kw/agent';
import { onTestFinished } from 'vitest';

/** A directory that is removed after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kw-store-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A small entry. */
export function note(message: string): Entry {
  return { type: 'retry', runId: 'run-1', attempt: 1, delayMs: 0, code: 'note', message };
}

/** A child process that runs a TypeScript file of the tests, with what it has printed. */
export interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<void>;
}

/** Starts a child; `shell` is run before it in the same process. */
export function startChild(file: string, args: readonly string[], options: { readonly shell?: string; readonly uid?: number } = {}): Child {
  const command = [process.execPath, '--conditions=@kw/source', join(import.meta.dirname, 'fixtures', file), ...args];
  const [program = '', ...rest] = options.shell === undefined ? command : ['bash', '-c', `${options.shell}; exec "$0" "$@"`, ...command];
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = new Promise<void>((resolve, reject) => {
    child.on('close', () => resolve());
    child.on('error', reject);
  });
  return { process: child, output: () => output, errors: () => errors, ended };
}
