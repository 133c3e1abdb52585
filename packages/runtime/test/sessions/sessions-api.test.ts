import type { Entry, OutputStore, Principal, SessionStore } from '@kw/agent';
import { createRedactor, memoryOutputStore, memorySessionStore } from '@kw/agent';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSessionsApi } from '../../src/sessions/create-sessions-api.ts';
import type { SessionsApi } from '../../src/sessions/sessions-api.ts';

const ann: Principal = { issuer: 'local', subject: 'uid:1' };
const bob: Principal = { issuer: 'local', subject: 'uid:2' };
const key = 'sk-handover-0123456789';
let store: SessionStore;
let outputs: OutputStore;
let api: SessionsApi;

beforeEach(() => {
  store = memorySessionStore();
  outputs = memoryOutputStore();
  api = createSessionsApi({ store, outputs, redactor: createRedactor({ secrets: [key] }), by: ann, language: 'en' });
});

const usage = { inputTokens: 10, outputTokens: 5 };
const target = { server: 'https://dev.example', caHash: 'x', context: "kind dev's", user: 'ann', namespace: 'shop', fingerprint: 'f' };

function started(id: string, query: string): Entry {
  return {
    type: 'run-start',
    runId: `${id}.1`,
    message: { role: 'user', content: query },
    settings: {
      model: { provider: 'deepseek', id: 'deepseek-chat' },
      policy: { mode: 'ask-writes', rules: [] },
      approvals: 'ask',
      limits: { iterations: 20, equalCalls: 5 },
    },
    target,
    by: ann,
  };
}

async function write(id: string, entries: readonly Entry[], owner = ann): Promise<void> {
  await store.create({ id, owner });
  await store.append(id, entries, { expectedHead: 0, work: { type: 'none' } });
}

function call(
  id: string,
  tool: string,
  command: string,
  facts: { effect: 'read' | 'write'; outcome?: 'ran' | 'denied'; by?: string },
): readonly Entry[] {
  const { effect, outcome = 'ran', by } = facts;
  const runId = 'session_1.1';
  const summary = command;
  const asked = {
    approvalId: `a-${id}`,
    callId: id,
    tool,
    summary,
    arguments: '{}',
    effect,
    traits: [],
    reasons: [],
    fingerprint: 'f',
    expiresAt: 9,
    parkable: true,
  };
  const intent: Entry = {
    type: 'tool-intent',
    runId,
    callId: id,
    tool,
    summary,
    effect,
    traits: [],
    reasons: [],
    fingerprint: 'f',
    decidedBy: by ?? 'it only reads',
    ...(by === undefined ? {} : { approvalId: `a-${id}` }),
  };
  const message = {
    role: 'tool',
    callId: id,
    name: tool,
    content: outcome === 'ran' ? 'done' : 'not run: no',
    isError: outcome !== 'ran',
  } as const;
  return [
    ...(effect === 'write' ? [{ type: 'approval-request', runId, request: asked } as const] : []),
    ...(outcome === 'ran' ? [intent] : []),
    { type: 'tool-result', runId, message, outcome, effect, summary, durationMs: 1234, ...(outcome === 'ran' ? { exitCode: 0 } : {}) },
  ];
}

const story: readonly Entry[] = [
  started('session_1', `why is checkout failing? my key is ${key}`),
  {
    type: 'assistant-message',
    runId: 'session_1.1',
    turn: 1,
    message: {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Let me look.' },
        { type: 'tool-call', id: 'c1', name: 'kubectl', arguments: '{"command":"kubectl get pods"}' },
        { type: 'tool-call', id: 'c2', name: 'kubectl', arguments: '{}' },
        { type: 'tool-call', id: 'c3', name: 'kubectl', arguments: '{}' },
        { type: 'tool-call', id: 'c4', name: 'bash', arguments: '{}' },
      ],
    },
    finish: 'tool-calls',
    usage,
    units: 12,
  },
  ...call('c1', 'kubectl', 'kubectl get pods', { effect: 'read' }),
  ...call('c2', 'kubectl', 'kubectl apply -f -\nkind: ConfigMap', { effect: 'write', by: 'approved by ann' }),
  ...call('c3', 'kubectl', 'kubectl delete pod web', { effect: 'write', outcome: 'denied' }),
  ...call('c4', 'bash', 'kubectl get pods | grep `x`', { effect: 'read' }),
  {
    type: 'assistant-message',
    runId: 'session_1.1',
    turn: 2,
    message: { role: 'assistant', content: [{ type: 'text', text: 'The **image** is missing.' }] },
    finish: 'stop',
    usage,
    units: 5,
  },
  {
    type: 'run-end',
    runId: 'session_1.1',
    outcome: { type: 'completed', answer: 'The **image** is missing.' },
    usage,
    turns: 2,
    unanswered: 0,
  },
];

/** A session whose driver waits for an answer, or has it. */
async function asking(
  id: string,
  facts: { readonly question?: true; readonly answered?: 'exact'; readonly by?: Principal },
): Promise<void> {
  const { question, answered, by = ann } = facts;
  const [request] = call('c1', 'kubectl', 'Restart all?', { effect: 'write' });
  if (request?.type !== 'approval-request') throw new Error('a write is asked for');
  const offer = { scope: 'exact', label: 'kubectl scale deploy/web', key: 'k' } as const;
  const asked = { ...request, runId: `${id}.1`, request: { ...request.request, grants: [offer], ...(question && { question }) } };
  const part = { type: 'tool-call', id: 'c1', name: 'kubectl', arguments: '{"command":"kubectl scale deploy/web"}' } as const;
  const entries: readonly Entry[] = [
    started(id, 'q'),
    {
      type: 'assistant-message',
      runId: `${id}.1`,
      turn: 1,
      message: { role: 'assistant', content: [part] },
      finish: 'tool-calls',
      usage,
      units: 0,
    },
    asked,
    ...(answered === undefined
      ? []
      : [
          {
            type: 'approval-response',
            runId: `${id}.1`,
            response: { approvalId: 'a-c1', decision: 'approve', grant: answered, by },
          } as const,
        ]),
  ];
  await store.create({ id, owner: ann });
  await store.append(id, entries, { expectedHead: 0, work: { type: 'ready' } });
}

describe('a question that waits while its run is under way', () => {
  it('is told in the list, also by a search, until it is answered', async () => {
    await asking('session_asks', {});
    await asking('session_answered', { answered: 'exact' });
    const statuses = async (options = {}): Promise<object> =>
      Object.fromEntries((await api.list(options)).map(({ id, status }) => [id, status]));
    expect(await statuses()).toEqual({ session_asks: 'waiting', session_answered: 'open' });
    expect(await statuses({ search: 'session_a' })).toEqual({ session_asks: 'waiting', session_answered: 'open' });
  });

  it('is not the call that asks it, and what was granted is told with the session', async () => {
    await asking('session_asks', { question: true });
    await asking('session_answered', { answered: 'exact' });
    expect((await api.show('session_asks')).runs[0]?.calls[0]).toMatchObject({
      command: 'kubectl {"command":"kubectl scale deploy/web"}',
      decision: '',
    });
    expect((await api.show('session_answered')).grants).toEqual([{ grantId: 'a-c1', scope: 'exact', label: 'kubectl scale deploy/web' }]);
    expect((await api.show('session_asks')).grants).toEqual([]);
    await asking('session_approved', { answered: 'exact', by: bob }); // an approver grants nothing
    expect((await api.show('session_approved')).grants).toEqual([]);
  });
});

describe('the sessions of a person', () => {
  it('are listed with their first question, latest first, without those of others', async () => {
    await write('session_1', story);
    await write('other', [started('other', 'mine alone')], bob);
    await write('session_2', [started('session_2', 'a\n  long question '.repeat(20))]);
    const listed = await api.list();
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(['session_1', 'session_2']));
    expect(listed.find(({ id }) => id === 'session_2')?.title).toMatch(/^a long question a .*…$/);
    expect(await api.list({ limit: 1 })).toHaveLength(1);
    expect((await api.list({ search: 'CHECKOUT' })).map(({ id }) => id)).toEqual(['session_1']);
    expect(await api.list({ search: 'mine alone' })).toEqual([]);
  });

  it('are found by name, by the beginning of it and as latest; a doubtful beginning names those that fit', async () => {
    await write('session_111', story);
    await write('session_112', story);
    await write('other', [], bob);
    expect((await api.find('session_111')).id).toBe('session_111');
    expect((await api.find('112')).id).toBe('session_112');
    expect(['session_111', 'session_112']).toContain((await api.find('latest')).id);
    await expect(api.find('session_11')).rejects.toMatchObject({
      code: 'ambiguous-session',
      message: expect.stringContaining('session_111'),
    });
    for (const name of ['other', 'nothing', '']) await expect(api.find(name)).rejects.toMatchObject({ code: 'unknown-session' });
  });

  it('show questions, answers, calls with their decisions, and tokens', async () => {
    await write('session_1', story);
    const { runs, usage: used, status } = await api.show('latest');
    expect({ used, status }).toEqual({ used: { inputTokens: 20, outputTokens: 10 }, status: 'idle' });
    expect(runs).toMatchObject([
      { answer: 'The **image** is missing.', turns: 2, model: { id: 'deepseek-chat' }, outcome: { type: 'completed' } },
    ]);
    expect(
      runs[0]?.calls.map(({ command, decision, decidedBy, outcome, exitCode }) => [command, decision, decidedBy, outcome, exitCode]),
    ).toEqual([
      ['kubectl get pods', 'it only reads', undefined, 'ran', 0],
      ['kubectl apply -f -\nkind: ConfigMap', 'approved by ann', 'approved by ann', 'ran', 0],
      ['kubectl delete pod web', 'not run: no', undefined, 'denied', undefined],
      ['kubectl get pods | grep `x`', 'it only reads', undefined, 'ran', 0],
    ]);
    expect(runs[0]?.steps.map((step) => (step.type === 'text' ? step.text : step.callId))).toEqual([
      'Let me look.',
      'c1',
      'c2',
      'c3',
      'c4',
      'The **image** is missing.',
    ]);
  });

  it('say who answered a question about a call', async () => {
    const response = { approvalId: 'a-c3', decision: 'deny', by: bob } as const;
    await write('session_1', [...story.slice(0, -1), { type: 'approval-response', runId: 'session_1.1', response }]);
    const { owner, runs } = await api.show('session_1');
    expect([owner, runs[0]?.calls.map(({ answer }) => answer)]).toEqual([
      ann,
      [undefined, undefined, { decision: 'deny', by: bob }, undefined],
    ]);
  });

  it('are renamed on one line, without secrets', async () => {
    await write('session_1', story);
    expect(await api.rename('1', ` checkout\n${key} `)).toMatchObject({
      title: expect.stringMatching(/^checkout \[redacted/),
      isNamed: true,
    });
    await expect(api.rename('1', ' ')).rejects.toMatchObject({ code: 'bad-usage' });
  });

  it('are deleted with their outputs, but not while another process drives them', async () => {
    await write('session_1', story);
    const sink = await outputs.write('session_1');
    await sink.write('kept');
    await sink.close();
    const lease = await store.acquire('session_1', 60_000);
    await expect(api.delete('session_1')).rejects.toMatchObject({ code: 'session-busy' });
    if (lease !== undefined) await store.release(lease);
    expect((await api.delete('session_1')).id).toBe('session_1');
    expect(await store.get('session_1')).toBeUndefined();
    expect(await outputs.reader('session_1').info(sink.ref)).toBeUndefined();
  });

  it('are handed over as markdown: answers, decisions, and how to repeat reads and changes apart, without secrets', async () => {
    await write('session_1', story);
    const text = await api.export('latest', 'markdown');
    expect(text).not.toContain(key);
    expect(text).toContain('- `kubectl delete pod web` - write; denied');
    expect(text).toContain('- `kubectl get pods` - read; exit 0; 1.2 s; it only reads');
    expect(text).toContain('https://dev.example');
    const quotedContext = String.raw`--context='kind dev'\''s' --namespace=shop`;
    expect(text).toContain(`\`\`\`sh\nkubectl ${quotedContext} get pods\nkubectl get pods | grep \`x\`\n\`\`\``);
    expect(text).toContain(`\`\`\`sh\nkubectl ${quotedContext} apply -f - <<'INPUT'\nkind: ConfigMap\nINPUT\n\`\`\``);
    expect(text.split('## To repeat it')[1]).not.toContain('delete pod');
  });

  it('are handed over as JSON, without secrets', async () => {
    await write('session_1', story);
    const text = await api.export('latest', 'json');
    expect(text).not.toContain(key);
    expect(JSON.parse(text)).toMatchObject({
      format: 'kubelet-wuhrai/session/v1',
      session: { id: 'session_1', usage: { inputTokens: 20 } },
      runs: [{ answer: 'The **image** is missing.', calls: [{ effect: 'read', exitCode: 0 }, {}, {}, {}] }],
      reproduce: { reads: [expect.stringContaining('get pods'), expect.any(String)], changes: [expect.stringContaining('apply -f -')] },
    });
  });
});
