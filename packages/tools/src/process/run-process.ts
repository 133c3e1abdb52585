import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn as nodeSpawn } from 'node:child_process';
import { atExit } from './at-exit.ts';
import { mergeOutputs } from './merge-outputs.ts';

/** Time between the request to end and the order to end, in milliseconds. */
const killAfterMs = 5_000;
/** Time that open pipes are waited for after the process itself is gone, in milliseconds. */
const pipesAfterExitMs = 1_000;

/** Starts a child; `node:child_process`'s own, or a test's. */
export type Spawn = (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** What is started, and how far it may go. */
export interface ProcessOptions {
  /** An absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Ends the whole process group. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Written to standard input, which is then closed; absent: an empty input. */
  readonly input?: string;
  readonly spawn?: Spawn;
}

/** A piece of output. */
export interface ProcessOutput {
  readonly type: 'output';
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** How it ended, exactly once. */
export interface ProcessEnd {
  readonly type: 'end';
  readonly how: 'exited' | 'killed' | 'timeout' | 'aborted' | 'not-started';
  readonly exitCode?: number;
  /** The signal's name, or the reason why it did not start. */
  readonly reason?: string;
}

/** What a process yields, told apart by `type`. */
export type ProcessEvent = ProcessOutput | ProcessEnd;

/**
 * Runs a process in a group of its own and yields its output as it comes, as UTF-8 with replacement characters.
 * On abort and at the time limit the group gets SIGTERM, and SIGKILL 5 s later. What the process leaves behind in its group is ended with it,
 * and a descendant that keeps a pipe open holds nothing up. Where this process exits meanwhile, the group is killed.
 */
export async function* runProcess(options: ProcessOptions): AsyncGenerator<ProcessEvent, void, void> {
  const { file, args, env, cwd, signal, timeoutMs, input, spawn = nodeSpawn } = options;
  if (signal.aborted) {
    yield { type: 'end', how: 'aborted' };
    return;
  }
  let child: ChildProcess;
  try {
    child = spawn(file, args, { cwd, env: { ...env }, detached: true, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  } catch (error) {
    yield { type: 'end', how: 'not-started', reason: reasonOf(error) };
    return;
  }
  const callOff = atExit(() => signalGroup(child, 'SIGKILL'));
  const ended = endOf(child);
  let cause: 'timeout' | 'aborted' | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: 'timeout' | 'aborted'): void => {
    if (cause !== undefined) return;
    cause = why;
    signalGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, killAfterMs);
  };
  const onAbort = (): void => {
    stop('aborted');
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    stop('timeout');
  }, timeoutMs);
  try {
    child.stdin?.on('error', () => undefined); // a child that does not read its input is no fault
    child.stdin?.end(input);
    yield* mergeOutputs(child, { ended: ended.then(() => undefined), graceMs: pipesAfterExitMs });
    const end = await ended;
    yield end.how === 'not-started' || cause === undefined ? end : { ...end, how: cause };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      stop('aborted');
      await ended;
    }
    clearTimeout(killTimer);
    signalGroup(child, 'SIGKILL');
    callOff();
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ type: 'end', how: 'not-started', reason: reasonOf(error) });
    });
    child.once('exit', (code, signalName) => {
      resolve(
        code === null
          ? { type: 'end', how: 'killed', ...(signalName === null ? {} : { reason: signalName }) }
          : { type: 'end', how: 'exited', exitCode: code },
      );
    });
  });
}

/** Signals the whole group; a group that is gone is no fault. */
function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
