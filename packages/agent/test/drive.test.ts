import { describe, expect, it } from 'vitest';
import { memorySessionStore, type PartialChunk, type SessionStore, systemClock } from '../src/index.ts';
import { effectMarginMs, keepLease } from '../src/drive/lease-keeper.ts';
import { createPartialWriter } from '../src/drive/partial-writer.ts';
import { manualClock } from '../src/testing/index.ts';
import { alice } from './support.ts';

async function turns(count = 20): Promise<void> {
  for (let n = 0; n < count; n += 1) await Promise.resolve();
}

describe('a lease', () => {
  it('is renewed at each third of its time, and given back', async () => {
    const clock = manualClock(1_000);
    const store = memorySessionStore({ now: clock.now });
    await store.create({ id: 's', owner: alice });
    const lease = await store.acquire('s', 30_000);
    const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 30_000, clock, onLost: () => expect.unreachable() });
    for (let third = 1; third <= 9; third += 1) {
      clock.advance(10_000);
      await turns();
      expect(keeper.lease().expiresAt).toBe(clock.now() + 30_000);
    }
    await keeper.release();
    expect(await store.acquire('s', 1)).toBeDefined();
  });

  it('that somebody else took is lost, and no effect starts', async () => {
    const clock = manualClock(1_000);
    const store = memorySessionStore({ now: clock.now });
    await store.create({ id: 's', owner: alice });
    const lease = await store.acquire('s', 30_000);
    let lost = 0;
    const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 30_000, clock, onLost: () => (lost += 1) });
    clock.advance(30_001);
    await store.acquire('s', 30_000);
    await turns();
    expect(lost).toBe(1);
    await expect(keeper.ready()).rejects.toMatchObject({ code: 'lease-lost' });
    await keeper.release();
  });

  it('with too little left is renewed before an effect', async () => {
    const clock = manualClock(1_000);
    const store = memorySessionStore({ now: clock.now });
    await store.create({ id: 's', owner: alice });
    const lease = await store.acquire('s', effectMarginMs - 1);
    const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 30_000, clock, onLost: () => expect.unreachable() });
    await keeper.ready();
    expect(keeper.lease().expiresAt).toBe(31_000);
    await keeper.release();
  });

  it('is prolonged before an effect, however short it is, and not shortened by its next renewals', async () => {
    const clock = manualClock(1_000);
    const store = memorySessionStore({ now: clock.now });
    await store.create({ id: 's', owner: alice });
    const lease = await store.acquire('s', 4_000);
    const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 4_000, clock, onLost: () => expect.unreachable() });
    await keeper.ready();
    expect(keeper.lease().expiresAt).toBe(13_000);
    for (const [at, expiresAt] of [
      [2_334, 13_000],
      [9_000, 13_000],
      [12_000, 16_000],
    ] as const) {
      clock.advance(at - clock.now());
      await turns();
      expect(keeper.lease().expiresAt).toBe(expiresAt);
    }
    await keeper.release();
  });

  it('that was renewed so late that it may be over again is asked for again at once, and kept', async () => {
    const clock = manualClock(1_000);
    const inner = memorySessionStore({ now: clock.now });
    await inner.create({ id: 's', owner: alice });
    const lease = await inner.acquire('s', 4_000);
    let late = true;
    const store: SessionStore = {
      ...inner,
      renew: async (held, ttlMs) => {
        const renewed = await inner.renew(held, ttlMs);
        if (late) clock.advance(5_000); // a machine that is too busy: the answer was seconds on its way
        late = false;
        return renewed;
      },
    };
    const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 4_000, clock, onLost: () => expect.unreachable() });
    clock.advance(1_334);
    await turns();
    clock.advance(1);
    await turns();
    expect(keeper.lease().expiresAt).toBe(clock.now() + 4_000);
    await keeper.release();
    expect(await inner.acquire('s', 1)).toBeDefined();
  });

  it('that ran out in a sleep is taken anew where nobody had it, and lost where somebody did', async () => {
    for (const others of [0, 1]) {
      const clock = manualClock(1_000);
      const store = memorySessionStore({ now: clock.now });
      await store.create({ id: 's', owner: alice });
      const lease = await store.acquire('s', 4_000);
      let lost = 0;
      const asleep = { ...clock, sleep: (_: number, signal?: AbortSignal) => clock.sleep(Number.MAX_SAFE_INTEGER, signal) };
      const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 4_000, clock: asleep, onLost: () => (lost += 1) });
      clock.advance(3_600_000);
      for (let other = 0; other < others; other += 1) await store.release((await store.acquire('s', 1_000)) ?? none());
      expect(await keeper.regain()).toBe(others === 0);
      expect(lost).toBe(others);
      await keeper.release();
      expect(await store.acquire('s', 1)).toBeDefined();
    }
  });

  it('is prolonged for an effect also where the store is away for a moment, or slow', async () => {
    const clock = manualClock(1_000);
    const kept = memorySessionStore({ now: clock.now });
    await kept.create({ id: 's', owner: alice });
    const lease = await kept.acquire('s', 4_000);
    let asked = 0;
    const store: SessionStore = {
      ...kept,
      renew: async (held, ttlMs) => {
        asked += 1;
        if (asked === 1) throw new Error('away');
        const renewed = await kept.renew(held, ttlMs);
        if (asked === 2) clock.advance(3_000);
        return renewed;
      },
    };
    const keeper = keepLease({ store, lease: lease ?? none(), ttlMs: 4_000, clock, onLost: () => expect.unreachable() });
    const ready = keeper.ready();
    await turns();
    clock.advance(500);
    await ready;
    expect(keeper.lease().expiresAt - clock.now()).toBeGreaterThanOrEqual(10_000);
    await keeper.release();
  });

  it('is lost at its end where the store is away', async () => {
    const clock = manualClock(1_000);
    const store = memorySessionStore({ now: clock.now });
    await store.create({ id: 's', owner: alice });
    const lease = await store.acquire('s', 30_000);
    let lost = 0;
    const away = { ...store, renew: async () => Promise.reject(new Error('away')) };
    const keeper = keepLease({ store: away, lease: lease ?? none(), ttlMs: 30_000, clock, onLost: () => (lost += 1) });
    for (let step = 0; step < 60; step += 1) {
      clock.advance(500);
      await turns();
    }
    expect(lost).toBe(1);
    await keeper.release();
  });
});

describe('the message being written', () => {
  const lease = { session: 's', fence: 1, expiresAt: Number.POSITIVE_INFINITY };

  it('reaches the store at once, then in pieces of a few milliseconds', async () => {
    const written: (readonly PartialChunk[])[] = [];
    const store = {
      ...memorySessionStore(),
      appendPartial: async (_: unknown, chunks: readonly PartialChunk[]) => written.push(chunks) > 0,
    };
    const writer = createPartialWriter({ store, lease: () => lease, clock: systemClock, regain: () => expect.unreachable() });
    for (const text of ['a', 'b', 'c']) writer.write({ kind: 'text', text });
    expect(written).toEqual([[{ kind: 'text', text: 'a' }]]);
    await systemClock.sleep(40);
    expect(written.slice(1)).toEqual([[{ kind: 'text', text: 'bc' }]]);
  });

  it('has no gap where the store fails in between', async () => {
    const written: string[] = [];
    let fail = false;
    const store = {
      ...memorySessionStore(),
      appendPartial: async (_: unknown, chunks: readonly PartialChunk[]) => {
        if (fail) throw new Error('away');
        return written.push(...chunks.map((chunk) => chunk.text)) > 0;
      },
    };
    const writer = createPartialWriter({ store, lease: () => lease, clock: systemClock, regain: () => expect.unreachable() });
    writer.write({ kind: 'text', text: 'a' });
    await systemClock.sleep(40);
    fail = true;
    writer.write({ kind: 'text', text: 'b' });
    await systemClock.sleep(1);
    fail = false;
    writer.write({ kind: 'text', text: 'c' });
    await systemClock.sleep(40);
    expect(written).toEqual(['a']);
    await writer.settle();
    writer.write({ kind: 'text', text: 'next' });
    await systemClock.sleep(1);
    expect(written).toEqual(['a', 'next']);
  });
});

function none(): never {
  throw new Error('there is no lease');
}
