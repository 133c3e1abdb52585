import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Key, Keyboard } from '../host.ts';
import { decodeKeys } from './decode-keys.ts';

/** What a keyboard needs of the process. */
export interface KeyboardOptions {
  readonly stdin: NodeJS.ReadStream;
  /** Whose width changes are told. */
  readonly output: NodeJS.WriteStream;
  readonly program: Pick<NodeJS.Process, 'kill' | 'pid' | 'once' | 'removeListener'>;
}

/** The terminal's buffer arrives within so long. */
const earlyMs = 50;
/** Keys that are kept while nobody listens. */
const maxWaiting = 1_000;

const ofTerminal = (name: string): Key => ({ name, text: '', ctrl: false, meta: false });

/** Opens the keys of the terminal, also where standard input is a pipe. */
export function openKeyboard({ stdin, output, program }: KeyboardOptions): Keyboard {
  const input = stdin.isTTY === true ? stdin : new ReadStream(openSync('/dev/tty', 'r+'));
  const listeners: ((key: Key) => void)[] = [];
  let waiting: readonly Key[] = [];
  const tell = (key: Key): void => {
    const listener = listeners.at(-1);
    if (listener === undefined) waiting = [...waiting.slice(-maxWaiting), key];
    else listener(key);
  };
  const onContinue = (): void => {
    input.setRawMode(true);
    tell(ofTerminal('continue'));
  };
  const suspend = (): void => {
    tell(ofTerminal('suspend'));
    input.setRawMode(false);
    program.once('SIGCONT', onContinue);
    program.kill(program.pid, 'SIGTSTP');
  };
  const onResize = (): void => tell(ofTerminal('resize'));
  const onEnd = (): void => tell(ofTerminal('end-of-input'));

  // What was typed before the terminal was ours has a newline where Enter was pressed.
  let isEarly = true;
  const timer = setTimeout(() => (isEarly = false), earlyMs);
  const stopKeys = decodeKeys(input, (key) => {
    if (key.ctrl && key.name === 'z') suspend();
    else tell(isEarly && key.name === 'enter' ? { ...key, name: 'return' } : key);
  });
  // A terminal that is closed ends, or fails with EIO.
  input.on('end', onEnd).on('close', onEnd).on('error', onEnd);
  output.on('resize', onResize);
  input.setRawMode(true);
  input.resume();
  return {
    listen: (listener) => {
      listeners.push(listener);
      const early = waiting;
      waiting = [];
      queueMicrotask(() => early.forEach(tell));
      return () => {
        const at = listeners.lastIndexOf(listener);
        if (at !== -1) listeners.splice(at, 1);
      };
    },
    unread: (keys) => {
      waiting = [...waiting, ...keys];
    },
    close: () => {
      clearTimeout(timer);
      program.removeListener('SIGCONT', onContinue);
      output.off('resize', onResize);
      stopKeys();
      input.off('end', onEnd).off('close', onEnd).off('error', onEnd);
      input.setRawMode(false);
      if (input === stdin) stdin.pause();
      else input.destroy();
    },
  };
}
