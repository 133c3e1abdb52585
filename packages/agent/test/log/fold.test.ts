import { describe, expect, it } from 'vitest';
import { type Entry, isKnown, memorySessionStore, type StoredEntry } from '../../src/index.ts';
import { foldLog } from '../../src/log/fold.ts';
import { historyOf } from '../../src/log/history.ts';
import { workOf } from '../../src/log/work.ts';
import { fakeTool } from '../../src/testing/index.ts';
import { scriptedModel } from '@kw/providers/testing';
import { alice, entriesOf, testRuns } from '../support.ts';

const forever = new AbortController().signal;

async function log(): Promise<readonly StoredEntry[]> {
  const store = memorySessionStore();
  const runs = testRuns(
    scriptedModel([{ text: 'a', toolCalls: [{ name: 'look', arguments: { text: 'x' } }] }, { text: 'b' }, { text: 'c' }]),
    [fakeTool()],
    { store },
  );
  for (const text of ['one', 'two']) {
    await runs.start({ text, session: 's' }, alice);
    await runs.driveSession('s', forever);
  }
  return entriesOf(store, 's');
}

const strange = (type: string, seq: number, version = 1): StoredEntry => ({
  seq,
  version,
  at: 0,
  entry: JSON.parse(JSON.stringify({ type, runId: 's.2', what: [1] })),
});

describe('a session as a function of its entries', () => {
  it('unknown types are skipped, wherever they stand', async () => {
    const entries = await log();
    const mixed = entries.flatMap((entry) => [strange('weather', entry.seq), entry]);
    expect(historyOf(mixed)).toEqual(historyOf(entries));
    expect(foldLog(mixed).runs).toEqual(foldLog(entries).runs);
    expect(isKnown(strange('weather', 1))).toBe(false);
  });

  it('an entry of a later version is skipped, and the session is left to newer programs', async () => {
    const entries = await log();
    expect(foldLog(entries).newer).toBe(false);
    expect(foldLog([...entries, strange('tool-result', entries.length + 1, 99)]).newer).toBe(true);
  });

  it('folding the runs before once gives the same as folding all', async () => {
    const entries = await log();
    const between = entries.map((_, cut) => cut).filter((cut) => foldLog(entries.slice(0, cut)).current === undefined);
    expect(between).toHaveLength(2);
    for (const cut of between) expect(foldLog(entries.slice(cut), foldLog(entries.slice(0, cut)))).toEqual(foldLog(entries));
  });

  it('any prefix gives a history in which each call is answered once', async () => {
    const entries = await log();
    for (let cut = 0; cut <= entries.length; cut += 1) {
      const history = historyOf(entries.slice(0, cut));
      const calls = history.flatMap((message) =>
        message.role === 'assistant' ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])) : [],
      );
      expect(history.flatMap((message) => (message.role === 'tool' ? [message.callId] : []))).toEqual(calls);
    }
  });

  it('there is work exactly while a run has no end', async () => {
    const entries = await log();
    for (let cut = 1; cut <= entries.length; cut += 1) {
      const ended = entries[cut - 1]?.entry.type === 'run-end';
      expect(workOf(foldLog(entries.slice(0, cut))).type).toBe(ended ? 'none' : 'ready');
    }
  });

  it('a second end, answer or result changes nothing', async () => {
    const entries = await log();
    const again = entries
      .filter(({ entry }) => entry.type === 'run-end' || entry.type === 'tool-result')
      .map(({ entry }, index): StoredEntry => ({ seq: entries.length + index + 1, version: 1, at: 9, entry: other(entry) }));
    const [a, b] = [foldLog(entries), foldLog([...entries, ...again])];
    expect(b.runs.map((run) => [run.end?.entry, [...run.calls.values()]])).toEqual(
      a.runs.map((run) => [run.end?.entry, [...run.calls.values()]]),
    );
  });
});

function other(entry: Entry): Entry {
  return entry.type === 'run-end' ? { ...entry, outcome: { type: 'failed', code: 'x', message: 'x' } } : entry;
}
