import { describe, expect, it } from 'vitest';
import { fairSlots } from '../../src/index.ts';

const wish = (subject: string): { tool: string; session: string; by: { issuer: string; subject: string } } => ({
  tool: 'kubectl',
  session: 's1',
  by: { issuer: 'token', subject },
});
const { signal } = new AbortController();

describe('places for calls', () => {
  it('are no more than the limit, and people who wait take turns', async () => {
    const take = fairSlots(2);
    const order: string[] = [];
    const held = [await take(wish('ann'), signal), await take(wish('ann'), signal)];
    const waiting = ['ann 1', 'ann 2', 'ann 3', 'bob 1', 'cid 1'].map(async (name) => {
      const release = await take(wish(name.split(' ')[0] ?? ''), signal);
      order.push(name);
      held.push(release);
    });
    expect(order).toEqual([]);
    for (let freed = 0; freed < 5; freed += 1) {
      held.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
    }
    await Promise.all(waiting);
    expect(order).toEqual(['ann 1', 'bob 1', 'cid 1', 'ann 2', 'ann 3']);
  });

  it('are given back once, however often that is said, and a wait that is called off leaves the line', async () => {
    const take = fairSlots(1);
    const release = await take(wish('ann'), signal);
    const stop = new AbortController();
    const left = take(wish('bob'), stop.signal);
    stop.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    release();
    release();
    const again = await take(wish('cid'), signal);
    let got = false;
    const next = take(wish('ann'), signal).then((give) => {
      got = true;
      return give;
    });
    await Promise.resolve();
    expect(got).toBe(false);
    again();
    (await next)();
  });

  it('are refused to what is called off before', async () => {
    await expect(async () => fairSlots(1)(wish('ann'), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  });
});
