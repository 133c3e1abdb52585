import { describe, expect, it } from 'vitest';
import { decide, type JudgedCall, type PolicyRule, type Verdict } from '../src/index.ts';
import { judge } from '../src/executor/judge.ts';
import type { Tool, ToolInvocation } from '../src/index.ts';

const verdict = (rule: PolicyRule, call: Partial<JudgedCall>, mode: 'ask-writes' | 'auto' = 'ask-writes'): Verdict =>
  decide({ mode, rules: [rule] }, { tool: 'kubectl', effect: 'read', traits: [], subject: {}, ...call }).verdict;

const invocation = (facts: Partial<ToolInvocation>): Tool => ({
  name: 'kubectl',
  description: '',
  parameters: {},
  version: '1',
  prepare: () => ({
    effect: 'read',
    traits: [],
    reasons: ['r'],
    summary: 's',
    async *run() {
      yield { type: 'result', isError: false };
    },
    ...facts,
  }),
});

const target = { server: 'https://c', caHash: 'x', context: 'dev', user: 'me', fingerprint: 'f' };

function judged(tool: Tool, rule: PolicyRule): string {
  const judgement = judge(
    { type: 'tool-call', id: 'c', name: 'kubectl', arguments: '{}' },
    { tools: new Map([['kubectl', tool]]), policy: { mode: 'ask-writes', rules: [rule] }, target },
  );
  return judgement.type === 'judged' ? judgement.decision.verdict : judgement.type;
}

describe('a rule for a context', () => {
  it('does not allow what moves to a target that is not known', () => {
    expect(verdict({ action: 'allow', context: 'dev' }, { traits: ['moves-target'], subject: { context: '*' } })).toBe('ask');
    expect(judged(invocation({ traits: ['moves-target'] }), { action: 'allow', context: 'dev' })).toBe('ask');
  });

  it('forbids what moves to a target that is not known', () => {
    expect(verdict({ action: 'deny', context: 'prod*' }, { traits: ['moves-target'], subject: { context: '*' } })).toBe('deny');
    expect(judged(invocation({ traits: ['moves-target'] }), { action: 'deny', context: 'prod*' })).toBe('deny');
  });

  it('allows the context that it names', () => {
    expect(verdict({ action: 'allow', context: 'dev' }, { traits: ['moves-target'], subject: { context: 'dev' } })).toBe('allow');
    expect(judged(invocation({}), { action: 'allow', context: 'dev' })).toBe('allow');
  });
});

describe('a rule for a kind', () => {
  const unseen: Partial<JudgedCall> = { effect: 'write', subject: { verb: 'apply', kinds: ['*'] } };
  it('forbids what may be of that kind', () => {
    expect(verdict({ action: 'deny', kind: 'secrets' }, unseen, 'auto')).toBe('deny');
    expect(verdict({ action: 'ask', kind: 'secrets' }, unseen, 'auto')).toBe('ask');
  });

  it('does not allow what may be of another', () => {
    expect(verdict({ action: 'allow', kind: 'configmaps' }, unseen)).toBe('ask');
  });
});

describe('a rule for a namespace', () => {
  it('holds where neither the call nor the kubeconfig names one, and so `default` is meant', () => {
    expect(judged(invocation({ effect: 'write' }), { action: 'deny', namespace: 'default' })).toBe('deny');
  });
});
