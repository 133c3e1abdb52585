import { expect, it } from 'vitest';
import { join } from 'node:path';
import { sqliteStore } from '../src/index.ts';
import { temporaryDirectory } from './scene.ts';

const mebibyte = 1_048_576;

// Words of random letters and digits: they do not compress, and are of one kind.
function noise(seed: number): string {
  let state = seed + 1;
  const word = (): string => {
    state = (Math.imul(state ^ (state >>> 13), 0x5b_d1_e9_95) + 0x9e_37_79_b9) >>> 0;
    return `${state % 10}${state.toString(36)}`;
  };
  return Array.from({ length: 10 }, word).join('');
}

it('a line of a kind of its own survives in the middle of what is dropped', async () => {
  const store = sqliteStore({ path: join(await temporaryDirectory(), 'sessions.db'), outputLimits: { maxOutputBytes: mebibyte } });
  const sink = await store.outputs.write('s1');
  for (let number = 1; number <= 60_000; number += 100) {
    const lines = Array.from({ length: 100 }, (_, index) =>
      number + index === 33_333 ? 'panic: the needle was here' : `request ${noise(number + index)}`,
    );
    await sink.write(`${lines.join('\n')}\n`);
  }
  const { dropped } = await sink.close();
  expect(dropped?.fromLine).toBeLessThan(33_333);
  expect(dropped?.toLine).toBeGreaterThan(33_333);
  const found: number[] = [];
  for await (const { number, text } of store.outputs.reader('s1').lines(sink.ref)) if (text.includes('needle')) found.push(number);
  expect(found).toEqual([33_333]);
  for await (const { number, text } of store.outputs.reader('s1').lines(sink.ref, { fromLine: 33_333 })) {
    expect([number, text]).toEqual([33_333, 'panic: the needle was here']);
    break;
  }
  await store.close();
});

it('a session that keeps too much lets its oldest outputs go; the newest stay whole', async () => {
  const store = sqliteStore({ path: join(await temporaryDirectory(), 'sessions.db'), outputLimits: { maxSessionBytes: mebibyte } });
  const block = Array.from({ length: 12_000 }, (_, index) => `${noise(index)}\n`).join('');
  for (let output = 0; output < 4; output += 1) {
    const sink = await store.outputs.write('s1');
    await sink.write(block);
    await sink.close();
  }
  const reader = store.outputs.reader('s1');
  expect((await reader.info('output:1'))?.dropped).toEqual({ fromLine: 1, toLine: 12_000, bytes: block.length });
  expect((await reader.info('output:4'))?.dropped).toBeUndefined();
  for await (const line of reader.lines('output:1')) expect(line).toBeUndefined();
  await store.close();
});

it('an output is read while it is written, and halves of a character that come apart are one', async () => {
  const store = sqliteStore({ path: join(await temporaryDirectory(), 'sessions.db') });
  const sink = await store.outputs.write('s1');
  await sink.write('line\n'.repeat(100_000));
  expect((await store.outputs.reader('s1').info(sink.ref))?.lines).toBeGreaterThan(50_000);
  await sink.write('\ud83d');
  await sink.write('\ude00');
  const info = await sink.close();
  expect([info.lines, info.bytes]).toEqual([100_001, 500_004]);
  for await (const { text } of store.outputs.reader('s1').lines(sink.ref, { fromLine: 100_001 })) expect(text).toBe('😀');
  await store.close();
});

it('two processes that write outputs of one session get different numbers', async () => {
  const path = join(await temporaryDirectory(), 'sessions.db');
  const [first, second] = [sqliteStore({ path }), sqliteStore({ path })];
  const sinks = await Promise.all([first, second, first, second].map((store) => store.outputs.write('s1')));
  expect(new Set(sinks.map(({ ref }) => ref)).size).toBe(4);
  for (const sink of sinks) await sink.close();
  await Promise.all([first.close(), second.close()]);
});
