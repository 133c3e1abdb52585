// Reads a .tgz without a dependency (ustar names, as pnpm writes them).
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

function* entries(path) {
  const bytes = gunzipSync(readFileSync(path));
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const text = (from, length) => bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const name = text(0, 100);
    if (name === '') return;
    const prefix = text(345, 155);
    const size = Number.parseInt(text(124, 12).trim(), 8);
    yield { name: prefix === '' ? name : `${prefix}/${name}`, body: bytes.subarray(at + BLOCK, at + BLOCK + size) };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The names of all files in the archive. */
export function listTar(path) {
  return [...entries(path)].map(({ name }) => name);
}

/** The text of one file in the archive; throws when it is not there. */
export function readTarEntry(path, wanted) {
  for (const { name, body } of entries(path)) if (name === wanted) return body.toString('utf8');
  throw new Error(`${path} has no ${wanted}`);
}
