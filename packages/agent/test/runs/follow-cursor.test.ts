import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import {
  type AgentEvent,
  type Cursor,
  type Entry,
  memorySessionStore,
  type RunRef,
  type Runs,
  type SessionStore,
} from '../../src/index.ts';
import { collectEvents, fakeTool, faultyStore, textOfEvents } from '../../src/testing/index.ts';
import { alice, entriesOf, testRuns } from '../support.ts';

const reasoning = 'I think';
const text = 'Let me 😀 look.';
const units = reasoning.length + text.length + 2; // two calls

function story(): ReturnType<typeof scriptedModel> {
  const toolCalls = ['a', 'b'].map((argument) => ({ name: 'look', arguments: { text: argument } }));
  return scriptedModel([{ reasoning, text, toolCalls }, { text: 'Done, at last.' }, { text: 'Another answer, which is longer.' }]);
}

async function runToEnd(runs: Runs, session?: string): Promise<RunRef> {
  const ref = await runs.start({ text: 'q', ...(session === undefined ? {} : { session }) }, alice);
  await runs.driveSession(ref.session, new AbortController().signal);
  return ref;
}

const bad = { code: 'bad-cursor', message: expect.stringContaining('Leave Last-Event-ID') };

describe('a cursor of a log', () => {
  it('that was given out passes, in any process', async () => {
    const store = memorySessionStore();
    const runs = testRuns(story(), [fakeTool()], { store });
    const ref = await runs.start({ text: 'q' }, alice);
    const [live] = await Promise.all([collectEvents(runs.follow(ref)), runs.driveSession(ref.session, new AbortController().signal)]);
    const other = testRuns(story(), [], { store });
    for (const { cursor } of [...live, ...(await collectEvents(runs.follow(ref)))]) await other.checkCursor(ref.session, cursor);
    for (let offset = 0; offset <= units; offset += 1) await other.checkCursor(ref.session, `1:${offset}`);
  });

  it('passes while the engine fails, where the log is held in memory and where it is not', async () => {
    for (let at = 2; at < 9; at += 1) {
      const inner = memorySessionStore();
      const store = faultyStore(inner, { at, fault: 'unavailable', only: ['append', 'appendPartial', 'renew', 'release'] });
      const runs = testRuns(story(), [fakeTool()], { store });
      const other = testRuns(story(), [], { store: inner });
      const ref = await runs.start({ text: 'q' }, alice);
      const driving = runs.driveSession(ref.session, new AbortController().signal);
      const kept = new Set<number>();
      let after: Cursor = '0:0';
      let whole = '';
      for (let isOver = false; !isOver;)
        for await (const event of runs.follow(ref, { after })) {
          after = event.cursor;
          if (event.type === 'text-delta' || event.type === 'reasoning-delta') whole += event.text;
          isOver = event.type === 'run-end';
          await runs.checkCursor(ref.session, after);
          const seq = Number(after.split(':')[0]);
          if (seq <= (await entriesOf(inner, ref.session)).length) await other.checkCursor(ref.session, after);
          kept.add(seq);
          break;
        }
      await driving.catch(() => undefined); // its lease cannot be given back
      expect(whole).toBe(`${reasoning}${text}Done, at last.`);
      expect(kept.size).toBeGreaterThan(5);
    }
  });

  it('with more than the message after it has is refused, with the way out', async () => {
    const runs = testRuns(story(), [fakeTool()]);
    const ref = await runToEnd(runs);
    const log = await collectEvents(runs.follow(ref));
    const second = log.findLast((event) => event.type === 'tool-result')?.cursor.split(':')[0];
    const calling = log.find((event) => event.type === 'tool-start')?.cursor.split(':')[0];
    const cursors: readonly Cursor[] = [`1:${units + 1}`, '1:99999', '0:99999', '0:24', `${Number(second)}:15`, `${Number(calling)}:1`];
    for (const cursor of cursors) {
      await expect(runs.checkCursor(ref.session, cursor)).rejects.toMatchObject(bad);
      await expect(collectEvents(runs.follow(ref, { after: cursor }))).rejects.toMatchObject(bad);
    }
    await expect(runs.checkCursor(ref.session, '999:0')).rejects.toMatchObject(bad);
  });

  it('in the message of a run gives all of a later one', async () => {
    const runs = testRuns(story(), [fakeTool()]);
    const { session } = await runToEnd(runs);
    const later = await runToEnd(runs, session);
    expect(await collectEvents(runs.follow(later, { after: '1:9' }))).toEqual(await collectEvents(runs.follow(later)));
  });
});

interface Writing {
  readonly store: SessionStore;
  readonly runs: Runs;
  readonly ref: RunRef;
  readonly write: (text: string) => Promise<unknown>;
  readonly append: (entries: readonly Entry[]) => Promise<unknown>;
}

/** A run whose driver is the test. */
async function writing(): Promise<Writing> {
  const store = memorySessionStore();
  const runs = testRuns(story(), [], { store, pollMs: 5 });
  const ref = await runs.start({ text: 'q' }, alice);
  const lease = await store.acquire(ref.session, 60_000);
  if (lease === undefined) throw new Error('somebody drives it');
  return {
    store,
    runs,
    ref,
    write: (words) => store.appendPartial(lease, [{ kind: 'text', text: words }]),
    append: async (entries) => {
      const expectedHead = (await entriesOf(store, ref.session)).length;
      return store.append(ref.session, entries, { expectedHead, lease, work: { type: 'ready' }, endsPartial: true });
    },
  };
}

const usage = { inputTokens: 0, outputTokens: 0 };

function said(runId: string, words: string): Entry {
  const message = { role: 'assistant', content: [{ type: 'text', text: words }] } as const;
  return { type: 'assistant-message', runId, turn: 1, message, finish: 'stop', usage, units: words.length };
}

function ended(runId: string): Entry {
  return { type: 'run-end', runId, outcome: { type: 'completed', answer: 'x' }, usage, turns: 1, unanswered: 0 };
}

/** Begins to read, and lets something happen once the reader has looked at least once. */
async function readWhile({ runs, store, ref }: Writing, after: Cursor, act: () => Promise<unknown>): Promise<readonly AgentEvent[]> {
  await runs.checkCursor(ref.session, after);
  const reading = collectEvents(runs.follow(ref, { after }));
  reading.catch(() => undefined); // awaited below
  for (let look = 0; look < 4; look += 1) await store.changed(ref.session, { timeoutMs: 10 });
  await act();
  return reading;
}

describe('a cursor that is ahead of the text that can be seen', () => {
  it('gets the rest where the message was written on elsewhere', async () => {
    const scene = await writing();
    await scene.write('Hel');
    const { runId } = scene.ref;
    const events = await readWhile(scene, '1:5', () => scene.append([said(runId, 'Hello world'), ended(runId)]));
    expect(textOfEvents(events)).toBe(' world');
  });

  it('goes on where the text is void, and where the run ends', async () => {
    const scene = await writing();
    await scene.write('Hel');
    const { runId } = scene.ref;
    const voided: Entry = { type: 'message-discarded', runId, text: 'Hel', code: 'interrupted', reason: 'stopped' };
    const events = await readWhile(scene, '1:5', () => scene.append([voided, said(runId, 'New'), ended(runId)]));
    expect(events.map(({ type }) => type)).toEqual(['message-discarded', 'text-delta', 'turn-end', 'run-end']);
    const other = await writing();
    expect(await readWhile(other, '1:5', () => other.append([ended(other.ref.runId)]))).toHaveLength(1);
  });

  it('ends in an error where the message is shorter: nothing of the next one is left out', async () => {
    const scene = await writing();
    const { runId } = scene.ref;
    const append = (): Promise<unknown> => scene.append([said(runId, 'Hello'), said(runId, 'a longer one'), ended(runId)]);
    await expect(readWhile(scene, '1:8', append)).rejects.toMatchObject(bad);
  });

  it('ends in an error as soon as the text grows behind it', async () => {
    const scene = await writing();
    await scene.write('Hel');
    await expect(readWhile(scene, '1:99999', () => scene.write('lo'))).rejects.toMatchObject(bad);
  });
});
