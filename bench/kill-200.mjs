// 200 processes killed with -9 at random moments of a run that asks for a write: nothing lost, nothing twice.
// Usage: node --conditions=@kw/source bench/kill-200.mjs [kills = 200] [seed = 1]      (Node >= 22.18)
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAtRandom } from '../apps/server/test/kill-at-random.ts';

const [kills = '200', seed = '1'] = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), 'kw-kill-'));
const started = performance.now();
const report = await killAtRandom({
  kills: Number(kills),
  seed: Number(seed),
  directory,
  print: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ ...report, seconds: Math.round((performance.now() - started) / 1000) }, undefined, 2)}\n`);
if (report.broken.length === 0) await rm(directory, { recursive: true, force: true });
else process.stderr.write(`the state is kept in ${directory}\n`);
process.exitCode = report.broken.length === 0 ? 0 : 1;
