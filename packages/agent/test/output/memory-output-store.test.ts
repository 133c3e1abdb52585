import { isKwError } from '@kw/providers';
import { describe, expect, it } from 'vitest';
import type { OutputLine } from '../../src/output-store.ts';
import { memoryOutputStore } from '../../src/output/memory-output-store.ts';

async function collect(lines: AsyncIterable<OutputLine>): Promise<readonly OutputLine[]> {
  const all: OutputLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('a memory output store', () => {
  it('numbers outputs, counts them, and reads their lines back', async () => {
    const store = memoryOutputStore();
    const first = await store.write('s');
    await first.write('one\ntw');
    await first.write('o\n\nfür');
    expect(await first.close()).toEqual({ ref: 'output:1', bytes: 13, lines: 4 });
    expect(await first.close()).toEqual({ ref: 'output:1', bytes: 13, lines: 4 });
    expect((await store.write('s')).ref).toBe('output:2');
    const reader = store.reader('s');
    expect(await collect(reader.lines('output:1', { fromLine: 2 }))).toEqual([
      { number: 2, text: 'two' },
      { number: 3, text: '' },
      { number: 4, text: 'für' },
    ]);
    expect(await reader.info('output:9')).toBeUndefined();
  });

  it('keeps head, tail and novel lines of an output that is too long, and says what it dropped', async () => {
    const store = memoryOutputStore({ maxOutputUnits: 20_000 });
    const sink = await store.write('s');
    for (let index = 1; index <= 10_000; index += 1)
      await sink.write(index === 5000 ? 'the needle of the haystack\n' : `request ${index} took ${index % 7} ms\n`);
    const info = await sink.close();
    expect(info.lines).toBe(10_000);
    expect(info.dropped?.bytes).toBeGreaterThan(100_000);
    const lines = await collect(store.reader('s').lines('output:1'));
    expect(lines.map(({ number }) => number)).toEqual(lines.map(({ number }) => number).toSorted((one, other) => one - other));
    expect(lines[0]).toEqual({ number: 1, text: 'request 1 took 1 ms' });
    expect(lines).toContainEqual({ number: 5000, text: 'the needle of the haystack' });
    expect(lines.at(-1)).toEqual({ number: 10_000, text: 'request 10000 took 4 ms' });
    expect(lines.length).toBeLessThan(1500);
  });

  it('bounds a line without an end, and a session', async () => {
    const store = memoryOutputStore({ maxOutputUnits: 10_000, maxSessionUnits: 12_000 });
    const sink = await store.write('s');
    for (let round = 0; round < 50; round += 1) await sink.write('x'.repeat(10_000));
    expect(await sink.close()).toMatchObject({ bytes: 500_000, lines: 1 });
    const [line] = await collect(store.reader('s').lines('output:1'));
    expect(line?.text.length).toBeLessThan(10_000);
    const second = await store.write('s');
    for (let round = 0; round < 3000; round += 1) await second.write(`${round} more and more\n`);
    await second.close();
    await expect(store.write('s')).rejects.toSatisfy((error) => isKwError(error) && error.code === 'output-full');
    await store.delete('s');
    expect((await store.write('s')).ref).toBe('output:1');
  });
});
