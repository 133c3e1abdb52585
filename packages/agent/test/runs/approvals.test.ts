import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import {
  type ChangePreview,
  createRedactor,
  memorySessionStore,
  type RunRef,
  type Runs,
  type RunsOptions,
  type SessionStore,
  type StoredEntry,
} from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool, type FakeToolOptions, shiftedClock } from '../../src/testing/index.ts';
import { alice, bob, checkLog, entriesOf, testRuns } from '../support.ts';

const forever = new AbortController().signal;

function change(options: FakeToolOptions = {}): ReturnType<typeof fakeTool> {
  return fakeTool({ name: 'change', effect: 'write', ...options });
}

function asks(calls: readonly string[] = ['x']): ReturnType<typeof scriptedModel> {
  return scriptedModel([{ toolCalls: calls.map((text) => ({ name: 'change', arguments: { text } })) }, { text: 'done' }]);
}

async function parked(runs: Runs): Promise<{ ref: RunRef; approvalId: string }> {
  const ref = await runs.start({ text: 'q', session: 's' }, alice);
  await runs.driveSession('s', forever);
  const state = await runs.state(ref);
  expect(state?.status).toBe('parked');
  return { ref, approvalId: state?.openApproval?.approvalId ?? '' };
}

async function resultsOf(store: SessionStore): Promise<readonly string[]> {
  return (await entriesOf(store, 's')).flatMap(({ entry }) =>
    entry.type === 'tool-result' ? [`${entry.outcome}: ${entry.message.content}`] : [],
  );
}

describe('a parked run', () => {
  it('holds no lease and goes on in another process once it is answered', async () => {
    const store = memorySessionStore();
    const tool = change();
    const { ref, approvalId } = await parked(testRuns(asks(), [tool], { store }));
    expect(tool.ran).toEqual([]);
    const lease = await store.acquire('s', 1_000);
    expect(lease).toBeDefined();
    if (lease !== undefined) await store.release(lease);
    const other = testRuns(scriptedModel([{ text: 'done' }]), [tool], { store });
    expect(await store.claimable(10)).toEqual([]);
    expect(await other.answer(approvalId, { decision: 'approve' }, alice)).toBe('accepted');
    expect(await store.claimable(10)).toEqual(['s']);
    await other.driveSession('s', forever);
    expect(tool.ran).toEqual(['x']);
    const events = await collectEvents(other.follow(ref));
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining(['run-parked', 'approval-response', 'run-resumed', 'tool-start', 'run-end']),
    );
    checkLog(await entriesOf(store, 's'));
  });

  it('follow ends there where that is wished, and at once for a reader who has seen it', async () => {
    const runs = testRuns(asks(), [change()]);
    const { ref } = await parked(runs);
    const events = await collectEvents(runs.follow(ref, { untilParked: true }));
    expect(events.at(-1)?.type).toBe('run-parked');
    expect(await collectEvents(runs.follow(ref, { untilParked: true, after: events.at(-1)?.cursor ?? '0:0' }))).toEqual([]);
  });

  it('a denial with a reason is told to the model, and nothing runs', async () => {
    const store = memorySessionStore();
    const tool = change();
    const runs = testRuns(asks(), [tool], { store });
    const { approvalId } = await parked(runs);
    await runs.answer(approvalId, { decision: 'deny', reason: 'not on Friday' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect(await resultsOf(store)).toEqual(['denied: not run: not on Friday']);
  });

  it('is taken up when its question expires, and nothing runs', async () => {
    const clock = shiftedClock();
    const store = memorySessionStore({ now: clock.now });
    const tool = change();
    const runs = testRuns(asks(), [tool], { store, clock });
    const { ref, approvalId } = await parked(runs);
    clock.advance(600_001);
    expect(await runs.answer(approvalId, { decision: 'approve' }, alice)).toBe('expired');
    expect(await store.claimable(10)).toEqual(['s']);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect(await runs.state(ref)).toMatchObject({ status: 'ended', unanswered: 1 });
    expect(await runs.answer(approvalId, { decision: 'approve' }, alice)).toBe('expired');
    checkLog(await entriesOf(store, 's'));
  });

  it('a new message is refused as busy, or declines the question where it supersedes it', async () => {
    const store = memorySessionStore();
    const tool = change();
    const runs = testRuns(
      scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }, { text: 'other answer' }]),
      [tool],
      { store },
    );
    const { ref, approvalId } = await parked(runs);
    await expect(runs.start({ text: 'r', session: 's' }, alice)).rejects.toMatchObject({ code: 'session-busy' });
    const second = await runs.start({ text: 'r', session: 's', supersede: true }, alice);
    expect(await runs.answer(approvalId, { decision: 'approve' }, alice)).toBe('already-answered');
    await runs.driveSession('s', forever);
    expect((await runs.state(ref))?.outcome?.type).toBe('cancelled');
    expect((await runs.state(second))?.outcome).toEqual({ type: 'completed', answer: 'other answer' });
    expect(tool.ran).toEqual([]);
    expect((await collectEvents(runs.follow(ref))).at(-1)?.type).toBe('run-end');
    checkLog(await entriesOf(store, 's'));
  });

  it('cancel ends it without anybody to drive it', async () => {
    const store = memorySessionStore();
    const runs = testRuns(asks(), [change()], { store });
    const { ref } = await parked(runs);
    await runs.cancel(ref, alice);
    expect((await runs.state(ref))?.outcome).toEqual({ type: 'cancelled', reason: 'cancelled by the user' });
    expect(await store.claimable(1)).toEqual([]);
    checkLog(await entriesOf(store, 's'));
  });
});

describe('an answer', () => {
  it('of many at once from several processes is taken exactly once', async () => {
    const store = memorySessionStore();
    const tool = change();
    const processes = Array.from({ length: 4 }, () => testRuns(asks(), [tool], { store }));
    const { approvalId } = await parked(testRuns(asks(), [tool], { store }));
    const answers = await Promise.all(
      processes.flatMap((runs) => [
        runs.answer(approvalId, { decision: 'approve' }, alice),
        runs.answer(approvalId, { decision: 'deny' }, alice),
      ]),
    );
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'already-answered')).toHaveLength(7);
  });

  it('of somebody else, or to no question, is not taken', async () => {
    const runs = testRuns(asks(), [change()]);
    const { ref, approvalId } = await parked(runs);
    expect(await runs.answer(approvalId, { decision: 'approve' }, bob)).toBe('forbidden');
    expect(await runs.answer('s.nothing', { decision: 'approve' }, alice)).toBe('unknown');
    expect(await runs.answer('nosession.1', { decision: 'approve' }, alice)).toBe('unknown');
    expect(await runs.answer('../x', { decision: 'approve' }, alice)).toBe('unknown');
    await expect(runs.cancel(ref, bob)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(runs.start({ text: 'r', session: 's', supersede: true }, bob)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('while the driver waits is taken without parking', async () => {
    const store = memorySessionStore();
    const tool = change();
    const runs = testRuns(asks(), [tool], { store, approvalWaitMs: 10_000 });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const driving = runs.driveSession('s', forever);
    const events = [];
    for await (const event of runs.follow(ref)) {
      events.push(event.type);
      if (event.type === 'approval-request') await runs.answer(event.request.approvalId, { decision: 'approve' }, alice);
    }
    await driving;
    expect(events).not.toContain('run-parked');
    expect(tool.ran).toEqual(['x']);
  });

  it('is asked of the approver of the driving process, whose failure is a no', async () => {
    const store = memorySessionStore();
    const tool = change();
    const approve = (): never => {
      throw new Error('no terminal');
    };
    const runs = testRuns(asks(), [tool], { store, approvalWaitMs: 10_000, approve });
    await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect(await resultsOf(store)).toEqual(['denied: not run: the approver failed: no terminal']);
  });

  it('may come from elsewhere while that approver still thinks, and it is told', async () => {
    const tool = change();
    let told = false;
    const approve = (_: unknown, { signal }: { signal: AbortSignal }): Promise<boolean> =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          told = true;
          resolve(false);
        });
      });
    const runs = testRuns(asks(), [tool], { approvalWaitMs: 10_000, approve });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const driving = runs.driveSession('s', forever);
    for await (const event of runs.follow(ref))
      if (event.type === 'approval-request') await runs.answer(event.request.approvalId, { decision: 'approve' }, alice);
    await driving;
    expect(tool.ran).toEqual(['x']);
    expect(told).toBe(true);
  });

  it.each(['cancel', 'supersede'] as const)(
    'that is overtaken by %s while the driver waits is none, and the driver lets go',
    async (how) => {
      const store = memorySessionStore();
      const tool = change();
      const model = scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }, { text: 'second' }]);
      const runs = testRuns(model, [tool], { store, approvalWaitMs: 10_000, approve: () => new Promise(() => undefined) });
      const ref = await runs.start({ text: 'q', session: 's' }, alice);
      const driving = runs.driveSession('s', forever);
      for await (const event of runs.follow(ref)) if (event.type === 'approval-request') break;
      if (how === 'cancel') await runs.cancel(ref, alice);
      else await runs.start({ text: 'r', session: 's', supersede: true }, alice);
      await driving;
      expect(tool.ran).toEqual([]);
      expect((await runs.state(ref))?.outcome?.type).toBe('cancelled');
      expect(await store.claimable(1)).toEqual([]);
      checkLog(await entriesOf(store, 's'));
    },
  );

  it('to one of several calls concerns only that one; one question is open at a time', async () => {
    const store = memorySessionStore();
    const tool = change();
    const look = fakeTool();
    const model = scriptedModel([
      {
        toolCalls: [
          { name: 'look', arguments: { text: '1' } },
          { name: 'change', arguments: { text: 'a' } },
          { name: 'look', arguments: { text: '2' } },
          { name: 'change', arguments: { text: 'b' } },
          { name: 'change', arguments: { text: 'c' } },
        ],
      },
      { text: 'done' },
    ]);
    let open = 0;
    const runs = testRuns(model, [tool, look], {
      store,
      approvalWaitMs: 10_000,
      approve: async (request) => {
        expect(++open).toBe(1);
        await Promise.resolve();
        open -= 1;
        return { decision: request.summary === 'change b' ? 'deny' : 'approve', reason: 'b is holy' };
      },
    });
    await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual(['a', 'c']);
    expect(look.ran).toEqual(['1', '2']);
    expect(model.requests[1]?.messages.slice(-5).map((message) => message.content)).toEqual([
      'look saw 1',
      'change saw a',
      'look saw 2',
      'not run: b is holy',
      'change saw c',
    ]);
  });
});

describe('an approval holds for what was shown', () => {
  it('a changed byte in the logged arguments asks again', async () => {
    const store = tampering(memorySessionStore());
    const tool = change();
    const { ref, approvalId } = await parked(testRuns(asks(), [tool], { store }));
    store.change((entry) => JSON.parse(JSON.stringify(entry).replace(String.raw`{\"text\":\"x\"}`, String.raw`{\"text\":\"y\"}`)));
    const other = testRuns(scriptedModel([{ text: 'done' }]), [tool], { store });
    await other.answer(approvalId, { decision: 'approve' }, alice);
    await other.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect((await other.state(ref))?.openApproval).toMatchObject({
      askedAgain: 'the call changed since it was shown',
      summary: 'change y',
    });
  });

  it('a byte changed while the driver waits asks again, too, and what is shown is what runs', async () => {
    const store = tampering(memorySessionStore());
    const tool = change();
    const asked: string[] = [];
    const runs = testRuns(asks(), [tool], {
      store,
      approvalWaitMs: 10_000,
      approve: ({ summary }) => {
        asked.push(summary);
        store.change((entry) => JSON.parse(JSON.stringify(entry).replace(String.raw`{\"text\":\"x\"}`, String.raw`{\"text\":\"y\"}`)));
        return true;
      },
    });
    await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(asked).toEqual(['change x', 'change y']);
    expect(tool.ran).toEqual(['y']);
  });

  it('an object that changed between preview and answer asks again; the next answer holds', async () => {
    const store = memorySessionStore();
    let state = 'one';
    const preview = (): ChangePreview => ({ objects: [], warnings: [], stateHash: state });
    const tool = change({ preview });
    const runs = testRuns(asks(), [tool], { store });
    const { ref, approvalId } = await parked(runs);
    state = 'two';
    await runs.answer(approvalId, { decision: 'approve' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    const again = (await runs.state(ref))?.openApproval;
    expect(again).toMatchObject({ askedAgain: 'the object changed since it was shown', preview: { stateHash: 'two' } });
    expect(again?.approvalId).not.toBe(approvalId);
    await runs.answer(again?.approvalId ?? '', { decision: 'approve' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual(['x']);
    checkLog(await entriesOf(store, 's'));
  });

  it('a tool of another version asks again', async () => {
    const store = memorySessionStore();
    const { ref, approvalId } = await parked(testRuns(asks(), [change()], { store }));
    const newer = change({ version: '2' });
    const other = testRuns(scriptedModel([{ text: 'done' }]), [newer], { store });
    await other.answer(approvalId, { decision: 'approve' }, alice);
    await other.driveSession('s', forever);
    expect(newer.ran).toEqual([]);
    expect((await other.state(ref))?.openApproval?.askedAgain).toBe('the call changed since it was shown');
  });

  it('an approval that is used late asks again', async () => {
    const clock = shiftedClock();
    const store = memorySessionStore({ now: clock.now });
    const tool = change();
    const runs = testRuns(asks(), [tool], { store, clock });
    const { ref, approvalId } = await parked(runs);
    await runs.answer(approvalId, { decision: 'approve' }, alice);
    clock.advance(700_000);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect((await runs.state(ref))?.openApproval?.askedAgain).toMatch(/expired/);
  });

  it('a preview that fails is told and can be approved', async () => {
    const tool = change({
      preview: () => {
        throw new Error('no dry run here');
      },
    });
    const runs = testRuns(asks(), [tool]);
    const { ref, approvalId } = await parked(runs);
    expect((await runs.state(ref))?.openApproval?.preview).toEqual({ objects: [], warnings: [], unavailable: 'no dry run here' });
    await runs.answer(approvalId, { decision: 'approve' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual(['x']);
  });
});

describe('a call whose arguments hold a secret', () => {
  const redactor = createRedactor({ secrets: ['hunter2-hunter2'] });
  const secret = ['hunter2-hunter2'];

  it('runs with them when it is answered live, and the log never holds them', async () => {
    const store = memorySessionStore();
    const tool = change();
    const runs = testRuns(asks(secret), [tool], { store, redactor, approvalWaitMs: 10_000, approve: () => true });
    await runs.start({ text: 'use hunter2-hunter2', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual(secret);
    expect(JSON.stringify(await entriesOf(store, 's'))).not.toContain('hunter2');
  });

  it('is never parked: without a live answer it is declined', async () => {
    const store = memorySessionStore();
    const tool = change();
    const runs = testRuns(asks(secret), [tool], { store, redactor });
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    expect(await runs.state(ref)).toMatchObject({ status: 'ended', unanswered: 1 });
    expect(JSON.stringify(await entriesOf(store, 's'))).not.toContain('hunter2');
  });

  it('is not run by a process that has only the log', async () => {
    const clock = shiftedClock();
    const store = memorySessionStore({ now: clock.now });
    const tool = change();
    const options: Partial<RunsOptions> = { store, redactor, clock, approvalWaitMs: 1_000_000 };
    const runs = testRuns(asks(secret), [tool], options);
    const ref = await runs.start({ text: 'q', session: 's' }, alice);
    const stop = new AbortController();
    const driving = runs.driveSession('s', stop.signal);
    for await (const event of runs.follow(ref)) if (event.type === 'approval-request') break;
    stop.abort();
    await driving;
    const other = testRuns(scriptedModel([{ text: 'done' }]), [tool], options);
    await other.driveSession('s', forever);
    expect(tool.ran).toEqual([]);
    const events = await collectEvents(other.follow(ref));
    expect(eventOf(events, 'tool-result').content).toMatch(/hold a secret/);
    checkLog(await entriesOf(store, 's'));
  });
});

interface TamperingStore extends SessionStore {
  change(how: (entry: StoredEntry) => StoredEntry): void;
}

/** A store whose file somebody edits. */
function tampering(store: SessionStore): TamperingStore {
  let how = (entry: StoredEntry): StoredEntry => entry;
  return {
    ...store,
    change: (next) => {
      how = next;
    },
    read: async (session, options) =>
      (await store.read(session, options)).map((stored) => (stored.entry.type === 'assistant-message' ? how(stored) : stored)),
  };
}
