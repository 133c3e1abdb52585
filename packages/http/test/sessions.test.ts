import { KwError, memoryOutputStore } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { type BookDetail, type PageFile, type SessionBook, tokensVerifier } from '../src/index.ts';
import { outputSchema, sessionSchema, sessionsSchema, statusSchema } from '../src/response-schemas.ts';
import { receive, scene } from './scene.ts';

const json = { headers: { 'content-type': 'application/json' } };

/** A book over one list of sessions. */
function bookOf(details: BookDetail[]): SessionBook {
  const find = (id: string): BookDetail => {
    const found = details.find((one) => one.id.startsWith(id));
    if (found === undefined) throw new KwError('unknown-session', `there is no session ${id}`);
    return found;
  };
  return {
    list: async ({ limit = 50, search = '' }) => details.filter(({ title }) => title.includes(search)).slice(0, limit),
    show: async (id) => find(id),
    rename: async (id, title) => {
      const changed = { ...find(id), title };
      details.splice(0, 1, changed);
      return changed;
    },
    share: async (id, { viewers = [], approvers = [] }) => {
      const members = [
        ...viewers.map((person) => ({ person, role: 'viewer' }) as const),
        ...approvers.map((person) => ({ person, role: 'approver' }) as const),
      ];
      const changed = { ...find(id), members };
      details.splice(0, 1, changed);
      return changed;
    },
    delete: async (id) => {
      const gone = find(id);
      details.splice(details.indexOf(gone), 1);
      return gone;
    },
  };
}

const similar = {
  scope: 'similar',
  label: 'scale deployments in shop',
  calls: { verb: 'scale', kinds: ['deployments'], namespace: 'shop', flags: [] },
} as const;

function detail(id: string, runs: BookDetail['runs'] = []): BookDetail {
  return { id, title: `about ${id}`, createdAt: 0, updatedAt: 1000, status: 'idle', role: 'owner', members: [], runs };
}

const run: BookDetail['runs'][number] = {
  runId: 'on-call.1',
  question: 'why?',
  startedAt: 0,
  endedAt: 10,
  outcome: { type: 'completed', answer: 'Because.' },
  answer: 'Because.',
  usage: { inputTokens: 10, outputTokens: 2 },
  cost: { amount: 0.01, currency: 'CNY' },
  calls: [
    {
      callId: 'c1',
      tool: 'kubectl',
      command: 'kubectl get pods',
      effect: 'read',
      outcome: 'ran',
      exitCode: 0,
      durationMs: 40,
      output: 'output:1',
    },
  ],
  steps: [
    { type: 'text', text: 'I look.' },
    { type: 'call', callId: 'c1' },
  ],
};

describe('sessions', () => {
  it('are listed, searched, shown, renamed and deleted', async () => {
    const details = [detail('on-call', [run]), detail('other')];
    const { fetch } = scene({ drive: false, parts: { sessionsOf: () => bookOf(details) } });
    const listed = v.parse(sessionsSchema, await (await fetch('/api/v1/sessions?search=on-call')).json());
    expect(listed.sessions.map(({ id }) => id)).toEqual(['on-call']);
    const shown = v.parse(sessionSchema, await (await fetch('/api/v1/sessions/on-call')).json());
    expect(shown.exchanges[0]).toMatchObject({
      query: 'why?',
      response: 'Because.',
      status: 'completed',
      usage: { cost: { amount: 0.01 } },
    });
    const renamed = await fetch('/api/v1/sessions/on-call', { method: 'PATCH', body: '{"title":"checkout"}', ...json });
    expect(await renamed.json()).toMatchObject({ id: 'on-call', title: 'checkout' });
    expect((await fetch('/api/v1/sessions/on-call', { method: 'DELETE', ...json })).status).toBe(204);
    expect((await fetch('/api/v1/sessions/on-call')).status).toBe(404);
  });

  it('tell by which grant a call ran, and what was granted', async () => {
    const calls = run.calls.map((call) => ({ ...call, grantId: 'on-call.x' }));
    const granted: BookDetail = { ...detail('on-call', [{ ...run, calls }]), grants: [{ grantId: 'on-call.x', ...similar }] };
    const { fetch } = scene({ drive: false, parts: { sessionsOf: () => bookOf([granted]) } });
    const shown = v.parse(sessionSchema, await (await fetch('/api/v1/sessions/on-call')).json());
    expect(shown.exchanges[0]?.tools[0]).toMatchObject({ grant_id: 'on-call.x' });
    expect(shown.grants).toEqual([{ id: 'on-call.x', ...similar }]);
  });

  it('are named whole: neither the beginning of an id nor "latest" deletes one', async () => {
    const details = [detail('latest-news')];
    const { fetch } = scene({ drive: false, parts: { sessionsOf: () => bookOf(details) } });
    for (const id of ['latest', 'l']) expect((await fetch(`/api/v1/sessions/${id}`, { method: 'DELETE', ...json })).status).toBe(404);
    expect(details).toHaveLength(1);
  });

  it.each([['limit=0'], ['limit=x'], ['limit=-1']])('%s is a 400 that says what is possible', async (query) => {
    const { fetch } = scene({ drive: false, parts: { sessionsOf: () => bookOf([]) } });
    const response = await fetch(`/api/v1/sessions?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'limit must be a number from 1 to 500.' } });
  });

  it('a change of nothing, of an empty title or of another kind is a 400', async () => {
    const { fetch } = scene({ drive: false, parts: { sessionsOf: () => bookOf([detail('s1')]) } });
    for (const body of ['{}', '{"title":""}', '{"title":7}'])
      expect((await fetch('/api/v1/sessions/s1', { method: 'PATCH', body, ...json })).status).toBe(400);
  });

  it('a title of which nothing is left is a 400', async () => {
    const rename = async (): Promise<never> => {
      throw new KwError('bad-usage', 'the new name is empty; give it some words');
    };
    const { fetch } = scene({ parts: { sessionsOf: () => ({ ...bookOf([detail('s1')]), rename }) } });
    const answer = await fetch('/api/v1/sessions/s1', { method: 'PATCH', ...json, body: JSON.stringify({ title: '\u008b' }) });
    expect(answer.status).toBe(400);
  });

  it('give lines of kept outputs, and 404 for what is not there', async () => {
    const outputs = memoryOutputStore();
    const sink = await outputs.write('on-call');
    await sink.write('one\ntwo\nthree\n');
    await sink.close();
    const { fetch } = scene({ drive: false, parts: { sessionsOf: () => bookOf([detail('on-call', [run])]), outputs } });
    const read = await fetch('/api/v1/sessions/on-call/outputs/output:1?from=2&lines=1');
    expect(v.parse(outputSchema, await read.json())).toEqual({ text: 'two', from: 2, lines: 1, total: 3 });
    for (const name of ['output:2', 'output:x', '..%2f..%2fetc'])
      expect((await fetch(`/api/v1/sessions/on-call/outputs/${name}`)).status).toBe(404);
  });
});

describe('status', () => {
  it('S86, S87, S88, S89: running, with a time and an uptime that grows', async () => {
    let now = 0;
    const { fetch } = scene({ drive: false, clock: () => now });
    now = 9_015_000;
    expect(v.parse(statusSchema, await (await fetch('/api/v1/status')).json())).toMatchObject({ status: 'running', uptime: '2h30m15s' });
    now = 250;
    expect(await (await fetch('/api/v1/status')).json()).toMatchObject({ uptime: '0.25s', timestamp: '1970-01-01T00:00:00.250Z' });
  });

  it('says who asks, and what that one may do', async () => {
    const caller = { principal: { issuer: 'token', subject: 'dashboard' }, scopes: ['read'] } as const;
    const { fetch } = scene({ drive: false, auth: { verify: tokensVerifier([{ token: 'secret', caller }]) } });
    const body = await (await fetch('/api/v1/status', { headers: { authorization: 'Bearer secret' } })).json();
    expect(body.user).toEqual({ name: 'dashboard', scopes: ['read'] });
    expect((await (await fetch('/api/v1/status')).json()).user).not.toHaveProperty('scopes');
  });

  it('S90, S91, S92: agent, tools and MCP client as they stand', async () => {
    const facts = {
      status: async () => ({ agent: 'api-key-not-found', tools: 'available', mcp_client: 'enabled', mcp_servers: [] }) as const,
    };
    const { fetch } = scene({ drive: false, facts });
    expect(await (await fetch('/api/v1/status')).json()).toMatchObject({
      agent: 'api-key-not-found',
      tools: 'available',
      mcp_client: 'enabled',
    });
  });
});

describe('the page', () => {
  const file: PageFile = { contentType: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>'), immutable: false };
  const script: PageFile = { contentType: 'text/javascript; charset=utf-8', body: new TextEncoder().encode('1'), immutable: true };
  const files = new Map([
    ['/', file],
    ['/assets/main-1.js', script],
  ]);

  it('is served from memory, under a policy without anything inline or from elsewhere', async () => {
    const { fetch } = scene({ drive: false, parts: { page: async () => files } });
    const response = await fetch('/');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await fetch('/assets/main-1.js')).headers.get('cache-control')).toContain('immutable');
  });

  it('has no other files', async () => {
    const { fetch } = scene({ drive: false, parts: { page: async () => files } });
    for (const path of ['/assets/other.js', '/assets/../package.json', '/assets/%2e%2e/x']) expect((await fetch(path)).status).toBe(404);
  });
});

it('the last event of a stream tells what the run cost', async () => {
  const { post } = scene({ turns: [{ text: 'ok', usage: { inputTokens: 11, outputTokens: 3 } }] });
  const events = await receive(await post('/api/v1/chat/stream', { query: 'x' }));
  expect(events.at(-1)?.data).toMatchObject({ done: true, usage: { input_tokens: 11, output_tokens: 3 } });
});

it('places are asked from those who know them', async () => {
  const places = {
    contexts: async () => [{ name: 'prod', current: true, namespace: 'shop' }],
    namespaces: async (context: string | undefined) => {
      if (context === 'nope') throw new KwError('unknown-context', 'there is no context nope; there are: prod');
      return ['default', 'shop'];
    },
  };
  const { fetch } = scene({ drive: false, parts: { places } });
  expect(await (await fetch('/api/v1/contexts')).json()).toMatchObject({ contexts: [{ name: 'prod', current: true }] });
  expect(await (await fetch('/api/v1/namespaces?cluster=prod')).json()).toMatchObject({ namespaces: ['default', 'shop'] });
  const refused = await fetch('/api/v1/namespaces?cluster=nope');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { message: 'there is no context nope; there are: prod' } });
});
