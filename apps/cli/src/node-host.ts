import { closeSync, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { ask } from './ask-terminal.ts';
import type { CliHost, Output } from './host.ts';
import { readAll } from './read-all.ts';

const exitInterrupted = 130;

/** The real surroundings of a process. `close` takes the signal handlers away. */
export function createHost(process: NodeJS.Process): { readonly host: CliHost; readonly close: () => void } {
  const { signal: interrupt, press, close } = interruptOf(process);
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever reads us has gone (`| head`): there is nothing left to say.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
    });
  }
  const home = process.env['HOME'] || homedir();
  const host: CliHost = {
    argv: process.argv.slice(2),
    env: process.env,
    home,
    userId: process.getuid?.(),
    userName: process.env['USER'] || nameOfUser(),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    readPiped: async () => (process.stdin.isTTY === true ? undefined : readAll(process.stdin, interrupt)),
    canAsk: () => process.stderr.isTTY === true && (process.stdin.isTTY === true || hasTerminal()),
    ask: (prompt, signal) => ask(prompt, { signal, stdin: process.stdin, output: process.stderr, interrupt: press }),
    readFile: readTextFile,
    interrupt,
    monotonic: () => performance.now(),
  };
  return { host, close };
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

/** The first signal cancels what is going on; the second ends the process at once. */
function interruptOf(process: NodeJS.Process): { readonly signal: AbortSignal; readonly press: () => void; readonly close: () => void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitInterrupted);
    controller.abort(new Error(name));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    press: () => onSignal('SIGINT'),
    close: () => {
      for (const name of names) process.removeListener(name, onSignal);
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
