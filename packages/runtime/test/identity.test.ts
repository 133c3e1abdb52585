import type { Principal, RunTarget } from '@kw/agent';
import type { KubeTargets } from '@kw/kube';
import { describe, expect, it } from 'vitest';
import type { ClusterIdentity } from '../src/config/service-config.ts';
import { identifiedTargets } from '../src/identity.ts';
import { createTokenVault, labelOf } from '../src/token-vault.ts';

const target: RunTarget = { server: 'https://k', caHash: 'system', context: 'kind', user: 'service', fingerprint: 'f' };

function asOf(mode: ClusterIdentity, by: Principal | undefined): Promise<RunTarget> {
  const source: KubeTargets = {
    freeze: async (request) => ({ ...target, context: request.context ?? 'none', ...(request.as !== undefined && { as: request.as }) }),
    open: async () => Promise.reject(new Error('opened')),
    contexts: async () => ['kind'],
  };
  return identifiedTargets(source, { mode, wish: { context: 'kind' } }).freeze(by === undefined ? {} : { by });
}

const ada: Principal = { issuer: 'https://id.example', subject: '17', name: 'ada@example.org', groups: ['dev', 'system:authenticated'] };

describe('as whom commands act', () => {
  it('is the service itself where nothing else is said, for its own user, and where nobody asked', async () => {
    expect((await asOf('own', ada)).as).toBeUndefined();
    for (const mode of ['impersonate', 'pass-through'] as const) {
      expect((await asOf(mode, { issuer: 'local', subject: 'uid:0' })).as).toBeUndefined();
      expect((await asOf(mode, undefined)).as).toBeUndefined();
    }
  });

  it('is the name and the groups of whoever asks, without those that the cluster adds by itself', async () => {
    expect((await asOf('impersonate', ada)).as).toEqual({ via: 'impersonation', user: 'ada@example.org', groups: ['dev'] });
    const account = {
      issuer: 'kubernetes',
      subject: 'system:serviceaccount:shop:web',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    };
    expect((await asOf('impersonate', account)).as).toEqual({ via: 'impersonation', user: 'system:serviceaccount:shop:web' });
    expect((await asOf('impersonate', { ...ada, groups: ['system:serviceaccounts'] })).as?.groups).toEqual(['system:serviceaccounts']);
  });

  it('is the token of whoever asks, which is found by a label that nobody else has', async () => {
    expect((await asOf('pass-through', ada)).as).toEqual({ via: 'token', user: 'ada@example.org (17)' });
    expect(labelOf({ ...ada, subject: '18' })).not.toBe(labelOf(ada));
  });

  it.each([
    ['own', 'impersonation'],
    ['own', 'token'],
    ['impersonate', 'token'],
    ['pass-through', 'impersonation'],
  ] as const)('does not change with the setting: with %s a run by %s is refused', async (mode, via) => {
    const source: KubeTargets = {
      freeze: async () => target,
      open: async () => Promise.reject(new Error('opened')),
      contexts: async () => [],
    };
    const targets = identifiedTargets(source, { mode, wish: {} });
    await expect(targets.open({ ...target, as: { via, user: 'ada' } })).rejects.toMatchObject({ code: 'target-changed' });
  });
});

describe('tokens that users bring along', () => {
  it('are kept until they end, the latest of each, and found for nobody else', () => {
    let now = 0;
    const vault = createTokenVault(() => now);
    vault.remember(ada, 'first', 1_000);
    vault.remember(ada, 'second', 2_000);
    expect([vault.find(labelOf(ada)), vault.has(ada), vault.has({ ...ada, subject: '18' })]).toEqual(['second', true, false]);
    now = 2_000;
    expect([vault.find(labelOf(ada)), vault.has(ada)]).toEqual([undefined, false]);
    vault.remember(ada, 'third');
    now += 10 * 60_000;
    expect(vault.has(ada)).toBe(false);
  });
});
