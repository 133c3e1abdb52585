import process from 'node:process';
import type { Sha256 } from '@kw/agent';

/** Begins a digest with Node's own engine, which is loaded with the first output: a static import costs every start of the program milliseconds. */
export function nodeSha256(): Sha256 {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}
