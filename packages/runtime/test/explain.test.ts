import type { Policy, RunTarget } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { explain } from '../src/explain.ts';

const policy: Policy = {
  mode: 'ask-writes',
  rules: [{ action: 'deny', effect: 'write', namespace: 'payments', reason: 'payments is frozen' }],
};
const target: RunTarget = { server: 'https://a', caHash: 'c', context: 'dev', user: 'u', namespace: 'payments', fingerprint: 'f' };

describe('explaining whether a command would run', () => {
  it.each([
    ['kubectl get pods', 'allow'],
    ['kubectl scale deploy/web --replicas=2', 'ask'],
    ['kubectl scale deploy/web --replicas=2 -n payments', 'deny'],
    ['kubectl get pods | grep web', 'allow'],
    ['kubectl get pods && kubectl delete pod web-1 -n payments', 'deny'],
    ['kubectl edit deploy/web', 'deny'],
    ['kubectl get pods --context prod', 'ask'],
  ])('%s: %s', async (line, verdict) => {
    expect((await explain(line, { policy })).decision.verdict).toBe(verdict);
  });

  it('says it of each part, with the reason', async () => {
    const { parts, decision } = await explain('kubectl get pods -n a; kubectl delete pod x -n payments', { policy });
    expect(parts.map(({ text, decision: of }) => [text, of.verdict])).toEqual([
      ['kubectl get pods -n a', 'allow'],
      ['kubectl delete pod x -n payments', 'deny'],
    ]);
    expect(decision.reason).toBe('payments is frozen');
  });

  it('means the namespace of the target where none is named', async () => {
    expect(await explain('kubectl delete pod x', { policy, target })).toMatchObject({ decision: { verdict: 'deny' }, target });
  });
});
