// Packs recorded answers of a real control plane, with the cases, files and seed that they belong to, for the conformance tests:
//   node scripts/pack-conformance.ts FOLDER
// FOLDER has recorded/{answers,http,unstable}.jsonl, cases/ and seed/.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node scripts/pack-conformance.ts FOLDER');
const lines = (path: string): unknown[] =>
  readFileSync(join(folder, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

function files(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (at: string): void => {
    for (const name of readdirSync(at)) {
      const full = join(at, name);
      if (statSync(full).isDirectory()) visit(full);
      else if (!/cases\.txt$|http\.jsonl$|\.in$/.test(name)) found[relative(join(folder, path), full)] = readFileSync(full, 'utf8');
    }
  };
  visit(join(folder, path));
  return found;
}

const data = {
  answers: lines('recorded/answers.jsonl'),
  http: lines('recorded/http.jsonl'),
  unstable: lines('recorded/unstable.jsonl'),
  cases: files('cases'),
  seed: files('seed'),
};
const packed = brotliCompressSync(JSON.stringify(data), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
});
writeFileSync(join(import.meta.dirname, '../test/conformance/recorded.json.br'), packed);
console.log(packed.length);
