import type { Cover } from './decision-queue.ts';
import type { Frame } from './json-frames.ts';
import { valueCover } from './json-frames.ts';
import type { MarkLabel } from './marks.ts';
import { mark } from './marks.ts';
import { labelOfKey } from './sensitive-key.ts';

/** Members whose text tells what an object is. */
export const learnedKeys: ReadonlySet<string> = new Set(['kind', 'apiVersion', 'type', 'name']);

/** What happens to the string that is being read. */
export type StringRole =
  | { readonly type: 'key' }
  | { readonly type: 'pass' }
  | { readonly type: 'learn' }
  | { readonly type: 'drop'; readonly replacement: string }
  | { readonly type: 'cover'; readonly covers: readonly Cover[] }
  | { readonly type: 'judge'; readonly key: string; readonly label?: MarkLabel };

/** What a string value at the frame's current place is; `flag` is the option of a command that stands before it. */
export function valueRole(frame: Frame | undefined, flag: string): StringRole {
  if (frame === undefined) return { type: 'pass' };
  if (frame.drop) return { type: 'drop', replacement: mark('secret-data') };
  if (frame.covers.length > 0) return { type: 'cover', covers: frame.covers };
  if (frame.array) return flag === '' ? { type: 'learn' } : { type: 'judge', key: flag };
  if (frame.key === 'value') {
    const cover = valueCover(frame);
    if (cover === 'drop') return { type: 'judge', key: 'password', label: 'env' };
    if (cover !== undefined) return { type: 'cover', covers: [cover] };
  }
  if (frame.key === 'auth' || labelOfKey(frame.key) !== undefined || /^[A-Z][A-Z0-9_]+$/.test(frame.key))
    return { type: 'judge', key: frame.key };
  return learnedKeys.has(frame.key) ? { type: 'learn' } : { type: 'pass' };
}
