import { decideCall } from '@kw/agent';
import type { DecidableCall, Decision, Policy } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { diagnoseTool } from '../src/tool.ts';

const tool = diagnoseTool();
const target = { server: 'https://10.0.0.1', caHash: 'system', context: 'prod', user: 'ann', fingerprint: 'f' };

function judged(argumentsJson: string): DecidableCall {
  return { ...tool.prepare(argumentsJson, { target }), tool: 'diagnose' };
}

function decide(rules: Policy, call: DecidableCall): Decision {
  return decideCall(call, rules, target).decision;
}

const policy = (rules: Policy['rules']): Policy => ({ mode: 'ask-writes', rules });

describe('the tool diagnose', () => {
  it('is a read that runs at once', () => {
    expect(decide(policy([]), judged('{}')).verdict).toBe('allow');
    expect(decide({ mode: 'read-only', rules: [] }, judged('{}')).verdict).toBe('allow');
  });

  it('is held by rules that forbid a kind, a namespace or a context', () => {
    expect(decide(policy([{ action: 'deny', kind: 'secrets' }]), judged('{}')).verdict).toBe('deny');
    expect(decide(policy([{ action: 'deny', namespace: 'kube-system' }]), judged('{}')).verdict).toBe('deny');
    expect(decide(policy([{ action: 'deny', namespace: 'kube-system' }]), judged('{"namespace":"shop"}')).verdict).toBe('allow');
    expect(decide(policy([{ action: 'ask', context: 'prod*' }]), judged('{}')).verdict).toBe('ask');
  });

  it('is held by rules that forbid what it does with another tool', () => {
    expect(decide(policy([{ action: 'deny', verb: 'logs' }]), judged('{}')).verdict).toBe('deny');
    expect(decide(policy([{ action: 'deny', verb: 'get', kind: 'secrets' }]), judged('{}')).verdict).toBe('deny');
    expect(decide(policy([{ action: 'ask', verb: 'list', namespace: 'kube-system' }]), judged('{}')).verdict).toBe('ask');
    expect(decide(policy([{ action: 'deny', verb: 'delete' }]), judged('{}')).verdict).toBe('allow');
    expect(decide({ mode: 'ask-all', rules: [{ action: 'allow', tool: 'diagnose' }] }, judged('{}')).verdict).toBe('allow');
  });

  it('says in one line what it looks at', () => {
    const { summary } = tool.prepare('{"namespace":"shop","kinds":"pods","selector":"app=web","severity":"info","since":"1h"}', { target });
    expect(summary).toBe('diagnose -n shop --kinds pods -l app=web --severity info --since 3600s');
  });

  it('costs every request little', () => {
    expect(JSON.stringify({ name: tool.name, description: tool.description, parameters: tool.parameters }).length).toBeLessThan(240);
    expect(tool.guidance).toBeUndefined();
  });

  it('says why there is no cluster', async () => {
    const context = {
      callId: '1',
      signal: new AbortController().signal,
      timeoutMs: 1000,
      outputs: { info: async () => undefined, lines: async function* () {} },
    };
    const reading = async (): Promise<void> => {
      const lost = diagnoseTool({
        targets: { freeze: async () => target, open: async () => Promise.reject(new Error('no')), contexts: async () => [] },
      });
      for await (const chunk of lost.prepare('{}', {}).run(context)) expect(chunk).toBeUndefined();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'no-cluster' });
  });
});
