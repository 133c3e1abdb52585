import { type ChatModel, type ChatRequest, KwError } from '@kw/providers';
import { type ScriptedModel, scriptedModel, type ScriptedTurn } from '@kw/providers/testing';
import { describe, expect, it, vi } from 'vitest';
import { createRedactor, memorySessionStore, type RunsOptions, type SessionStore, type StoredEntry } from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool, faultyStore, shiftedClock } from '../../src/testing/index.ts';
import { alice, bob, checkLog, entriesOf, testRuns } from '../support.ts';

const forever = new AbortController().signal;
const question = 'why is checkout failing?';

function isSummaryRequest({ messages }: ChatRequest): boolean {
  return messages[0]?.role === 'system' && messages[0].content.includes('Summarise the transcript');
}

const thoughts = 'So the next thing to look at is the deployment and its pods. '.repeat(12);

/** Calls `look` so often, then answers; summaries are `summary`. */
function investigator(calls: number, summary: ScriptedTurn): (request: ChatRequest, index: number) => ScriptedTurn {
  let made = 0;
  return (request) => {
    if (isSummaryRequest(request)) return summary;
    made += 1;
    return made > calls ? { text: 'the answer' } : { text: thoughts, toolCalls: [{ name: 'look', arguments: { text: `step ${made}` } }] };
  };
}

const look = (lines = 60): ReturnType<typeof fakeTool> =>
  fakeTool({
    output: (text) => `${text}: ${Array.from({ length: lines }, (_, line) => `pod-${line} is Running on node-${line}`).join('\n')}\n`,
  });

const small = { limits: { contextWindow: 4_096, maxOutputTokens: 1_024 } };

async function investigate(
  model: ChatModel,
  options: Partial<RunsOptions> = {},
): Promise<{ store: SessionStore; entries: readonly StoredEntry[]; events: Awaited<ReturnType<typeof collectEvents>> }> {
  const store = options.store ?? memorySessionStore();
  const runs = testRuns(model, [look()], { ...options, store });
  const ref = await runs.start({ text: question, session: 's' }, alice);
  await runs.driveSession('s', forever);
  const events = await collectEvents(runs.follow(ref));
  const entries = await entriesOf(store, 's');
  checkLog(entries);
  return { store, entries, events };
}

function compactions(entries: readonly StoredEntry[]): readonly Extract<StoredEntry['entry'], { type: 'context-compacted' }>[] {
  return entries.flatMap(({ entry }) => (entry.type === 'context-compacted' ? [entry] : []));
}

function mainRequests(model: ScriptedModel): readonly ChatRequest[] {
  return model.requests.filter((request) => !isSummaryRequest(request));
}

describe('a long run in a small window', () => {
  it('summarises its old turns, goes on with summary and question, and ends', async () => {
    const model = scriptedModel(investigator(14, { text: 'Pods 0 to 59 run; nothing is wrong so far.' }), small);
    const { entries, events } = await investigate(model);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'the answer' });
    const { before, after, turns } = eventOf(events, 'context-compacted');
    expect(after).toBeLessThan(before);
    expect(turns).toBeGreaterThan(1);
    const last = mainRequests(model).at(-1)?.messages ?? [];
    expect(last[1]).toMatchObject({ role: 'user', content: expect.stringContaining('Pods 0 to 59 run') });
    expect(last[1]?.role === 'user' && last[1].content).toContain(question);
    expect(compactions(entries)[0]?.message.origin).toBe('program');
    // The prefix changes with a compaction only, not with each turn.
    expect(compactions(entries).length).toBeLessThan(6);
  });

  it('counts the requests for summaries: never more requests than the limit', async () => {
    const model = scriptedModel(investigator(100, { text: 'Nothing yet.' }), small);
    const { events } = await investigate(model, {
      settings: { model: { provider: 'scripted', id: 'scripted' }, limits: { iterations: 16 } },
    });
    expect(model.requests).toHaveLength(16);
    expect(eventOf(events, 'run-end').outcome).toMatchObject({ type: 'limit', limit: 'iterations' });
  });

  it('lets the program outline what was done where the model says nothing', async () => {
    const model = scriptedModel(investigator(12, { text: '' }), small);
    const { entries, events } = await investigate(model);
    expect(eventOf(events, 'run-end').outcome.type).toBe('completed');
    expect(compactions(entries)[0]?.message.content).toContain('- look {"text":"step 1"}');
  });

  it('cuts texts as before where the model fails to summarise', async () => {
    const model = scriptedModel(investigator(12, { error: new KwError('rate-limited', 'for ever') }), small);
    const { entries, events } = await investigate(model);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'the answer' });
    expect(compactions(entries)).toEqual([]);
    expect(model.requests.filter(isSummaryRequest)).toHaveLength(1);
  });

  it('keeps secrets out of the request for a summary, and out of the summary', async () => {
    const redactor = createRedactor({ secrets: ['hunter2-hunter2'] });
    const model = scriptedModel(investigator(12, { text: 'The password is hunter2-hunter2.' }), small);
    const { entries } = await investigate(model, { redactor });
    expect(compactions(entries)[0]?.message.content).toContain('The password is [redacted');
    expect(JSON.stringify(model.requests)).not.toContain('hunter2');
  });

  it('goes on rightly when it is killed at any operation of the store', async () => {
    const counting = faultyStore(memorySessionStore(), { at: Number.MAX_SAFE_INTEGER, fault: 'halt-before', only: ['append'] });
    await investigate(scriptedModel(investigator(10, { text: 'So far so good.' }), small), { store: counting });
    expect(counting.operations()).toBeGreaterThan(20);
    for (let at = 14; at <= counting.operations(); at += 1) {
      const clock = shiftedClock();
      const store = memorySessionStore({ now: clock.now });
      const dying = faultyStore(store, { at, fault: at % 2 === 0 ? 'halt-before' : 'halt-after', only: ['append'] });
      const script = investigator(10, { text: 'So far so good.' });
      const first = testRuns(scriptedModel(script, small), [look()], { store: dying, clock });
      await first.start({ text: question, session: 's' }, alice);
      const gone = new AbortController();
      const driving = first.driveSession('s', gone.signal);
      await Promise.race([driving, vi.waitUntil(() => dying.operations() >= at, { interval: 1 })]);
      clock.advance(31_000);
      await testRuns(scriptedModel(script, small), [look()], { store, clock }).driveSession('s', forever);
      const entries = await entriesOf(store, 's');
      checkLog(entries);
      expect(entries.at(-1)?.entry).toMatchObject({ type: 'run-end', outcome: { type: 'completed' } });
      gone.abort();
    }
  });
});

describe('a request that the vendor finds too long', () => {
  const tooLong = new KwError('context-length-exceeded', 'too long');

  it('is compacted once and sent once more', async () => {
    let refused = false;
    const script = investigator(10, { text: 'So far so good.' });
    const model = scriptedModel((request, index) => {
      const isLong = request.messages.length > 12 && !isSummaryRequest(request) && !refused;
      refused ||= isLong;
      return isLong ? { error: tooLong } : script(request, index);
    });
    const { entries, events } = await investigate(model);
    expect(refused).toBe(true);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'the answer' });
    expect(compactions(entries).length).toBeGreaterThanOrEqual(1);
  });

  it('ends with a clear failure where it is too long still, and never loops', async () => {
    const model = scriptedModel(() => ({ error: tooLong }));
    const { events } = await investigate(model);
    expect(eventOf(events, 'run-end').outcome).toMatchObject({ type: 'failed', code: 'context-length-exceeded' });
    expect(model.requests).toHaveLength(2);
  });
});

describe('compacting on demand', () => {
  it('summarises what is old, and the next question is answered from the summary', async () => {
    const model = scriptedModel((request) =>
      isSummaryRequest(request) ? { text: 'The user asked about checkout.' } : { text: 'word '.repeat(600) },
    );
    const runs = testRuns(model, [look()], {});
    for (let turn = 0; turn < 6; turn += 1) {
      await runs.start({ text: `question ${turn}`, session: 's' }, alice);
      await runs.driveSession('s', forever);
    }
    const compacted = await runs.compact('s', alice);
    expect(compacted?.after).toBeLessThan((compacted?.before ?? 0) / 2);
    expect(compacted?.turns).toBe(5);
    const ref = await runs.start({ text: 'and now?', session: 's' }, alice);
    await runs.driveSession('s', forever);
    expect((await runs.state(ref))?.status).toBe('ended');
    const last = model.requests.at(-1)?.messages ?? [];
    expect(JSON.stringify(last)).toContain('The user asked about checkout.');
    expect(JSON.stringify(last)).not.toContain('question 1');
    expect(JSON.stringify(last)).toContain('question 5');
  });

  it('is for the owner, between runs, and says where nothing is gained', async () => {
    const runs = testRuns(scriptedModel([{ text: 'short' }]), [look()], {});
    await runs.start({ text: 'q', session: 's' }, alice);
    await expect(runs.compact('s', alice)).rejects.toMatchObject({ code: 'session-busy' });
    await runs.driveSession('s', forever);
    expect(await runs.compact('s', alice)).toBeUndefined();
    await expect(runs.compact('s', bob)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(runs.compact('t', alice)).rejects.toMatchObject({ code: 'unknown-session' });
  });
});
