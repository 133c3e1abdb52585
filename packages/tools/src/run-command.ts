import type { ToolChunk, ToolContext } from '@kw/agent';
import type { ProcessEnd, Spawn } from './process/run-process.ts';
import { runProcess } from './process/run-process.ts';
import type { ProgressOptions } from './process/with-progress.ts';
import { withProgress } from './process/with-progress.ts';
import type { EnteredDirectory } from './process/work-directories.ts';

/** Where a command runs: an absolute path, or the directory that its call is given. */
export type WorkDirectory = string | ((context: ToolContext) => Promise<EnteredDirectory>);

/** Enters the directory of a call; without one `/`, so that nothing is read from or written to a place by accident. */
export async function enterDirectory(directory: WorkDirectory | undefined, context: ToolContext): Promise<EnteredDirectory> {
  return typeof directory === 'function' ? directory(context) : { path: directory ?? '/', leave: () => undefined };
}

/** A program with its arguments and its whole environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string;
  readonly spawn?: Spawn;
}

/** A command of a call: it runs where the call runs, and is told of while it does. */
export interface CallCommand extends Omit<Command, 'cwd'> {
  readonly cwd: WorkDirectory | undefined;
  readonly progress: ProgressOptions;
}

/** Runs a command as a call's chunks: its output as it comes, how far it is, then how it ended, in words that the model can act on. */
export async function* runCommand(command: CallCommand, context: ToolContext): AsyncGenerator<ToolChunk, void, void> {
  const { signal, timeoutMs } = context;
  const directory = await enterDirectory(command.cwd, context);
  try {
    const events = runProcess({ ...command, cwd: directory.path, signal, timeoutMs });
    for await (const event of withProgress(events, command.progress)) {
      if (event.type === 'end') yield toResult(event, command.file, timeoutMs);
      else yield event;
    }
  } finally {
    directory.leave();
  }
}

function toResult(end: ProcessEnd, file: string, timeoutMs: number): ToolChunk {
  switch (end.how) {
    case 'exited': {
      const exitCode = end.exitCode ?? 0;
      // The executor tells the model the exit code.
      return { type: 'result', isError: exitCode !== 0, exitCode };
    }
    case 'timeout':
      return {
        type: 'result',
        isError: true,
        note: `ended after ${timeoutMs / 1000} s, the time limit; what it printed until then is above. Ask for less, or for something that ends by itself`,
      };
    case 'aborted':
      return { type: 'result', isError: true, note: 'cancelled' };
    case 'killed':
      return { type: 'result', isError: true, note: `ended by ${end.reason ?? 'a signal'}` };
    case 'not-started':
      return { type: 'result', isError: true, note: `${file} could not be started: ${end.reason ?? 'no reason given'}` };
  }
}

/** Bytes of each output that a collected command may print. */
const maxCollected = 8 * 1024 * 1024;

/** What a short command printed. */
export interface Collected {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a short command whose whole output is wanted; more than 8 MiB, a time-out or an abort count as a failure. */
export async function collectCommand(command: Command, limits: Pick<ToolContext, 'signal' | 'timeoutMs'>): Promise<Collected> {
  const texts = { stdout: '', stderr: '' };
  let end: ProcessEnd | undefined;
  for await (const event of runProcess({ ...command, ...limits })) {
    if (event.type === 'end') {
      end = event;
    } else {
      texts[event.stream] += event.text;
      if (texts[event.stream].length > maxCollected) return { exitCode: undefined, stdout: '', stderr: 'the output is larger than 8 MiB' };
    }
  }
  limits.signal.throwIfAborted();
  if (end?.how === 'exited') return { exitCode: end.exitCode, ...texts };
  const reason = end?.how === 'timeout' ? `no answer within ${limits.timeoutMs / 1000} s` : (end?.reason ?? 'it ended early');
  return { exitCode: undefined, stdout: texts.stdout, stderr: `${texts.stderr}${reason}` };
}
