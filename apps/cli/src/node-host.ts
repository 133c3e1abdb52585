import { closeSync, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import type { CliHost, Keyboard } from './host.ts';
import { outputOf } from './node-output.ts';
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
  const { signal: interrupt, press, leave, onSignal, close } = interruptOf(program);
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
    streams: () => ({ input: program.stdin, output: program.stdout }),
    readPiped: async () => (program.stdin.isTTY === true ? undefined : readAll(program.stdin, interrupt)),
    canAsk: () => program.stderr.isTTY === true && (program.stdin.isTTY === true || hasTerminal()),
    isInteractive: () => [program.stdin, program.stdout, program.stderr].every(({ isTTY }) => isTTY === true),
    ...keysOf(program, press),
    readFile: readTextFile,
    interrupt,
    onInterrupt: (listener) => onSignal('SIGINT', listener),
    onHangup: (listener) => onSignal('SIGHUP', listener),
    exitNow: () => program.exit(exitInterrupted),
    setTitle: (title) => {
      program.title = title;
    },
    monotonic: () => performance.now(),
  };
  return { host, isUnread: () => unread, close };
}

/** The terminal's keys are open at most once: a question is asked on those that are. */
function keysOf(program: NodeJS.Process, press: () => void): Pick<CliHost, 'ask' | 'openKeyboard'> {
  let open: Keyboard | undefined;
  const openKeyboard = async (): Promise<Keyboard> => {
    const { openKeyboard: openKeys } = await import('./terminal/keyboard.ts');
    const keyboard = openKeys({ stdin: program.stdin, output: program.stderr, program });
    open = keyboard;
    return {
      ...keyboard,
      close: () => {
        open = undefined;
        keyboard.close();
      },
    };
  };
  return {
    openKeyboard,
    ask: async (prompt, signal) => {
      const [{ ask }, { createStyle, takesColor }] = await Promise.all([import('./ask-terminal.ts'), import('./render/style.ts')]);
      const output = outputOf(program.stderr);
      const isDumb = program.env['TERM'] === 'dumb';
      const options = { signal, output, style: createStyle(takesColor(output, program.env)), isDumb, interrupt: press };
      if (open !== undefined) return ask(prompt, { ...options, keyboard: open });
      const keyboard = await openKeyboard();
      try {
        return await ask(prompt, { ...options, keyboard });
      } finally {
        keyboard.close();
      }
    },
  };
}

interface Interrupt {
  readonly signal: AbortSignal;
  /** A person's Ctrl-C. */
  readonly press: () => void;
  /** Cancels what is going on, and waits for its end however often it is called. */
  readonly leave: () => void;
  /** Until the result is called, the signal calls this listener and aborts nothing. */
  readonly onSignal: (name: NodeJS.Signals, listener: () => void) => () => void;
  readonly close: () => void;
}

/** The first signal cancels what is going on; the second ends the process at once. Whoever asked for a signal gets it instead. */
function interruptOf(program: NodeJS.Process): Interrupt {
  const controller = new AbortController();
  const listeners = new Map<NodeJS.Signals, () => void>();
  const onSignal = (name: NodeJS.Signals): void => {
    const listener = listeners.get(name);
    if (listener !== undefined) return listener();
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
    onSignal: (name, listener) => {
      const before = listeners.get(name);
      listeners.set(name, listener);
      return () => {
        if (before === undefined) listeners.delete(name);
        else listeners.set(name, before);
      };
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
