import type { Principal } from '@kw/agent';
import { expect, it } from 'vitest';
import { holdBudgets } from '../../src/team/hold-budgets.ts';

const owners: Readonly<Record<string, Principal>> = {
  a1: { issuer: 'token', subject: 'ann' },
  a2: { issuer: 'token', subject: 'ann' },
  b1: { issuer: 'token', subject: 'bob' },
  c1: { issuer: 'token', subject: 'cid' },
  c2: { issuer: 'token', subject: 'cid' },
};

async function cancelled(spent: readonly string[]): Promise<readonly string[]> {
  const ended: string[] = [];
  await holdBudgets({
    driven: () => [...Object.keys(owners), 'gone'],
    ownerOf: async (session) => owners[session],
    spentBy: async ({ subject }) => (spent.includes(subject) ? `budget of ${subject}` : undefined),
    cancel: async (session, reason) => {
      ended.push(`${session}: ${reason}`);
    },
  });
  return ended;
}

it('questions that were asked at once, each with all of a budget, end when it is spent; those of others go on', async () => {
  expect(await cancelled(['ann'])).toEqual(['a1: budget of ann', 'a2: budget of ann']);
});

it('one alone ends at its own limit, with its answer', async () => {
  expect(await cancelled(['bob'])).toEqual([]);
});
