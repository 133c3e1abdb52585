import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { startChild, temporaryDirectory } from './scene.ts';

const owner = { issuer: 'local', subject: 'ada' };
const rounds = 8;

it('what was acknowledged survives kill -9 of processes that write one session together', async () => {
  const path = join(await temporaryDirectory(), 'sessions.db');
  const store = sqliteStore({ path });
  await store.sessions.create({ id: 's1', owner });
  const acknowledged = new Map<number, string>();
  for (let round = 0; round < rounds; round += 1) {
    const children = ['a', 'b', 'c'].map((name) => startChild('appender.ts', [path, 's1', `${name}${round}`]));
    const wanted = 20 + round * 7; // each round is cut at another place
    for (
      let waited = 0;
      children.some((child) => lineCount(child.output()) < 3) || lineCount(children[0]?.output() ?? '') < wanted;
      waited += 1
    ) {
      if (waited > 1000) throw new Error(children.map((child) => child.errors()).join('\n'));
      await store.sessions.changed('s1', { timeoutMs: 10 });
    }
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    for (const child of children) for (const [seq, text] of parse(child.output())) acknowledged.set(seq, text);
  }
  const entries = await store.sessions.read('s1', { after: 0, limit: 1_000_000 });
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  const texts = new Map(
    entries.map(({ seq, entry }) => [seq, entry.type === 'retry' ? entry.message.split(':').slice(0, 2).join(':') : '']),
  );
  expect(acknowledged.size).toBeGreaterThan(rounds * 20);
  for (const [seq, text] of acknowledged) expect(texts.get(seq)).toBe(text);
  expect(new Set(texts.values()).size).toBe(entries.length);
  await store.close();
}, 60_000);

it('a driver that is killed with -9 leaves its lease to expire, and its message to the next', async () => {
  const path = join(await temporaryDirectory(), 'sessions.db');
  let now = Date.now();
  const store = sqliteStore({ path, clock: () => now });
  await store.sessions.create({ id: 's1', owner });
  const child = startChild('appender.ts', [path, 's1', 'driver']);
  while (lineCount(child.output()) < 30) await store.sessions.changed('s1', { timeoutMs: 50 });
  child.process.kill('SIGKILL');
  await child.ended;
  now = Date.now();
  expect(await store.sessions.claimable(10)).toEqual([]);
  expect(await store.sessions.acquire('s1', 1000)).toBeUndefined();
  now += 61_000;
  expect(await store.sessions.claimable(10)).toEqual(['s1']);
  const lease = await store.sessions.acquire('s1', 1000);
  expect(lease?.fence).toBe(2);
  const { entries } = await store.sessions.snapshot('s1', 0);
  expect(entries.length).toBeGreaterThanOrEqual(lineCount(child.output()) - 1);
  await store.close();
}, 30_000);

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}

function parse(output: string): readonly (readonly [number, string])[] {
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [seq = '', text = ''] = line.split(' ');
      return [Number(seq), text] as const;
    });
}
