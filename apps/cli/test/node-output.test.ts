import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { outputOf } from '../src/node-output.ts';

const eager = { highWaterMark: 10 };

it('waits for a reader that is slow, and for none that is not', async () => {
  const stream = new PassThrough(eager);
  const output = outputOf(stream);
  await output.drained();
  output.write('more than it takes at once');
  let isDrained = false;
  const drained = output.drained().then(() => {
    isDrained = true;
  });
  await new Promise(setImmediate);
  expect(isDrained).toBe(false);
  stream.resume();
  await drained;
});

it('does not wait for a reader that has gone', async () => {
  const stream = new PassThrough(eager);
  const output = outputOf(stream);
  output.write('more than it takes at once');
  const drained = output.drained();
  stream.destroy();
  await drained;
  await output.drained();
});

it('writes a long text whole, no letter cut in half', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kw-output-'));
  const file = createWriteStream(join(folder, 'out'));
  const text = `x${'😀'.repeat(100_000)}`;
  outputOf(file).write(text);
  await new Promise((resolve) => file.end(resolve));
  expect(await readFile(join(folder, 'out'), 'utf8')).toBe(text);
  await rm(folder, { recursive: true });
});
