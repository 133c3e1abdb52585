import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { createAgent, isKwError, memorySessionStore, systemClock } from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool, faultyStore, textOfEvents } from '../../src/testing/index.ts';
import { alice, checkLog, entriesOf, testRuns } from '../support.ts';

const story = (): ReturnType<typeof scriptedModel> =>
  scriptedModel([
    { text: 'I look.', toolCalls: [{ name: 'look', arguments: { text: 'a' } }] },
    { toolCalls: [{ name: 'change', arguments: { text: 'x' } }] },
    { text: 'done' },
  ]);

describe('a store that fails in the middle of a run', () => {
  it('at any append: reads go on, no write runs that is not written down, the run ends as failed with its answer', async () => {
    for (let at = 2; ; at += 1) {
      const inner = memorySessionStore();
      const look = fakeTool();
      const change = fakeTool({ name: 'change', effect: 'write' });
      const store = faultyStore(inner, { at, fault: 'unavailable', only: ['append', 'appendPartial', 'renew', 'release'] });
      const agent = createAgent({ model: story(), tools: [look, change], store, approve: () => true, pollMs: 50 });
      const events = await collectEvents(agent.run('q', { session: 's' }));
      expect(events.filter((event) => event.type === 'run-end')).toHaveLength(1);
      expect(textOfEvents(events)).toBe('I look.done');
      expect(look.ran).toEqual(['a']);
      const kept = await entriesOf(inner, 's');
      const intended = kept.some(({ entry }) => entry.type === 'tool-intent' && entry.tool === 'change');
      expect(change.ran).toEqual(intended ? ['x'] : []);
      const { outcome } = eventOf(events, 'run-end');
      if (outcome.type === 'completed') break;
      expect(outcome).toMatchObject({ type: 'failed', code: 'store-unavailable', answer: 'done' });
      expect(at).toBeLessThan(40);
    }
  });

  it('at the first append: nothing starts, and it is said why', async () => {
    const store = faultyStore(memorySessionStore(), { at: 1, fault: 'unavailable', only: ['append'] });
    const agent = createAgent({ model: story(), tools: [], store });
    await expect(collectEvents(agent.run('q', { session: 's' }))).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('at any operation at all: the run ends or throws, it never hangs, and no write runs twice', async () => {
    for (let at = 1; at < 40; at += 1) {
      const inner = memorySessionStore();
      const change = fakeTool({ name: 'change', effect: 'write' });
      const store = faultyStore(inner, { at, fault: 'unavailable' });
      const agent = createAgent({ model: story(), tools: [fakeTool(), change], store, approve: () => true, pollMs: 50 });
      const how = await collectEvents(agent.run('q', { session: 's' })).then(
        (events) => eventOf(events, 'run-end').outcome.type,
        (error: unknown) => (isKwError(error) ? error.code : String(error)),
      );
      expect(['store-unavailable', 'failed', 'completed']).toContain(how);
      expect(change.ran.length).toBeLessThanOrEqual(1);
    }
  });

  it('for a moment: nothing is noticed', async () => {
    for (let at = 2; at < 12; at += 1) {
      const inner = memorySessionStore();
      const change = fakeTool({ name: 'change', effect: 'write' });
      const store = faultyStore(inner, { at, fault: 'unavailable-once', only: ['append'] });
      expect(
        await createAgent({ model: story(), tools: [fakeTool(), change], store, approve: () => true }).ask('q', { session: 's' }),
      ).toBe('done');
      expect(change.ran).toEqual(['x']);
      checkLog(await entriesOf(inner, 's'));
    }
  });

  it('and comes back: what was held in memory is made durable', async () => {
    const inner = memorySessionStore();
    let down = false;
    const store: typeof inner = {
      ...inner,
      append: async (...args) => {
        if (down) await faultyStore(inner, { at: 1, fault: 'unavailable' }).append(...args);
        return inner.append(...args);
      },
    };
    const slow = fakeTool({
      output: async (text) => {
        down = text === 'down';
        if (text === 'up') await systemClock.sleep(1_100);
        return text;
      },
    });
    const model = scriptedModel([
      { toolCalls: [{ name: 'look', arguments: { text: 'down' } }] },
      { toolCalls: [{ name: 'look', arguments: { text: 'up' } }] },
      { text: 'done' },
    ]);
    const events = await collectEvents(createAgent({ model, tools: [slow], store }).run('q', { session: 's' }));
    const entries = await entriesOf(inner, 's');
    checkLog(entries);
    expect(entries.at(-1)?.entry.type).toBe('run-end');
    expect(eventOf(events, 'run-end').outcome.type).toBe('completed');
  });

  it('can still be cancelled', async () => {
    const inner = memorySessionStore();
    const store = faultyStore(inner, { at: 2, fault: 'unavailable', only: ['append', 'appendPartial'] });
    const runs = testRuns(
      scriptedModel([
        { toolCalls: [{ name: 'look', arguments: { text: 'a' } }] },
        { text: 'x', wait: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) },
      ]),
      [fakeTool()],
      { store },
    );
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const driving = runs.driveSession('s', new AbortController().signal);
    for await (const event of runs.follow(ref)) if (event.type === 'tool-result') await runs.cancel(ref, alice);
    await driving;
    expect((await runs.state(ref))?.outcome?.type).toBe('cancelled');
  });

  it('takes the next message of the session once it works again', async () => {
    const inner = memorySessionStore();
    let down = false;
    const store: typeof inner = {
      ...inner,
      append: async (...args) => (down ? faultyStore(inner, { at: 1, fault: 'unavailable' }).append(...args) : inner.append(...args)),
    };
    const look = fakeTool({ output: () => ((down = true), 'x') });
    const agent = createAgent({
      model: scriptedModel([{ toolCalls: [{ name: 'look', arguments: { text: 'a' } }] }, { text: 'one' }, { text: 'two' }]),
      tools: [look],
      store,
    });
    await expect(agent.ask('q', { session: 's' })).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(agent.ask('q', { session: 's' })).rejects.toMatchObject({ code: 'store-unavailable' });
    down = false;
    expect(await agent.ask('q', { session: 's' })).toBe('two');
    checkLog(await entriesOf(inner, 's'));
  });

  it('refuses answers while it fails', async () => {
    const inner = memorySessionStore();
    let down = false;
    const store: typeof inner = {
      ...inner,
      append: async (...args) => (down ? faultyStore(inner, { at: 1, fault: 'unavailable' }).append(...args) : inner.append(...args)),
    };
    const runs = testRuns(story(), [fakeTool(), fakeTool({ name: 'change', effect: 'write' })], { store });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', new AbortController().signal);
    down = true;
    const id = (await runs.state(ref))?.openApproval?.approvalId ?? '';
    await expect(runs.answer(id, { decision: 'approve' }, alice)).rejects.toSatisfy(
      (error) => isKwError(error) && error.code === 'store-unavailable',
    );
  });
});
