import { openSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import { ReadStream } from 'node:tty';
import type { Key, Keyboard } from '../host.ts';

/** What a keyboard needs of the process. */
export interface KeyboardOptions {
  readonly stdin: NodeJS.ReadStream;
  /** Whose width changes are told. */
  readonly output: NodeJS.WriteStream;
  readonly program: Pick<NodeJS.Process, 'kill' | 'pid' | 'once' | 'removeListener'>;
}

/** What Node says of a key. */
interface Keypress {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

const ofTerminal = (name: string): Key => ({ name, text: '', ctrl: false, meta: false });

/** Opens the keys of the terminal, also where standard input is a pipe. */
export function openKeyboard({ stdin, output, program }: KeyboardOptions): Keyboard {
  const input = stdin.isTTY === true ? stdin : new ReadStream(openSync('/dev/tty', 'r+'));
  const listeners: ((key: Key) => void)[] = [];
  const tell = (key: Key): void => listeners.at(-1)?.(key);
  let pasted: string | undefined;

  const onKeypress = (text: string | undefined, { name = '', sequence = '', ctrl = false, meta = false }: Keypress): void => {
    if (name === 'paste-start') {
      pasted = '';
    } else if (name === 'paste-end') {
      tell({ name: 'paste', text: pasted ?? '', ctrl: false, meta: false });
      pasted = undefined;
    } else if (pasted !== undefined && !(ctrl && name === 'c')) {
      pasted += sequence === '' ? (text ?? '') : sequence;
    } else if (ctrl && name === 'z') {
      suspend();
    } else {
      pasted = undefined;
      tell({ name, text: ctrl || meta || isSequence(sequence) ? '' : (text ?? ''), ctrl, meta });
    }
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

  emitKeypressEvents(input);
  input.on('keypress', onKeypress).on('end', onEnd).on('close', onEnd);
  output.on('resize', onResize);
  input.setRawMode(true);
  input.resume();
  return {
    listen: (listener) => {
      listeners.push(listener);
      return () => {
        const at = listeners.lastIndexOf(listener);
        if (at !== -1) listeners.splice(at, 1);
      };
    },
    close: () => {
      program.removeListener('SIGCONT', onContinue);
      output.off('resize', onResize);
      input.off('keypress', onKeypress).off('end', onEnd).off('close', onEnd);
      input.setRawMode(false);
      if (input === stdin) stdin.pause();
      else input.destroy();
    },
  };
}

/** Escape sequences type nothing, whatever Node hands on for them. */
function isSequence(sequence: string): boolean {
  return sequence.startsWith('\u001b') || sequence === '\r' || sequence === '\n' || sequence === '\t' || sequence === '\u007f';
}
