import { emitKeypressEvents } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Key } from '../host.ts';

/** What Node says of a key. */
interface Keypress {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

/** Tells the keys of what a terminal sends, a marked paste as one; stops when the result is called. */
export function decodeKeys(input: Readable, tell: (key: Key) => void): () => void {
  let pasted: string | undefined;
  const onKeypress = (text: string | undefined, { name = '', sequence = '', ctrl = false, meta = false }: Keypress): void => {
    if (name === 'paste-start') {
      pasted = '';
    } else if (name === 'paste-end') {
      tell({ name: 'paste', text: pasted ?? '', ctrl: false, meta: false });
      pasted = undefined;
    } else if (pasted !== undefined && !(ctrl && name === 'c')) {
      pasted += sequence === '' ? (text ?? '') : sequence;
    } else {
      pasted = undefined;
      tell({ name, text: ctrl || meta || typesNothing(sequence) ? '' : (text ?? ''), ctrl, meta });
    }
  };
  emitKeypressEvents(input);
  input.on('keypress', onKeypress);
  return () => {
    input.off('keypress', onKeypress);
  };
}

/** Escape sequences type nothing, whatever Node hands on for them. */
function typesNothing(sequence: string): boolean {
  return ['\u001b', '\r', '\n', '\t', '\u007f', '\b'].some((start) => sequence.startsWith(start));
}
