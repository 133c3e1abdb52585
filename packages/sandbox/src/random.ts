/** A repeatable source of names and identifiers. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** `length` characters of the alphabet of generated names. */
  suffix(length: number): string;
  /** A version 4 UUID. */
  uid(): string;
}

/** The characters of generated names: no vowels and nothing that looks like one. */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The same seed gives the same sequence (the generator is xorshift over 32 bits, seeded by FNV-1a). */
export function seededRandom(seed: string): Random {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  if (state === 0) state = 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const hex = (length: number): string => Array.from({ length }, () => below(16).toString(16)).join('');
  return {
    next,
    below,
    suffix: (length) => Array.from({ length }, () => nameAlphabet[below(nameAlphabet.length)]).join(''),
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[below(4)]}${hex(3)}-${hex(12)}`,
  };
}
