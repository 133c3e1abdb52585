import { memoryOutputStore, memorySessionStore } from '@kw/agent';
import { expect, it } from 'vitest';
import { membersOf } from '../../src/sessions/members.ts';
import { deleteOld } from '../../src/team/delete-old.ts';

const owner = { issuer: 'token', subject: 'ann' };

it('deletes what nobody touched for long, with its outputs, however many there are, and nothing that is driven', async () => {
  let now = 0;
  const sessions = memorySessionStore({ now: () => now });
  const outputs = memoryOutputStore();
  for (let index = 0; index < 250; index += 1) await sessions.create({ id: `old-${index}`, owner });
  const sink = await outputs.write('old-0');
  await sink.write('text\n');
  const { ref } = await sink.close();
  now = 1_000;
  await sessions.create({ id: 'new', owner });
  await sessions.acquire('old-7', 60_000);
  expect(await deleteOld({ sessions, outputs }, 1_000)).toBe(249);
  expect((await sessions.list(owner)).map(({ id }) => id).toSorted()).toEqual(['new', 'old-7']);
  expect(await outputs.reader('old-0').info(ref)).toBeUndefined();
});

it('people are named in short or with their issuer, and whoever is both is an approver', () => {
  const info = { id: 's', owner, createdAt: 0, updatedAt: 0, head: 0, work: { type: 'none' } } as const;
  const first = membersOf(info, { viewers: ['bob', 'https://id.example#cid', 'bob'], approvers: ['dan'] });
  expect(first).toEqual([
    { person: 'token#dan', role: 'approver' },
    { person: 'token#bob', role: 'viewer' },
    { person: 'https://id.example#cid', role: 'viewer' },
  ]);
  expect(membersOf({ ...info, members: first }, { approvers: ['bob'] })).toEqual([
    { person: 'token#bob', role: 'approver' },
    { person: 'https://id.example#cid', role: 'viewer' },
  ]);
  expect(membersOf({ ...info, members: first }, { viewers: [], approvers: [] })).toEqual([]);
});
