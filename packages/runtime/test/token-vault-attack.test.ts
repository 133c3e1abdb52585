import { expect, it } from 'vitest';
import { createTokenVault, labelOf } from '../src/token-vault.ts';

it("a configured token that is named like a user of the cluster does not find that user's token", () => {
  const vault = createTokenVault(() => 0);
  vault.remember({ issuer: 'kubernetes', subject: 'alice', name: 'alice' }, 'token-of-alice', 1);
  const configured = { issuer: 'token', subject: 'alice', name: 'alice' };
  expect(vault.has(configured)).toBe(false);
  expect(vault.find(labelOf(configured))).toBeUndefined();
  expect(vault.find(labelOf({ issuer: 'kubernetes', subject: 'alice' }))).toBe('token-of-alice');
});

it('a name that looks like another user with his subject is another user', () => {
  const vault = createTokenVault(() => 0);
  vault.remember({ issuer: 'https://id.example', subject: 's1', name: 'bob' }, 'token-of-bob', 1);
  expect(vault.has({ issuer: 'https://id.example', subject: 'bob (s1)', name: 'bob (s1)' })).toBe(false);
});
