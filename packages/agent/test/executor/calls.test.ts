import { createCalls, createRedactor, memoryOutputStore, memorySessionStore, type Policy, type SessionStore, type Tool } from '@kw/agent';
import { KwError } from '@kw/providers';
import { describe, expect, it } from 'vitest';

const policy: Policy = { mode: 'ask-writes', rules: [] };
const me = { issuer: 'local', subject: 'uid:1' };

function tool(effect: 'read' | 'write', ran: string[] = []): Tool {
  return {
    name: 'act',
    version: '1',
    description: 'Acts.',
    parameters: { type: 'object' },
    prepare: (argumentsJson) => ({
      effect,
      traits: [],
      reasons: [],
      summary: argumentsJson,
      async *run({ signal }) {
        ran.push(argumentsJson);
        if (argumentsJson.includes('hang')) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        yield { type: 'progress', message: 'on it' };
        yield { type: 'output', stream: 'stdout', text: 'token=ghp_0123456789abcdefghijABCDEFGHIJ012345\n' };
        yield { type: 'result', isError: false, exitCode: 0 };
      },
    }),
  };
}

function calls(store: SessionStore = memorySessionStore(), rules = policy) {
  const outputs = memoryOutputStore();
  return {
    store,
    outputs,
    calls: createCalls({
      store,
      outputs,
      redactor: createRedactor(),
      policy: rules,
      by: me,
      title: 'a caller',
      caller: { provider: 'mcp', id: 'test' },
    }),
  };
}

const input = (tools: readonly Tool[], argumentsJson = '{}') => ({
  name: 'act',
  argumentsJson,
  tools,
  signal: new AbortController().signal,
  resultTokens: 1_000,
});

describe('calls that no model makes', () => {
  it('a read runs and is written down as a run of its own, redacted; nothing of it can be driven', async () => {
    const made = calls();
    const said: string[] = [];
    const result = await made.calls.execute({ ...input([tool('read')]), onProgress: (message) => said.push(message) });
    expect(result).toMatchObject({ outcome: 'ran', isError: false, exitCode: 0 });
    expect(result.content).not.toContain('ghp_');
    expect(said).toEqual(['on it']);
    const entries = await made.store.read(result.session, { after: 0 });
    expect(entries.map(({ entry }) => entry.type)).toEqual(['run-start', 'assistant-message', 'tool-intent', 'tool-result', 'run-end']);
    expect(JSON.stringify(entries)).not.toContain('ghp_');
    expect(await made.store.claimable(10)).toEqual([]);
  });

  it('a write is asked about and runs only where somebody said yes', async () => {
    const ran: string[] = [];
    const made = calls();
    const denied = await made.calls.execute({ ...input([tool('write', ran)]), nobody: 'start it with --skip-permissions' });
    expect(denied).toMatchObject({
      outcome: 'denied',
      isError: true,
      unanswered: true,
      content: expect.stringContaining('--skip-permissions'),
    });
    expect(await made.calls.execute({ ...input([tool('write', ran)]), approve: () => false })).toMatchObject({ outcome: 'denied' });
    expect(await made.calls.execute({ ...input([tool('write', ran)]), approve: () => Promise.reject(new Error('gone')) })).toMatchObject({
      outcome: 'denied',
    });
    expect(ran).toEqual([]);
    const result = await made.calls.execute({ ...input([tool('write', ran)]), approve: ({ effect }) => effect === 'write' });
    expect(result.outcome).toBe('ran');
    const types = (await made.store.read(result.session, { after: 0 })).map(({ entry }) => entry.type);
    expect(types.slice(-7)).toEqual([
      'run-start',
      'assistant-message',
      'approval-request',
      'approval-response',
      'tool-intent',
      'tool-result',
      'run-end',
    ]);
  });

  it('rules of a call stand beside those of the policy, and a denial is stronger', async () => {
    const allow = [{ action: 'allow', tool: 'act' }] as const;
    expect((await calls().calls.execute({ ...input([tool('write')]), rules: allow })).outcome).toBe('ran');
    const strict = calls(memorySessionStore(), { mode: 'read-only', rules: [] });
    expect((await strict.calls.execute({ ...input([tool('write')]), rules: allow })).outcome).toBe('denied');
  });

  it('a cancelled call ends as cancelled', async () => {
    const left = new AbortController();
    const running = calls().calls.execute({ ...input([tool('read')], '{"hang":true}'), signal: left.signal });
    setTimeout(() => left.abort(), 20);
    expect(await running).toMatchObject({ outcome: 'cancelled', isError: true });
  });

  it('calls beside each other have a run each', async () => {
    const made = calls();
    const results = await Promise.all(Array.from({ length: 20 }, () => made.calls.execute(input([tool('read')]))));
    expect(results.every(({ outcome }) => outcome === 'ran')).toBe(true);
    const entries = await made.store.read(results[0]?.session ?? '', { after: 0 });
    expect(entries.filter(({ entry }) => entry.type === 'run-end')).toHaveLength(20);
  });

  it('where the log cannot be written, reads go on and writes do not', async () => {
    const store = memorySessionStore();
    const broken: SessionStore = { ...store, append: () => Promise.reject(new KwError('store-unavailable', 'the disk is full')) };
    const ran: string[] = [];
    const made = calls(broken, { mode: 'auto', rules: [] });
    expect(await made.calls.execute(input([tool('read')]))).toMatchObject({
      outcome: 'ran',
      content: expect.stringContaining('could not be written down'),
    });
    expect(await made.calls.execute(input([tool('write', ran)]))).toMatchObject({ outcome: 'refused' });
    expect(ran).toEqual([]);
  });
});
