import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/output/sha256.ts';

const hexOf = (...pieces: readonly Uint8Array[]): string => {
  const digest = sha256();
  for (const piece of pieces) digest.update(piece);
  return digest.hex();
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('gives the vector of FIPS 180-4 for "%s"', (text, expected) => {
    expect(hexOf(bytes(text))).toBe(expected);
  });

  it('gives the vector of a million letters', () => {
    const piece = bytes('a'.repeat(10_000));
    expect(hexOf(...Array.from({ length: 100 }, () => piece))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  });

  it('does not depend on how the input is cut', () => {
    const all = Uint8Array.from({ length: 1000 }, (_, index) => (index * 31) % 256);
    const expected = createHash('sha256').update(all).digest('hex');
    for (const size of [1, 3, 55, 56, 63, 64, 65, 127, 999]) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.subarray(index * size, (index + 1) * size));
      expect(hexOf(...pieces)).toBe(expected);
    }
  });
});
