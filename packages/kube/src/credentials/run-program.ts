import process from 'node:process';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { childProcess } from '../builtins.ts';
import { systemCodeOf } from '../text.ts';

/** A program to run to its end, without a shell, without a terminal, in a process group of its own. */
export interface Program {
  /** Absolute. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Of stdout; stderr keeps its last 16 KiB. */
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended, told apart by `type`. */
export type ProgramResult =
  | { readonly type: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly type: 'killed'; readonly signal: string; readonly stderr: string }
  | { readonly type: 'timed-out'; readonly stderr: string }
  | { readonly type: 'too-much-output' }
  | { readonly type: 'not-started'; readonly code: string };

const keptErrorBytes = 16 * 1024;
/** From TERM to KILL. */
const graceMs = 5_000;
/** How long a grandchild may keep the pipes open after the program's end. */
const drainMs = 1_000;

/** Runs a program. Rejects only with the signal's reason; at a limit the whole group is ended, TERM first, KILL after 5 s. */
export function runProgram(program: Program): Promise<ProgramResult> {
  const { command, args, env, timeoutMs, maxOutputBytes, signal } = program;
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  let child: ChildProcess;
  try {
    child = childProcess().spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    return Promise.resolve({ type: 'not-started', code: systemCodeOf(error) ?? 'unknown error' });
  }
  const stdout = collect(child.stdout, maxOutputBytes, () => settle({ type: 'too-much-output' }));
  const stderr = collectTail(child.stderr);
  const timer = setTimeout(() => settle({ type: 'timed-out', stderr: stderr() }), timeoutMs);
  const onAbort = (): void => {
    endGroup(child);
    finish();
    reject(signal?.reason);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  child.once('error', (error) => {
    finish();
    resolve({ type: 'not-started', code: systemCodeOf(error) ?? 'unknown error' });
  });
  child.once('exit', (exitCode, killer) => {
    const result = (): ProgramResult =>
      exitCode === null
        ? { type: 'killed', signal: killer ?? 'unknown', stderr: stderr() }
        : { type: 'exited', exitCode, stdout: stdout(), stderr: stderr() };
    const drain = setTimeout(() => settle(result()), drainMs);
    child.once('close', () => {
      clearTimeout(drain);
      finish();
      resolve(result());
    });
  });
  return promise;

  function settle(result: ProgramResult): void {
    endGroup(child);
    finish();
    resolve(result);
  }
  function finish(): void {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

function endGroup(child: ChildProcess): void {
  if (!signalGroup(child, 'SIGTERM')) return;
  const started = performance.now();
  const poll = setInterval(() => {
    const late = performance.now() - started >= graceMs;
    if (signalGroup(child, late ? 'SIGKILL' : 0) && !late) return;
    clearInterval(poll);
  }, 50);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false; // the group is gone
  }
}

function collect(stream: Readable | null, maxBytes: number, onOverflow: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) onOverflow();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function collectTail(stream: Readable | null): () => string {
  let tail: Buffer = Buffer.alloc(0);
  stream?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-keptErrorBytes);
  });
  return () => tail.toString('utf8');
}
