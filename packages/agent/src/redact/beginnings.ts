/** The texts that a pattern's matches begin with, cut after `units`; shorter where a match is. Reads letters, escaped signs, classes, groups, look-aheads and alternatives. */
export function beginningsOf(pattern: string, units: number): ReadonlySet<string> {
  let at = 0;
  const joined = (heads: readonly string[], tails: readonly string[]): readonly string[] => [
    ...new Set(heads.flatMap((head) => (head.length >= units ? [head] : tails.map((tail) => (head + tail).slice(0, units))))),
  ];
  const one = (): readonly string[] => {
    const char = pattern[at] ?? '';
    at += 1;
    if (char === '\\') {
      at += 1;
      return [pattern[at - 1] ?? ''];
    }
    if (char === '[') {
      const end = pattern.indexOf(']', at);
      const members = Array.from(pattern.slice(at, end));
      at = end + 1;
      return members;
    }
    if (char !== '(') return [char];
    if (pattern.startsWith('?:', at) || pattern.startsWith('?=', at)) at += 2;
    const inside = alternatives();
    at += 1;
    return inside;
  };
  const alternatives = (): readonly string[] => {
    const all: string[] = [];
    for (;;) {
      let heads: readonly string[] = [''];
      while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') heads = joined(heads, one());
      all.push(...heads);
      if (pattern[at] !== '|') return all;
      at += 1;
    }
  };
  return new Set(alternatives());
}

const hashBits = 15;
const hashMask = (1 << hashBits) - 1;
/** How much of a beginning is looked at, in UTF-16 units. */
export const beginningUnits = 3;

/** A hash of the last three units, made from the one before. */
const roll = (hash: number, code: number): number => ((hash << 5) ^ code) & hashMask;

/** Where the next match may begin, at `from` or behind; the text's length where none does. */
export type FindCandidate = (text: string, from: number) => number;

/** Texts from here on are searched as bytes, which is twice as fast where they are ASCII. */
const longUnits = 512;

/**
 * Makes searches for places where a text with one of the beginnings may stand: none is missed, few are found in vain, and they are several times
 * as fast as expressions. Beginnings have `beginningUnits`, or fewer where the first is beyond ASCII. Each search is for one text at a time.
 */
export function candidateFinders(beginnings: Iterable<string>): () => FindCandidate {
  const begins = new Uint8Array(1 << hashBits);
  const wide = new Set<number>();
  for (const beginning of beginnings) {
    const [first = 0, ...more] = Array.from({ length: beginning.length }, (_, index) => beginning.charCodeAt(index));
    if (first > 127) wide.add(first);
    else if (more.length !== beginningUnits - 1)
      throw new RangeError(`"${beginning}" can't be searched for: it must have ${beginningUnits} units`);
    else begins[more.reduce(roll, roll(0, first))] = 1;
  }
  const inUnits: FindCandidate = (text, from) => {
    const { length } = text;
    let hash = 0;
    for (let at = from; at < length; at += 1) {
      const code = text.charCodeAt(at);
      // Another beginning may hold it in its middle.
      if (code > 127 && wide.has(code)) return Math.max(from, at - beginningUnits + 1);
      hash = ((hash << 5) ^ code) & hashMask;
      if (begins[hash] === 1 && at - from >= beginningUnits - 1) return at - beginningUnits + 1;
    }
    return length;
  };
  const inBytes = (bytes: Uint8Array, from: number, length: number): number => {
    let hash = 0;
    for (let at = from; at < length; at += 1) {
      hash = ((hash << 5) ^ (bytes[at] ?? 0)) & hashMask;
      if (begins[hash] === 1 && at - from >= beginningUnits - 1) return at - beginningUnits + 1;
    }
    return length;
  };
  const encoder = new TextEncoder();
  return () => {
    let bytes = new Uint8Array(0);
    let encoded = '';
    let isAscii = true;
    return (text, from) => {
      if (text.length < longUnits) return inUnits(text, from);
      if (text !== encoded) {
        if (bytes.length < text.length) bytes = new Uint8Array(text.length * 2);
        const { read, written } = encoder.encodeInto(text, bytes);
        isAscii = read === text.length && written === text.length;
        encoded = text;
      }
      return isAscii ? inBytes(bytes, from, text.length) : inUnits(text, from);
    };
  };
}
