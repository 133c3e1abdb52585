import { closeSync, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import type { CliHost, Output } from './host.ts';
import { readAll } from './read-all.ts';

const exitInterrupted = 130;

/** The surroundings of a process, and what its end has to know of them. */
export interface NodeHost {
  readonly host: CliHost;
  /** True where whoever read our output has gone (`| head`). */
  readonly isUnread: () => boolean;
  /** Takes the signal handlers away. */
  readonly close: () => void;
}

/** The real surroundings of a process. */
export function createHost(program: NodeJS.Process): NodeHost {
  const { signal: interrupt, press, leave, close } = interruptOf(program);
  let unread = false;
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') return;
      unread = true;
      leave(); // there is nothing left to say, so nothing more is done
    });
  }
  const home = program.env['HOME'] || homedir();
  const host: CliHost = {
    argv: program.argv.slice(2),
    env: program.env,
    home,
    userId: program.getuid?.(),
    userName: program.env['USER'] || nameOfUser(),
    stdout: outputOf(program.stdout),
    stderr: outputOf(program.stderr),
    readPiped: async () => (program.stdin.isTTY === true ? undefined : readAll(program.stdin, interrupt)),
    canAsk: () => program.stderr.isTTY === true && (program.stdin.isTTY === true || hasTerminal()),
    ask: async (prompt, signal) => {
      const { ask } = await import('./ask-terminal.ts');
      return ask(prompt, { signal, stdin: program.stdin, output: program.stderr, interrupt: press });
    },
    readFile: readTextFile,
    interrupt,
    monotonic: () => performance.now(),
  };
  return { host, isUnread: () => unread, close };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY: stream.isTTY === true,
    columns: () => stream.columns || 80,
    rows: () => stream.rows || 24,
  };
}

interface Interrupt {
  readonly signal: AbortSignal;
  /** A person's Ctrl-C. */
  readonly press: () => void;
  /** Cancels what is going on, and waits for its end however often it is called. */
  readonly leave: () => void;
  readonly close: () => void;
}

/** The first signal cancels what is going on; the second ends the process at once. */
function interruptOf(program: NodeJS.Process): Interrupt {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) program.exit(exitInterrupted);
    controller.abort(new Error(name));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) program.on(name, onSignal);
  return {
    signal: controller.signal,
    press: () => onSignal('SIGINT'),
    leave: () => {
      if (!controller.signal.aborted) controller.abort(new Error('EPIPE'));
    },
    close: () => {
      for (const name of names) program.removeListener(name, onSignal);
    },
  };
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false; // no controlling terminal: nobody to ask
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return ''; // a uid without an entry, as in containers
  }
}

async function readTextFile(path: string): Promise<{ readonly text: string; readonly mode: number } | undefined> {
  try {
    const [text, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, mode };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
