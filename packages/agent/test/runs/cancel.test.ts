import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { createAgent, memorySessionStore, type SessionStore, systemClock } from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool, hang, shiftedClock } from '../../src/testing/index.ts';
import { alice, checkLog, entriesOf, testRuns } from '../support.ts';

const forever = new AbortController().signal;
const deaf = (): Promise<never> => new Promise(() => undefined);

describe('cancel ends a run within a second', () => {
  it.each([
    ['hangs and heeds the signal', (signal: AbortSignal) => hang(signal)],
    ['hangs and is deaf', deaf],
  ])('when the model %s', async (_, wait) => {
    const store = memorySessionStore();
    let calls = 0;
    const model = scriptedModel([{ text: ['Half ', 'of it'], wait: (signal) => (calls++ === 0 ? Promise.resolve() : wait(signal)) }]);
    const runs = testRuns(model, [], { store });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const driving = runs.driveSession('s', forever);
    for await (const event of runs.follow(ref)) if (event.type === 'text-delta') break;
    const before = performance.now();
    await runs.cancel(ref, alice, 'enough');
    await collectEvents(runs.follow(ref));
    expect(performance.now() - before).toBeLessThan(1_000);
    if (wait !== deaf) await driving;
    expect((await runs.state(ref))?.outcome).toEqual({ type: 'cancelled', reason: 'enough' });
    const entries = await entriesOf(store, 's');
    checkLog(entries);
    expect(entries.find(({ entry }) => entry.type === 'assistant-message')?.entry).toMatchObject({
      partial: true,
      message: { content: [{ text: 'Half ' }] },
    });
  });

  it.each([
    ['hangs and heeds the signal', (signal: AbortSignal) => hang(signal)],
    ['hangs and is deaf', deaf],
  ])('when a tool %s', async (_, wait) => {
    const store = memorySessionStore();
    const slow = fakeTool({ name: 'slow', effect: 'write', output: async (_text, { signal }) => wait(signal) });
    const call = { name: 'slow', arguments: { text: 'x' } };
    const model = scriptedModel([{ toolCalls: [call, call] }, { text: 'never' }]);
    const runs = testRuns(model, [slow], {
      store,
      settings: { model: { provider: 'scripted', id: 'scripted' }, policy: { mode: 'auto', rules: [] } },
    });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    void runs.driveSession('s', forever);
    for await (const event of runs.follow(ref)) if (event.type === 'tool-start') break;
    const before = performance.now();
    await runs.cancel(ref, alice);
    const events = await collectEvents(runs.follow(ref));
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(slow.ran).toEqual(['x']);
    expect(events.filter((event) => event.type === 'tool-result').map((event) => event.outcome)).toEqual(['cancelled', 'cancelled']);
    expect(eventOf(events, 'tool-result').content).toMatch(/may have had an effect/);
    checkLog(await entriesOf(store, 's'));
  });

  it('when it comes from another process', async () => {
    const store = memorySessionStore();
    const runs = testRuns(scriptedModel([{ text: 'x', wait: hang }]), [], { store });
    const other = testRuns(scriptedModel([]), [], { store });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const driving = runs.driveSession('s', forever);
    await systemClock.sleep(20);
    await other.cancel(ref, alice);
    await driving;
    expect((await other.state(ref))?.outcome?.type).toBe('cancelled');
  });

  it('when the loop over an agent is left, and the next question of the session is answered', async () => {
    const store = memorySessionStore();
    let first = true;
    const model = scriptedModel(() => {
      const turn = first
        ? { text: ['a ', 'b'], wait: (signal: AbortSignal) => (first ? ((first = false), Promise.resolve()) : hang(signal)) }
        : { text: 'ok' };
      return turn;
    });
    const agent = createAgent({ model, tools: [], store });
    for await (const event of agent.run('q', { session: 's' })) if (event.type === 'text-delta') break;
    expect((await entriesOf(store, 's')).at(-1)?.entry).toMatchObject({ type: 'run-end', outcome: { type: 'cancelled' } });
    expect(await createAgent({ model: scriptedModel([{ text: 'ok' }]), tools: [], store }).ask('r', { session: 's' })).toBe('ok');
  });

  it('when the signal of a question is aborted: ask throws, run gives its end', async () => {
    const stop = new AbortController();
    const agent = createAgent({ model: scriptedModel(() => ({ text: 'x', wait: hang })), tools: [] });
    void systemClock.sleep(20).then(() => stop.abort());
    await expect(agent.ask('q', { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    const again = new AbortController();
    void systemClock.sleep(20).then(() => again.abort());
    const events = await collectEvents(agent.run('q', { signal: again.signal }));
    expect(events.at(-1)).toMatchObject({ type: 'run-end', outcome: { type: 'cancelled' } });
  });
});

it('cancelling an ended run does nothing', async () => {
  const store = memorySessionStore();
  const runs = testRuns(scriptedModel([{ text: 'x' }]), [], { store });
  const ref = await runs.start({ text: 'q', session: 's' }, alice);
  await runs.driveSession('s', forever);
  const before = await entriesOf(store, 's');
  await runs.cancel(ref, alice);
  expect(await entriesOf(store, 's')).toEqual(before);
});

const auto = { model: { provider: 'scripted', id: 'scripted' }, policy: { mode: 'auto', rules: [] } } as const;

describe('a lease that is lost in the middle', () => {
  it('stops the tool, writes nothing more, and the other process goes on', async () => {
    const clock = shiftedClock();
    const store = memorySessionStore({ now: clock.now });
    const aborted: unknown[] = [];
    const slow = fakeTool({
      name: 'slow',
      effect: 'write',
      output: async (_text, { signal }) => {
        await hang(signal).catch((error: unknown) => aborted.push(error));
        return 'late';
      },
    });
    const other = testRuns(scriptedModel([{ text: 'done' }]), [slow], { store, clock, settings: auto, leaseTtlMs: 20_000 });
    const first = testRuns(scriptedModel([{ toolCalls: [{ name: 'slow', arguments: { text: 'x' } }] }]), [slow], {
      store,
      clock,
      settings: auto,
      leaseTtlMs: 12_000,
    });
    const ref = await first.start({ text: 'q', session: 's' }, alice);
    const driving = first.driveSession('s', forever);
    for await (const event of first.follow(ref)) if (event.type === 'tool-start') break;
    clock.advance(13_000);
    await other.driveSession('s', forever);
    await driving;
    expect(aborted).toHaveLength(1);
    expect(slow.ran).toEqual(['x']);
    const events = await collectEvents(other.follow(ref));
    expect(eventOf(events, 'tool-result').outcome).toBe('interrupted');
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'done' });
    checkLog(await entriesOf(store, 's'));
  });

  it('no effect starts with less than ten seconds of it left: it is prolonged first', async () => {
    const kept = memorySessionStore();
    const prolonged: number[] = [];
    const store: SessionStore = {
      ...kept,
      renew: (lease, ttlMs) => {
        prolonged.push(ttlMs);
        return kept.renew(lease, ttlMs);
      },
    };
    const seen: (readonly number[])[] = [];
    const tool = fakeTool({ name: 'change', effect: 'write', output: () => `${seen.push([...prolonged])}` });
    const runs = testRuns(scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }, { text: 'done' }]), [tool], {
      store,
      settings: auto,
      leaseTtlMs: 5_000,
    });
    await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(seen).toEqual([[12_000]]);
  });

  it('no effect starts where it cannot be prolonged', async () => {
    const store: SessionStore = { ...memorySessionStore(), renew: async () => Promise.reject(new Error('away')) };
    const tool = fakeTool({ name: 'change', effect: 'write' });
    const runs = testRuns(scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }]), [tool], {
      store,
      settings: auto,
      leaseTtlMs: 5_000,
    });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect((await runs.state(ref))?.status).toBe('running');
  });

  it('goes on where the process slept and nobody else was there', async () => {
    const clock = shiftedClock();
    const store = memorySessionStore({ now: clock.now });
    const asleep = fakeTool({
      output: () => {
        clock.advance(3_600_000);
        return 'seen';
      },
    });
    const runs = testRuns(scriptedModel([{ toolCalls: [{ name: 'look', arguments: { text: 'x' } }] }, { text: 'done' }]), [asleep], {
      store,
      clock,
    });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    const events = await collectEvents(runs.follow(ref));
    expect(eventOf(events, 'tool-result').outcome).toBe('ran');
    expect(events.some((event) => event.type === 'run-resumed')).toBe(false);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'done' });
    checkLog(await entriesOf(store, 's'));
  });
});

describe('drive', () => {
  it('stops when its signal is aborted: what ran is interrupted, another process goes on', async () => {
    const store = memorySessionStore();
    const slow = fakeTool({ output: async (_text, { signal }) => hang(signal) });
    const runs = testRuns(scriptedModel([{ toolCalls: [{ name: 'look', arguments: { text: 'x' } }] }]), [slow], { store });
    const stop = new AbortController();
    const driving = runs.drive(stop.signal);
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    for await (const event of runs.follow(ref)) if (event.type === 'tool-start') break;
    stop.abort();
    await driving;
    const other = testRuns(scriptedModel([{ text: 'done' }]), [slow], { store });
    await other.driveSession('s', forever);
    const events = await collectEvents(other.follow(ref));
    expect(eventOf(events, 'tool-result').outcome).toBe('interrupted');
    expect(eventOf(events, 'run-resumed').because).toBe('orphaned');
    checkLog(await entriesOf(store, 's'));
  });

  it('half a message that a stopped process wrote is void, and readers are told', async () => {
    const store = memorySessionStore();
    let n = 0;
    const runs = testRuns(
      scriptedModel([{ text: ['Half ', 'more'], wait: (signal) => (n++ === 0 ? Promise.resolve() : hang(signal)) }]),
      [],
      { store },
    );
    const stop = new AbortController();
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const again = runs.driveSession('s', stop.signal);
    for await (const event of runs.follow(ref)) if (event.type === 'text-delta') break;
    stop.abort();
    await again;
    const other = testRuns(scriptedModel([{ text: 'Whole' }]), [], { store });
    await other.driveSession('s', forever);
    const events = await collectEvents(other.follow(ref));
    expect(eventOf(events, 'message-discarded').code).toBe('interrupted');
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'Whole' });
  });

  it('lets runs end for a while where that is wished', async () => {
    const store = memorySessionStore();
    const runs = testRuns(scriptedModel([{ text: 'done', wait: () => systemClock.sleep(50) }]), [], { store, drainMs: 5_000 });
    const stop = new AbortController();
    const driving = runs.drive(stop.signal);
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    for await (const event of runs.follow(ref)) {
      if (event.type === 'run-start') await systemClock.sleep(10);
      break;
    }
    stop.abort();
    await driving;
    expect((await runs.state(ref))?.outcome).toEqual({ type: 'completed', answer: 'done' });
  });

  it('leaves a session that a newer program wrote to that program, without haste', async () => {
    const store = memorySessionStore();
    let reads = 0;
    const newer: typeof store = {
      ...store,
      read: async (session, options) => {
        reads += 1;
        return (await store.read(session, options)).map((stored) => ({ ...stored, version: 99 }));
      },
    };
    const runs = testRuns(scriptedModel([]), [], { store: newer, pollMs: 20 });
    const ref = await testRuns(scriptedModel([]), [], { store }).start({ text: 'q', session: 's' }, alice);
    const stop = new AbortController();
    const driving = runs.drive(stop.signal);
    await systemClock.sleep(100);
    stop.abort();
    await driving;
    expect(reads).toBeLessThan(20);
    expect((await testRuns(scriptedModel([]), [], { store }).state(ref))?.status).toBe('running');
  });

  it('drives many sessions, at most so many at once', async () => {
    const store = memorySessionStore();
    let now = 0;
    let most = 0;
    const model = scriptedModel(() => ({
      text: 'done',
      wait: async () => {
        most = Math.max(most, ++now);
        await systemClock.sleep(3);
        now -= 1;
      },
    }));
    const runs = testRuns(model, [], { store, maxRunsAtOnce: 4 });
    const stop = new AbortController();
    const driving = runs.drive(stop.signal);
    const refs = await Promise.all(Array.from({ length: 30 }, (_, n) => runs.start({ text: `q${n}` }, alice)));
    await Promise.all(refs.map((ref) => collectEvents(runs.follow(ref))));
    stop.abort();
    await driving;
    expect(most).toBe(4);
  });
});

it('a failing model lookup, an unknown model or a broken target end the run, not the process', async () => {
  const runs = testRuns(scriptedModel([]), [], {
    models: () => {
      throw new Error('no key');
    },
  });
  const ref = await runs.start({ text: 'q', session: 's' }, alice);
  await runs.driveSession('s', forever);
  expect((await runs.state(ref))?.outcome).toMatchObject({ type: 'failed', message: 'no key' });
});
