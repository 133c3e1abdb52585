import assert from 'node:assert/strict';
import { type Entry, isKwError, type Lease, type PartialChunk, type PartialMessage, type Principal, type SessionStore } from '@kw/agent';
import { type ConformanceCase, type ManualClock, manualClock } from './conformance.ts';

/** Two handles on the same data, as two processes hold them. A store in memory gives the same twice. */
export interface SessionHandles {
  readonly first: SessionStore;
  readonly second: SessionStore;
  /** Closes both and removes the data. */
  close(): Promise<void>;
}

/** Opens handles on new, empty data. */
export type OpenSessions = (clock: () => number) => Promise<SessionHandles>;

/** What a case works with. */
export interface SessionScene {
  readonly first: SessionStore;
  readonly second: SessionStore;
  readonly clock: ManualClock;
}

/** The owner of the sessions of the cases. */
export const owner: Principal = { issuer: 'local', subject: 'ada', name: 'Ada' };

/** Makes a case with its own data. */
export function sessionCase(open: OpenSessions, name: string, act: (scene: SessionScene) => Promise<void>): ConformanceCase {
  return {
    name,
    run: async () => {
      const clock = manualClock();
      const { first, second, close } = await open(clock.now);
      try {
        await act({ first, second, clock });
      } finally {
        await close();
      }
    },
  };
}

/** A small entry with a text of one's own. */
export function note(message: string): Entry {
  return { type: 'retry', runId: 'run-1', attempt: 1, delayMs: 0, code: 'note', message };
}

/** The text of an entry made by {@link note}. */
export function noteOf(entry: Entry): string {
  return entry.type === 'retry' ? entry.message : entry.type;
}

/** Appends notes at the head that is given. */
export async function appendNotes(store: SessionStore, session: string, expectedHead: number, messages: readonly string[]): Promise<void> {
  const result = await store.append(session, messages.map(note), { expectedHead, work: { type: 'none' } });
  assert.deepEqual(result, { type: 'appended', head: expectedHead + messages.length });
}

/** A lease that must be had. */
export async function mustAcquire(store: SessionStore, session: string, ttlMs = 30_000): Promise<Lease> {
  const lease = await store.acquire(session, ttlMs);
  assert.ok(lease !== undefined, `the lease of ${session} is free`);
  return lease;
}

/** All texts of a partial by kind, whatever the chunks' borders. */
export function partialText(partial: PartialMessage | undefined, kind: PartialChunk['kind']): string {
  return (partial?.chunks ?? []).map((chunk) => (chunk.kind === kind ? chunk.text : '')).join('');
}

/** Asserts that a promise is rejected with a KwError of this code. */
export async function rejectsWith(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(isKwError(error), `a KwError was expected, not ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}

/** Asserts that a promise settles well before a time-out of the store would let it. */
export async function settlesSoon(promise: Promise<void>, what: string): Promise<void> {
  const limitMs = 2_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} within ${limitMs} ms` })), limitMs);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
