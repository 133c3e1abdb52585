import { type Entry, memorySessionStore, type SessionStore } from '@kw/agent';
import { expect, it } from 'vitest';
import { createRunPlaces } from '../../src/team/run-places.ts';
import { teamStore, type TeamStoreOptions, tokenAtHand } from '../../src/team/team-store.ts';

const ann = { issuer: 'token', subject: 'ann' };
const local = { issuer: 'local', subject: 'uid:1' };
const idle = { type: 'none' } as const;
const ready = { type: 'ready' } as const;

const start: Entry = {
  type: 'run-start',
  runId: 's1.1',
  message: { role: 'user', content: 'hello secret question', origin: 'person' },
  settings: {
    model: { provider: 'p', id: 'm' },
    policy: { mode: 'ask-writes', rules: [] },
    approvals: 'ask',
    limits: { iterations: 1, equalCalls: 1 },
  },
  by: ann,
};
const intent = (effect: 'read' | 'write'): Entry => ({
  type: 'tool-intent',
  runId: 's1.1',
  callId: `c-${effect}`,
  tool: 'kubectl',
  summary: 'kubectl get pods',
  effect,
  traits: [],
  reasons: [],
  fingerprint: effect,
  decidedBy: 'it only reads',
});

interface Scene {
  readonly store: SessionStore;
  readonly inner: SessionStore;
  readonly lines: string[];
  readonly warnings: string[];
}

async function scene(options: Partial<TeamStoreOptions> = {}): Promise<Scene> {
  const inner = memorySessionStore();
  const lines: string[] = [];
  const warnings: string[] = [];
  const { sessions: store } = teamStore(inner, {
    places: createRunPlaces(inner),
    audit: { write: (line) => lines.push(line), close: () => undefined },
    isStopped: () => false,
    warn: (message) => warnings.push(message),
    ...options,
  });
  await store.create({ id: 's1', owner: ann });
  return { store, inner, lines, warnings };
}

const typesOf = (lines: readonly string[]): readonly unknown[] => lines.map((line) => JSON.parse(line).type);

it('an intent is written down before it is in the log, once however often the append is tried, and what is asked is not', async () => {
  const { store, lines } = await scene();
  await store.append('s1', [start], { expectedHead: 0, work: ready });
  expect(await store.append('s1', [intent('write')], { expectedHead: 0, work: ready })).toMatchObject({ type: 'head-moved' });
  expect(typesOf(lines)).toEqual(['question', 'intent']);
  await store.append('s1', [intent('write')], { expectedHead: 1, work: ready });
  expect(typesOf(lines)).toEqual(['question', 'intent']);
  expect(lines.join('')).not.toContain('secret question');
});

it('another process finds out whose run it is', async () => {
  const { inner, store } = await scene();
  await store.append('s1', [start], { expectedHead: 0, work: ready });
  const lines: string[] = [];
  const { sessions } = teamStore(inner, {
    places: createRunPlaces(inner),
    audit: { write: (line) => lines.push(line), close: () => undefined },
    isStopped: () => false,
    warn: () => undefined,
  });
  await sessions.append('s1', [intent('write')], { expectedHead: 1, work: ready });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'intent', by: ann, session: 's1', run: 's1.1' });
});

it('where the audit log can not be written, reads go on with one warning and changes do not', async () => {
  const full = {
    write: () => {
      throw new Error('ENOSPC');
    },
    close: () => undefined,
  };
  const { store, inner, warnings } = await scene({ audit: full });
  await store.append('s1', [start], { expectedHead: 0, work: ready });
  await store.append('s1', [intent('read')], { expectedHead: 1, work: ready });
  await expect(store.append('s1', [intent('write')], { expectedHead: 2, work: ready })).rejects.toMatchObject({
    code: 'store-unavailable',
  });
  expect((await inner.get('s1'))?.head).toBe(2);
  expect(warnings).toEqual([expect.stringContaining('ENOSPC')]);
});

it('while everything is stopped nothing is offered for driving', async () => {
  let stopped = true;
  const { store } = await scene({ isStopped: () => stopped });
  await store.append('s1', [start], { expectedHead: 0, work: ready });
  expect(await store.claimable(10)).toEqual([]);
  stopped = false;
  expect(await store.claimable(10)).toEqual(['s1']);
});

it('runs whose token is not at hand are not offered, and do not stand in the way of others', async () => {
  const { store } = await scene({ mayDrive: tokenAtHand(({ subject }) => subject === 'bob') });
  await store.append('s1', [start], { expectedHead: 0, work: ready });
  for (let index = 0; index < 40; index += 1) {
    await store.create({ id: `ann-${index}`, owner: ann });
    await store.append(`ann-${index}`, [start], { expectedHead: 0, work: ready });
  }
  for (const [id, owner] of [
    ['bobs', { issuer: 'token', subject: 'bob' }],
    ['mine', local],
  ] as const) {
    await store.create({ id, owner });
    await store.append(id, [start], { expectedHead: 0, work: ready });
  }
  expect((await store.claimable(2)).toSorted()).toEqual(['bobs', 'mine']);
  await store.append('mine', [intent('read')], { expectedHead: 1, work: idle });
  expect(await store.claimable(2)).toEqual(['bobs']);
});
