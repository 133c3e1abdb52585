import { memoryOutputStore, type Principal } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { type Auth, type Caller, type Peer, type Scope, tokensVerifier } from '../src/index.ts';
import { openApiDocument } from '../src/openapi.ts';
import { scene } from './scene.ts';

// Every route, asked with every kind of token over every way in, against what is written here and nowhere else.

const routes: readonly (readonly [method: string, path: string, needs: Scope | 'nothing'])[] = [
  ['GET', '/', 'nothing'],
  ['GET', '/assets/app.js', 'nothing'],
  ['GET', '/favicon.svg', 'nothing'],
  ['GET', '/livez', 'nothing'],
  ['GET', '/readyz', 'nothing'],
  ['GET', '/api/v1/health', 'nothing'],
  ['GET', '/metrics', 'nothing'],
  ['GET', '/api/v1/status', 'read'],
  ['GET', '/api/v1/models', 'read'],
  ['GET', '/api/v1/tools', 'read'],
  ['GET', '/api/v1/contexts', 'read'],
  ['GET', '/api/v1/namespaces', 'read'],
  ['GET', '/api/v1/openapi.json', 'read'],
  ['GET', '/api/v1/docs', 'read'],
  ['GET', '/api/v1/sessions', 'read'],
  ['GET', '/api/v1/sessions/s1', 'read'],
  ['GET', '/api/v1/sessions/s1/events', 'read'],
  ['GET', '/api/v1/sessions/s1/outputs/output:1', 'read'],
  ['GET', '/api/v1/runs/s1.1', 'read'],
  ['GET', '/api/v1/runs/s1.1/stream', 'read'],
  ['HEAD', '/api/v1/models', 'read'],
  ['HEAD', '/api/v1/sessions', 'read'],
  ['POST', '/api/v1/chat', 'chat'],
  ['POST', '/api/v1/chat/stream', 'chat'],
  ['POST', '/api/v1/runs/s1.1/cancel', 'chat'],
  ['PATCH', '/api/v1/sessions/s1', 'chat'],
  ['DELETE', '/api/v1/sessions/s1', 'chat'],
  ['POST', '/api/v1/approvals/s1.x', 'approve'],
  ['GET', '/api/v1/kill-switch', 'read'],
  ['POST', '/api/v1/kill-switch', 'admin'],
];

const secret = (name: string): string => `${name}-0123456789abcdef`;
const callers: readonly (readonly [name: string, scopes: readonly Scope[] | undefined])[] = [
  ['reader', ['read']],
  ['asker', ['chat']],
  ['approver', ['approve']],
  ['admin', ['admin']],
  ['ordinary', ['read', 'chat', 'approve']],
  ['nothing', []],
  ['everything', undefined],
];
const known = callers.map(([name, scopes]) => {
  const principal: Principal = { issuer: 'token', subject: name };
  const caller: Caller = { principal, ...(scopes !== undefined && { scopes }) };
  return { token: secret(name), caller };
});

const tokens: readonly (readonly [name: string, authorization: string | undefined, scopes: readonly Scope[] | 'all' | 'bad' | 'none'])[] = [
  ['no token', undefined, 'none'],
  ['a wrong token', `Bearer ${secret('wrong')}`, 'bad'],
  ['an empty token', 'Bearer ', 'bad'],
  ['an empty header', '', 'bad'],
  ['a doubled token', `Bearer ${secret('everything')}, Bearer ${secret('everything')}`, 'bad'],
  ['two tokens', `Bearer ${secret('everything')} ${secret('everything')}`, 'bad'],
  ['a token with a tail', `Bearer ${secret('everything')}x`, 'bad'],
  ['a token in another case', `Bearer ${secret('everything').toUpperCase()}`, 'bad'],
  ['a bare token', secret('everything'), 'bad'],
  ['basic credentials', `Basic ${btoa(`everything:${secret('everything')}`)}`, 'bad'],
  ['a very long token', `Bearer ${'x'.repeat(12_000)}`, 'bad'],
  ...callers.map(([name, scopes]) => [`the token of ${name}`, `Bearer ${secret(name)}`, scopes ?? 'all'] as const),
];

interface Way {
  readonly name: string;
  readonly loopback: boolean;
  readonly host: string;
  readonly peer: Partial<Peer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without a token: let in as the local user, or not. */
  readonly isOpen: boolean;
}

const remote = { address: '192.0.2.7', loopback: false };
const ways: readonly Way[] = [
  { name: 'loopback', loopback: true, host: 'localhost:8888', peer: {}, isOpen: true },
  { name: 'loopback, another user', loopback: true, host: 'localhost:8888', peer: { sameUser: async () => false }, isOpen: false },
  {
    name: 'loopback, behind a proxy',
    loopback: true,
    host: 'localhost:8888',
    peer: {},
    headers: { 'x-forwarded-for': '192.0.2.1' },
    isOpen: false,
  },
  { name: '0.0.0.0 from the same host', loopback: false, host: 'localhost:8888', peer: {}, isOpen: true },
  { name: '0.0.0.0 from elsewhere', loopback: false, host: '192.0.2.1:8888', peer: remote, isOpen: false },
  { name: 'a Service port', loopback: false, host: 'kubelet-wuhrai-service.kubelet-wuhrai.svc.cluster.local', peer: remote, isOpen: false },
  { name: 'a published port', loopback: false, host: 'node-1.example:30080', peer: remote, isOpen: false },
  {
    name: "a kubelet's probe",
    loopback: false,
    host: '10.244.0.7:8888',
    peer: remote,
    headers: { 'user-agent': 'kube-probe/1.36' },
    isOpen: false,
  },
];

function expected(way: Way, needs: Scope | 'nothing', scopes: readonly Scope[] | 'all' | 'bad' | 'none'): number | 'in' {
  if (needs === 'nothing') return 'in';
  const named = /^(localhost|\d+\.\d+\.\d+\.\d+)(:|$)/.test(way.host);
  if (scopes === 'none') return !named ? 421 : way.isOpen ? 'in' : 401;
  if (scopes === 'bad') return 401;
  return scopes === 'all' || scopes.includes(needs) ? 'in' : 403;
}

describe.each(ways)('over $name', (way) => {
  const auth: Partial<Auth> = { listening: () => ({ loopback: way.loopback, port: 8888 }), verify: tokensVerifier(known) };
  it.each(tokens)('%s gets in where it may and nowhere else', async (_, authorization, scopes) => {
    const wrong: string[] = [];
    for (const [method, path, needs] of routes) {
      const { fetch } = scene({
        auth,
        drive: false,
        limits: { authFailuresPerMinute: 1_000 },
        parts: {
          metrics: { exposition: async () => ({ contentType: 'text/plain', body: 'up 1\n' }) },
          killSwitch: { state: async () => ({ active: false }), set: async (active) => ({ active }) },
          outputs: memoryOutputStore(),
        },
      });
      const headers = {
        host: way.host,
        ...way.headers,
        'content-type': 'application/json',
        ...(authorization !== undefined && { authorization }),
      };
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: '{}' };
      const response = await fetch(path, { method, headers, ...body }, way.peer);
      await response.body?.cancel();
      const want = expected(way, needs, scopes);
      const isIn = ![401, 403, 421, 429, 500].includes(response.status);
      if (want === 'in' ? !isIn : response.status !== want) wrong.push(`${method} ${path}: ${response.status}, not ${want}`);
    }
    expect(wrong).toEqual([]);
  });
});

it('a refusal names the scope that is missing, in words and for programs', async () => {
  const { fetch } = scene({ auth: { verify: tokensVerifier(known) }, drive: false });
  const headers = { authorization: `Bearer ${secret('reader')}`, 'content-type': 'application/json' };
  const response = await fetch('/api/v1/chat', { method: 'POST', headers, body: '{"query":"x"}' });
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="kubelet-wuhrai", error="insufficient_scope", scope="chat"');
  expect(await response.json()).toMatchObject({
    error: {
      code: 'missing-scope',
      message:
        'This token may not ask questions and change sessions: it has no scope "chat". Use one that has it, or ask whoever runs the service to add it.',
    },
  });
});

it('a verifier that cannot tell is 503, and counts as no failure', async () => {
  const verify: NonNullable<Auth['verify']> = async () => {
    throw new Error('the issuer is away');
  };
  const { fetch } = scene({ auth: { verify }, drive: false, limits: { authFailuresPerMinute: 1 } });
  for (let count = 0; count < 3; count += 1) {
    const response = await fetch('/api/v1/models', { headers: { authorization: 'Bearer abc' } });
    expect([response.status, response.headers.get('retry-after'), (await response.json()).error.code]).toEqual([
      503,
      '5',
      'auth-unavailable',
    ]);
  }
});

it('closed metrics need the scope read', async () => {
  const metrics = { exposition: async () => ({ contentType: 'text/plain', body: 'up 1\n' }), open: false };
  const { fetch } = scene({ auth: { verify: tokensVerifier(known) }, drive: false, parts: { metrics } });
  const ask = async (name: string): Promise<number> =>
    (await fetch('/metrics', { headers: { authorization: `Bearer ${secret(name)}` } })).status;
  expect([await ask('reader'), await ask('approver'), await ask('wrong')]).toEqual([200, 403, 401]);
});

it('a local user and a token of the same name are two people', async () => {
  const { fetch, post } = scene({
    auth: {
      verify: tokensVerifier([{ token: secret('me'), caller: { principal: { issuer: 'token', subject: 'me' } } }]),
      local: { issuer: 'local', subject: 'me' },
    },
  });
  await post('/api/v1/chat', { query: 'x', session_id: 'mine' });
  expect((await fetch('/api/v1/runs/mine.1')).status).toBe(200);
  expect((await fetch('/api/v1/runs/mine.1', { headers: { authorization: `Bearer ${secret('me')}` } })).status).toBe(403);
});

it.each([
  ['/api/v1/%6dodels', 401],
  ['/api/v1/models/', 401],
  ['//api/v1/models', 401],
  ['/API/v1/models', 401],
  ['/api/v1/health/../models', 401],
  ['/api/v1/health%2f..%2fmodels', 401],
  ['/assets/../api/v1/models', 401],
  ['/assets/..%2fapi/v1/models', 404],
  ['/assets/%2e%2e/api/v1/models', 401],
  ['/livez/../api/v1/sessions', 401],
  ['/livez;/api/v1/sessions', 401],
  ['/api/v1/models?x=/livez', 401],
  ['/api/v1/models#/livez', 401],
])('%s opens nothing without a token (%i)', async (path, status) => {
  const { fetch } = scene({ auth: { listening: () => ({ loopback: false, port: 8888 }), verify: tokensVerifier(known) }, drive: false });
  expect((await fetch(path, {}, remote)).status).toBe(status);
});

it.each(['OPTIONS', 'PUT', 'POST', 'DELETE', 'PATCH', 'PROPFIND'])('%s of an open path is not open', async (method) => {
  const { fetch } = scene({ auth: { listening: () => ({ loopback: false, port: 8888 }), verify: tokensVerifier(known) }, drive: false });
  for (const path of ['/', '/assets/app.js', '/metrics', '/favicon.svg']) {
    const response = await fetch(path, { method, headers: { 'content-type': 'application/json' } }, remote);
    expect([401, 403, 404, 405]).toContain(response.status);
    expect(response.status).toBe(401);
  }
});

it('the matrix has every operation of the API', async () => {
  const { paths }: { paths: Readonly<Record<string, object>> } = JSON.parse(JSON.stringify(await openApiDocument('1.2.3')));
  const isIn = (method: string, path: string): boolean => {
    const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    return routes.some(([one, known]) => one === method && pattern.test(known));
  };
  const missing = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .map((method) => method.toUpperCase())
      .filter((method) => !isIn(method, path))
      .map((method) => `${method} ${path}`),
  );
  expect(missing).toEqual([]);
});
