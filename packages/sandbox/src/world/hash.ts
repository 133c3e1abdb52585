import type { Json } from '../json.ts';
import { canonical } from '../json.ts';

/** The characters that hashes in names are written with (those of `SafeEncodeString`). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short hash for names: FNV-1a over the canonical JSON, its decimal digits written in the alphabet of generated names. */
export function nameHash(value: Json, collisions = 0): string {
  let state = 0x811c9dc5;
  for (const character of `${canonical(value)}${collisions === 0 ? '' : collisions}`) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return Array.from(String(state), (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}
