import { sha256 } from '../output/sha256.ts';

/** SHA-256 of a short text, hex; at once, so that calls start in their order. */
export function sha256Hex(text: string): string {
  const digest = sha256();
  digest.update(new TextEncoder().encode(text));
  return digest.hex();
}
