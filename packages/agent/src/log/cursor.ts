import type { Cursor } from '../event.ts';

/** A cursor, taken apart. */
export interface Place {
  /** The last entry that was delivered whole. */
  readonly seq: number;
  /** UTF-16 units of the message being written that were delivered; each later event of its entry counts one more. */
  readonly offset: number;
}

/** Writes a cursor. */
export function toCursor({ seq, offset }: Place): Cursor {
  return `${seq}:${offset}`;
}

/** Reads a cursor; undefined where it is none. */
export function parseCursor(text: string): Place | undefined {
  const found = /^(\d{1,15}):(\d{1,15})$/.exec(text);
  return found === null ? undefined : { seq: Number(found[1]), offset: Number(found[2]) };
}
