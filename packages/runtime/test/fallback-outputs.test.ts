import type { OutputStore } from '@kw/agent';
import { KwError, memoryOutputStore } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { withFallback } from '../src/fallback-outputs.ts';

/** A disk that is full after so many writes, its closing included. */
function fullAfter(writes: number): OutputStore {
  const inner = memoryOutputStore();
  let left = writes;
  const use = (): void => {
    left -= 1;
    if (left < 0) throw new KwError('store-unavailable', 'the disk is full');
  };
  return {
    ...inner,
    write: async (session) => {
      const sink = await inner.write(session);
      return {
        ref: sink.ref,
        write: async (text) => {
          use();
          await sink.write(text);
        },
        close: async () => {
          use();
          return sink.close();
        },
      };
    },
  };
}

async function keep(store: OutputStore, texts: readonly string[]): Promise<{ readonly ref: string; readonly lines: readonly string[] }> {
  const sink = await store.write('s');
  for (const text of texts) await sink.write(text);
  const { ref } = await sink.close();
  const lines: string[] = [];
  for await (const { text } of store.reader('s').lines(ref)) lines.push(text);
  expect(await store.reader('s').info(ref)).toMatchObject({ ref });
  return { ref, lines };
}

describe('outputs with a fallback', () => {
  it.each([0, 1, 2, 3])('are whole where the disk fails after %d writes, under their own names', async (writes) => {
    const warnings: string[] = [];
    const store = withFallback(fullAfter(writes), { memory: memoryOutputStore(), warn: (reason) => warnings.push(reason) });
    expect(await keep(store, ['a\n', 'b\n', 'c\n'])).toEqual({ ref: 'output:1', lines: ['a', 'b', 'c'] });
    expect(await keep(store, ['d\n'])).toEqual({ ref: 'output:2', lines: ['d'] });
    expect(warnings).toEqual(['the disk is full']);
  });

  it('are those of the disk while it works, and are deleted with their session', async () => {
    const store = withFallback(fullAfter(100), { memory: memoryOutputStore(), warn: () => undefined });
    expect(await keep(store, ['a\n'])).toEqual({ ref: 'output:1', lines: ['a'] });
    await store.delete('s');
    expect(await store.reader('s').info('output:1')).toBeUndefined();
  });

  it('say where a large one lost its beginning', async () => {
    const store = withFallback(fullAfter(1), { memory: memoryOutputStore(), warn: () => undefined });
    const { lines } = await keep(store, ['x'.repeat(600 * 1024), 'the rest\n']);
    expect(lines).toEqual([expect.stringContaining('a part of this output is lost'), 'the rest']);
  });

  it('pass every other failure on', async () => {
    const broken: OutputStore = {
      ...memoryOutputStore(),
      write: async () => ({
        ref: 'output:1',
        write: () => Promise.reject(new Error('a defect')),
        close: () => Promise.reject(new Error('a defect')),
      }),
    };
    const sink = await withFallback(broken, { memory: memoryOutputStore(), warn: () => undefined }).write('s');
    await expect(sink.write('x')).rejects.toThrow('a defect');
  });
});
