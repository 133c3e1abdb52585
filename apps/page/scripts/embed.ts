// Writes dist/files.js: every file of the built page, so that a service needs no folder beside it.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { PageFile } from '../src/page-file.ts';

const site = resolve(import.meta.dirname, '../dist/site');
const contentTypes = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.json', 'application/json'],
  ['.woff2', 'font/woff2'],
]);

async function toFile(name: string): Promise<PageFile> {
  const contentType = contentTypes.get(extname(name));
  if (contentType === undefined) throw new Error(`${name}: no content type is known for it`);
  const bytes = await readFile(join(site, name));
  return {
    path: name === 'index.html' ? '/' : `/${name.replaceAll('\\', '/')}`,
    contentType,
    base64: bytes.toString('base64'),
    immutable: name.startsWith('assets'),
  };
}

const entries = await readdir(site, { recursive: true, withFileTypes: true });
const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(site.length + 1));
const files = await Promise.all(names.toSorted().map(toFile));
await writeFile(resolve(site, '../files.js'), `export const files = ${JSON.stringify(files, undefined, 1)};\n`);
