import type { Redactor } from '../../src/redact/redactor.ts';

/** A small deterministic generator (mulberry32): numbers from 0 to below 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The text through a stream, in pieces whose lengths `next` tells. */
export function inPieces(redactor: Redactor, text: string, next: () => number): string {
  const stream = redactor.stream();
  let out = '';
  for (let at = 0; at < text.length;) {
    const length = Math.max(1, next());
    out += stream.write(text.slice(at, at + length));
    at += length;
  }
  return out + stream.end();
}
