import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { memorySessionStore, type SessionStore, type StoredEntry } from '../../src/index.ts';
import { foldLog } from '../../src/log/fold.ts';
import { extended, foldedLog } from '../../src/log/folded-log.ts';
import { createLogReader } from '../../src/log/log-reader.ts';
import { fakeTool } from '../../src/testing/index.ts';
import { alice, entriesOf, testRuns } from '../support.ts';

/** A store whose session `s` holds three runs with calls, approvals and a grant. */
async function filled(): Promise<SessionStore> {
  const store = memorySessionStore();
  const tools = [fakeTool(), fakeTool({ name: 'change', effect: 'write' })];
  for (let run = 0; run < 3; run += 1) {
    const calls = [
      { name: 'look', arguments: { text: `${run}` } },
      { name: 'change', arguments: { text: 'x' } },
    ];
    const runs = testRuns(scriptedModel([{ toolCalls: calls }, { text: 'done' }]), tools, {
      store,
      approve: () => ({ decision: 'approve', grant: 'exact' }),
    });
    await runs.start({ text: 'q', session: 's' }, alice);
    await runs.driveSession('s', new AbortController().signal);
    const [grant] = await runs.grants('s', alice);
    if (run === 1) await runs.revokeGrant('s', grant?.grantId ?? '', alice);
  }
  return store;
}

function counted(store: SessionStore): { readonly store: SessionStore; entries(): number } {
  let count = 0;
  return {
    entries: () => count,
    store: {
      ...store,
      read: async (session, options) => {
        const page = await store.read(session, options);
        count += page.length;
        return page;
      },
    },
  };
}

describe('a log that is made longer', () => {
  it('tells the same as one that is folded at once, wherever it is cut', async () => {
    const entries = await entriesOf(await filled(), 's');
    const whole = foldLog(entries);
    for (let cut = 0; cut <= entries.length; cut += 1) {
      expect(extended(foldedLog(entries.slice(0, cut)), entries.slice(cut)).view).toEqual(whole);
      let log = foldedLog([]);
      for (let at = 0; at < entries.length; at += Math.max(1, cut)) log = extended(log, entries.slice(at, at + Math.max(1, cut)));
      expect(log.view).toEqual(whole);
      expect(log.entries).toEqual(entries);
    }
  });
});

describe('a reader of logs', () => {
  it('reads each entry once, and what others append', async () => {
    const kept = await filled();
    const { store, entries } = counted(kept);
    const reader = createLogReader(store);
    const before = await reader.read('s');
    const all = entries();
    const cancel = { type: 'cancel-request', runId: 's.3', by: alice, reason: 'r' } as const;
    await kept.append('s', [cancel, cancel], { expectedHead: before.view.head, work: { type: 'none' } });
    const after = await reader.read('s');
    expect(after.view.head).toBe(before.view.head + 2);
    expect(entries() - all).toBe(3);
    expect(after.view).toEqual(foldLog(await entriesOf(kept, 's')));
    expect(before.entries).toHaveLength(before.view.head);
  });

  it('begins anew where a session was deleted and made again', async () => {
    const kept = await filled();
    const reader = createLogReader(kept);
    await reader.read('s');
    await kept.delete('s');
    expect((await reader.read('s')).view.head).toBe(0);
    await reader.read('s');
    const other = await filled();
    const moved: Pick<SessionStore, 'read'> = { read: (session, options) => (fromOther ? other : kept).read(session, options) };
    let fromOther = true;
    const second = createLogReader(moved);
    await second.read('s');
    await other.delete('s');
    await other.create({ id: 's', owner: alice });
    fromOther = false;
    expect((await second.read('s')).view.runs).toEqual([]);
  });

  it('begins anew where the last known entry is another one', async () => {
    const entries = [...(await entriesOf(await filled(), 's'))];
    const store = {
      read: async (_: string, { after }: { readonly after: number }): Promise<readonly StoredEntry[]> => entries.slice(after),
    };
    const reader = createLogReader(store);
    await reader.read('s');
    const last = entries.at(-1);
    if (last === undefined) throw new Error('no entries');
    entries[entries.length - 1] = { ...last, entry: { type: 'cancel-request', runId: 's.3', by: alice, reason: 'r' } };
    const again = await reader.read('s');
    expect(again.view).toEqual(foldLog(entries));
    expect(again.view.current?.cancel).toBeDefined();
  });

  it('remembers so much and no more', async () => {
    const kept = await filled();
    const size = (await entriesOf(kept, 's')).length;
    for (const options of [{ maxSessions: 0 }, { maxEntries: size - 1 }]) {
      const { store, entries } = counted(kept);
      const reader = createLogReader(store, options);
      await reader.read('s');
      await reader.read('s');
      expect(entries()).toBe(2 * size);
    }
  });

  it('lets long texts go, but never those of the last session that was read', async () => {
    const logs = ['a', 'b'].map((session): readonly [string, readonly StoredEntry[]] => [session, [runEnd(`${session}.1`, 600)]]);
    const all = new Map(logs);
    let read = 0;
    const store: Pick<SessionStore, 'read'> = {
      read: async (session, { after }) => {
        if (after === 0) read += 1;
        return (all.get(session) ?? []).slice(after === 0 ? 0 : after - 1);
      },
    };
    const reader = createLogReader(store, { maxUnits: 1_000 });
    const first = await reader.read('a');
    expect((await reader.read('a')).entries[0]).toBe(first.entries[0]);
    await reader.read('b');
    const whole = read;
    await reader.read('a');
    expect(read).toBeGreaterThan(whole);
  });
});

function runEnd(runId: string, units: number): StoredEntry {
  const usage = { inputTokens: 0, outputTokens: 0 };
  const outcome = { type: 'completed', answer: 'a'.repeat(units) } as const;
  return { seq: 1, version: 1, at: 0, entry: { type: 'run-end', runId, outcome, usage, turns: 1, unanswered: 0 } };
}
