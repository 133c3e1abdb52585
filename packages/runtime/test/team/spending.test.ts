import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSpending } from '../../src/team/spending.ts';

const ann = { issuer: 'token', subject: 'ann' };
const bob = { issuer: 'https://id.example', subject: 'bøb\n"x"' };
const noon = Date.UTC(2026, 5, 1, 12);

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'kw-usage-')), 'usage');
});
afterEach(async () => {
  await rm(join(directory, '..'), { recursive: true, force: true });
});

it('adds up what each user used in a day, over processes and restarts', async () => {
  const [one, two] = [createSpending(directory, () => noon), createSpending(directory, () => noon)];
  await one.add(ann, { usage: { inputTokens: 10, outputTokens: 5 }, cost: { amount: 0.25, currency: 'CNY' } });
  await two.add(ann, { usage: { inputTokens: 1, outputTokens: 1 }, cost: { amount: 0.5, currency: 'CNY' } });
  await two.add(bob, { usage: { inputTokens: 100, outputTokens: 0 }, cost: { amount: 1, currency: 'USD' } });
  for (const spending of [one, two, createSpending(directory, () => noon)]) {
    expect(await spending.of(ann)).toEqual({ tokens: 17, money: new Map([['CNY', 0.75]]) });
    expect(await spending.of(bob)).toEqual({ tokens: 100, money: new Map([['USD', 1]]) });
    expect(await spending.of({ issuer: 'local', subject: 'ann' })).toEqual({ tokens: 0, money: new Map() });
  }
  const [name = ''] = await readdir(directory);
  expect(name).toBe('2026-06-01.jsonl');
  expect([(await stat(directory)).mode & 0o777, (await stat(join(directory, name))).mode & 0o777]).toEqual([0o700, 0o600]);
});

it('begins anew with the day, and old days go', async () => {
  let now = noon;
  const spending = createSpending(directory, () => now);
  await spending.add(ann, { usage: { inputTokens: 10, outputTokens: 0 } });
  expect(spending.untilTomorrow()).toBe(12 * 3_600_000);
  now += 12 * 3_600_000;
  expect((await spending.of(ann)).tokens).toBe(0);
  now += 41 * 86_400_000;
  await spending.add(ann, { usage: { inputTokens: 1, outputTokens: 0 } });
  expect(await readdir(directory)).toEqual(['2026-07-13.jsonl']);
});

it('a line that a crash cut, and what is no line of ours, count for nothing', async () => {
  const spending = createSpending(directory, () => noon);
  await spending.add(ann, { usage: { inputTokens: 10, outputTokens: 0 } });
  const path = join(directory, '2026-06-01.jsonl');
  await appendFile(path, '{"who":"x","tok\nnull\n[]\n{"who":5}\n{"who":"__proto__","tokens":9}\n{"who":"cut');
  await spending.add(ann, { usage: { inputTokens: 1, outputTokens: 0 } });
  expect((await spending.of(ann)).tokens).toBe(11);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(10);
});

it('what can not be written is told, and counts as long as the process lives', async () => {
  await writeFile(directory, 'a file in the way');
  const spending = createSpending(directory, () => noon);
  await expect(spending.add(ann, { usage: { inputTokens: 10, outputTokens: 0 } })).rejects.toThrow('EEXIST');
  await rm(directory);
  expect((await spending.of(ann)).tokens).toBe(10);
});

it('a thousand additions at once lose nothing', async () => {
  const spending = createSpending(directory, () => noon);
  await Promise.all(Array.from({ length: 1_000 }, () => spending.add(ann, { usage: { inputTokens: 1, outputTokens: 1 } })));
  expect((await createSpending(directory, () => noon).of(ann)).tokens).toBe(2_000);
});
