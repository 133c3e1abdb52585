// 1,000 streams at once on one server process, 200 of them never read; ten deltas a second each.
// Promised: every healthy answer exact; p95 of the first event < 1 s; p99 from the model to the client <= 50 ms; memory < 512 MB and back.
// Usage: node --conditions=@kw/source bench/manual/streams.mjs [streams = 800] [mute = 200] [ramp seconds = 60] [answer seconds = 60]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manyStreams } from '../../apps/server/test/many-streams.ts';

const [streams = 800, mute = 200, rampSeconds = 60, answerSeconds = 60] = process.argv.slice(2).map(Number);
const directory = await mkdtemp(join(tmpdir(), 'kw-streams-'));
try {
  const report = await manyStreams({ streams, mute, rampSeconds, answerSeconds, directory });
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  process.exitCode = report.exact === report.streams ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
