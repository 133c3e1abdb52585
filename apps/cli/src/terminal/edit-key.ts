import type { Key } from '../host.ts';
import {
  bufferOf,
  cut,
  insert,
  left,
  lineDown,
  lineEnd,
  lineStart,
  lineUp,
  right,
  spacedLeft,
  wordLeft,
  wordRight,
} from './line-buffer.ts';
import type { LineBuffer } from './line-buffer.ts';

/** What a key makes of a text being written: undefined where it means nothing to the text alone. */
export interface Edit {
  readonly buffer: LineBuffer;
  /** What was taken away and Ctrl-Y brings back. */
  readonly killed?: string;
}

/** Applies a key that only moves in the text or changes it. */
export function editKey(buffer: LineBuffer, key: Key, killed: string): Edit | undefined {
  const move = (cursor: number): Edit => ({ buffer: { text: buffer.text, cursor } });
  const kill = (to: number): Edit => {
    const [from, until] = to < buffer.cursor ? [to, buffer.cursor] : [buffer.cursor, to];
    return { buffer: cut(buffer, to), ...(from === until ? {} : { killed: buffer.text.slice(from, until) }) };
  };
  if (key.text !== '' && key.name !== 'paste') return { buffer: insert(buffer, key.text) };
  switch (nameOf(key)) {
    case 'left':
    case 'ctrl-b':
      return move(left(buffer));
    case 'right':
    case 'ctrl-f':
      return move(right(buffer));
    case 'meta-b':
    case 'meta-left':
    case 'ctrl-left':
      return move(wordLeft(buffer));
    case 'meta-f':
    case 'meta-right':
    case 'ctrl-right':
      return move(wordRight(buffer));
    case 'home':
    case 'ctrl-a':
      return move(lineStart(buffer));
    case 'end':
    case 'ctrl-e':
      return move(lineEnd(buffer));
    case 'up': {
      const to = lineUp(buffer);
      return to === undefined ? undefined : move(to);
    }
    case 'down': {
      const to = lineDown(buffer);
      return to === undefined ? undefined : move(to);
    }
    case 'backspace':
    case 'ctrl-h':
      return { buffer: cut(buffer, left(buffer)) };
    case 'delete':
    case 'ctrl-d':
      return { buffer: cut(buffer, right(buffer)) };
    case 'ctrl-w':
      return kill(spacedLeft(buffer));
    case 'meta-backspace':
    case 'ctrl-backspace':
      return kill(wordLeft(buffer));
    case 'meta-d':
    case 'ctrl-delete':
      return kill(wordRight(buffer));
    case 'ctrl-u':
      return kill(lineStart(buffer));
    case 'ctrl-k':
      return kill(lineEnd(buffer) === buffer.cursor ? right(buffer) : lineEnd(buffer));
    case 'ctrl-y':
      return { buffer: insert(buffer, killed) };
    case 'enter': // Ctrl-J
    case 'meta-return':
    case 'meta-enter':
      return { buffer: insert(buffer, '\n') };
    case 'return': {
      const continues = buffer.cursor === buffer.text.length && /(?:^|[^\\])(?:\\\\)*\\$/.test(buffer.text);
      return continues ? { buffer: bufferOf(`${buffer.text.slice(0, -1)}\n`) } : undefined;
    }
    default:
      return undefined;
  }
}

/** A key's name with its modifiers, such as `ctrl-a`. */
export function nameOf({ name, ctrl, meta }: Key): string {
  return `${ctrl ? 'ctrl-' : ''}${meta ? 'meta-' : ''}${name}`;
}
