import { describe, expect, it } from 'vitest';
import { channel, type Outlet } from '../src/channel.ts';

interface Numbered {
  readonly number: number;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a channel', () => {
  it('begins its producer with the first next(), and gives what it made in order, then its end', async () => {
    let begun = false;
    const numbers = channel<Numbered>(async (outlet) => {
      begun = true;
      outlet.give({ number: 1 });
      await turn();
      outlet.give({ number: 2 });
      outlet.give({ number: 3 });
    });
    expect(begun).toBe(false);
    const seen: number[] = [];
    for await (const { number } of numbers) seen.push(number);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('gives what was made before a failure, tells the failure once, and then its end', async () => {
    const failure = new Error('broken');
    const iterator = channel<Numbered>(async (outlet) => {
      outlet.give({ number: 1 });
      await turn();
      throw failure;
    })[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: { number: 1 } });
    await expect(iterator.next()).rejects.toBe(failure);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('lets a producer that is far ahead wait until its reader has taken all', async () => {
    let made = 0;
    const numbers = channel<Numbered>(async (outlet) => {
      for (; made < 1_000; made += 1) {
        outlet.give({ number: made });
        await outlet.room();
      }
    });
    const iterator = numbers[Symbol.asyncIterator]();
    await iterator.next();
    await turn();
    expect(made).toBeLessThan(100);
    let seen = 1;
    while ((await iterator.next()).done !== true) seen += 1;
    expect(seen).toBe(1_000);
  });

  it('lets a producer know when what it told was heard', async () => {
    const log: string[] = [];
    const iterator = channel<Numbered>(async (outlet) => {
      outlet.give({ number: 1 });
      await outlet.asked();
      log.push('heard');
    })[Symbol.asyncIterator]();
    await iterator.next();
    await turn();
    expect(log).toEqual([]);
    await iterator.next();
    expect(log).toEqual(['heard']);
  });

  it('does not wait for a pending next() when its reader leaves', async () => {
    let reason: unknown;
    const waiting = async (_: Outlet<Numbered>, signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ({ reason } = signal);
      signal.throwIfAborted();
    };
    const iterator = channel(waiting)[Symbol.asyncIterator]();
    const pending = iterator.next().catch(String);
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(String(reason)).toContain('the reader left');
    expect(await pending).toContain('the reader left');
  });
});
