import type { Principal } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { tokenVerifier } from '../src/index.ts';
import { host, scene } from './scene.ts';

const token = 'correct-horse-battery-staple';
const holder: Principal = { issuer: 'token', subject: 'default' };
const remote = { address: '192.0.2.7', loopback: false };
const wideOpen = { listening: () => ({ loopback: false, port: 8888 }), verify: tokenVerifier(token, holder) };

const closedRoutes = [
  ['GET', '/api/v1/models'],
  ['GET', '/api/v1/status'],
  ['GET', '/api/v1/tools'],
  ['GET', '/api/v1/contexts'],
  ['GET', '/api/v1/namespaces'],
  ['GET', '/api/v1/openapi.json'],
  ['GET', '/api/v1/sessions'],
  ['GET', '/api/v1/sessions/s1'],
  ['PATCH', '/api/v1/sessions/s1'],
  ['DELETE', '/api/v1/sessions/s1'],
  ['GET', '/api/v1/sessions/s1/outputs/output:1'],
  ['POST', '/'],
  ['POST', '/api/v1/chat'],
  ['POST', '/api/v1/chat/stream'],
  ['POST', '/api/v1/approvals/s1.abc'],
  ['GET', '/api/v1/runs/s1.1'],
  ['GET', '/api/v1/runs/s1.1/stream'],
  ['POST', '/api/v1/runs/s1.1/cancel'],
  ['GET', '/nowhere'],
] as const;
const openRoutes = ['/api/v1/health', '/livez', '/readyz', '/'] as const;

const badTokens = [
  ['none', undefined],
  ['a wrong one', `Bearer ${token}x`],
  ['a shorter one', `Bearer ${token.slice(0, -1)}`],
  ['an empty one', 'Bearer '],
  ['an empty header', ''],
  ['a doubled one', `Bearer ${token}, Bearer ${token}`],
  ['another scheme', `Basic ${btoa(`x:${token}`)}`],
] as const;

describe('without the token', () => {
  for (const [method, path] of closedRoutes) {
    for (const [name, authorization] of badTokens) {
      it(`${method} ${path} with ${name} is 401, before a body is read`, async () => {
        const { fetch } = scene({ auth: wideOpen, drive: false, limits: { authFailuresPerMinute: 1000 } });
        let pulled = false;
        const body = new ReadableStream<Uint8Array>(
          {
            pull: (controller) => {
              pulled = true;
              controller.enqueue(new Uint8Array(10));
            },
          },
          new CountQueuingStrategy({ highWaterMark: 0 }),
        );
        const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
        const init: RequestInit & { duplex?: 'half' } = method !== 'GET' ? { method, headers, body, duplex: 'half' } : { method, headers };
        const response = await fetch(path, init, remote);
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toContain('Bearer');
        expect(await response.json()).toMatchObject({ status: 'error', error: { code: 'unauthorized' } });
        expect(pulled).toBe(false);
      });
    }
  }

  it('probes are open to everybody, under any name', async () => {
    const { fetch } = scene({ auth: wideOpen, drive: false });
    for (const path of openRoutes) expect((await fetch(path, { headers: { host: 'kw.example:443' } }, remote)).status).toBe(200);
  });

  it('with the token everything is open, under any name', async () => {
    const { fetch } = scene({ auth: wideOpen, drive: false });
    const response = await fetch('/api/v1/models', { headers: { host: 'kw.example', authorization: `bearer ${token}` } }, remote);
    expect(response.status).toBe(200);
  });

  it('an eleventh wrong token in a minute is 429 with Retry-After, for that address only and for a minute', async () => {
    let now = 1_000_000;
    const { fetch } = scene({ auth: wideOpen, drive: false, clock: () => now });
    const knock = (given: string, peer = remote): Promise<Response> =>
      fetch('/api/v1/models', { headers: { authorization: `Bearer ${given}` } }, peer);
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await knock('wrong')).status).toBe(401);
    const blocked = await knock(token);
    expect([blocked.status, blocked.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await knock(token, { ...remote, address: '192.0.2.8' })).status).toBe(200);
    now += 60_001;
    expect((await knock(token)).status).toBe(200);
  });
});

describe('loopback peers', () => {
  it('of the same user are let in on any bind, others are not', async () => {
    const { fetch } = scene({ auth: wideOpen, drive: false });
    expect((await fetch('/api/v1/models')).status).toBe(200);
    expect((await fetch('/api/v1/models', {}, { sameUser: async () => false })).status).toBe(401);
    const closed = scene({ drive: false });
    const other = await closed.fetch('/api/v1/models', {}, { sameUser: async () => false });
    expect([other.status, (await other.json()).error.code]).toEqual([403, 'other-user']);
  });

  it('that a proxy speaks for are strangers', async () => {
    for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP', 'Via']) {
      const headers = { [name]: 'for=192.0.2.1' };
      expect((await scene({ auth: wideOpen, drive: false }).fetch('/api/v1/models', { headers })).status).toBe(401);
      expect((await scene({ drive: false }).fetch('/api/v1/models', { headers })).status).toBe(403);
    }
  });
});

describe('the Host header', () => {
  it.each([
    [host, 200],
    ['127.0.0.1:8888', 200],
    ['[::1]:8888', 200],
    ['LOCALHOST:8888', 200],
    ['kw.internal:8888', 200],
    ['localhost', 421],
    ['localhost:8889', 421],
    ['evil.example:8888', 421],
    ['localhost.evil.example:8888', 421],
    ['127.0.0.1.nip.io:8888', 421],
    ['192.168.1.5:8888', 421],
    ['localhost:8888@evil.example', 421],
    ['none', 421],
  ])('%s on a loopback bind is %i', async (name, status) => {
    const { fetch } = scene({ auth: { hosts: ['kw.internal'] }, drive: false });
    for (const path of ['/api/v1/models', '/api/v1/health', '/'])
      expect((await fetch(path, { headers: { host: name } })).status).toBe(status);
  });

  it.each([
    ['localhost', 200],
    ['localhost:30080', 200],
    ['192.168.1.5:8888', 200],
    ['evil.example:8888', 421],
  ])('%s without a token on another bind is %i', async (name, status) => {
    const { fetch } = scene({ auth: wideOpen, drive: false });
    expect((await fetch('/api/v1/models', { headers: { host: name } })).status).toBe(status);
  });
});

describe('browsers', () => {
  const cases: readonly (readonly [headers: Record<string, string>, status: number])[] = [
    [{}, 200],
    [{ origin: `http://${host}` }, 200],
    [{ origin: 'http://localhost:3000' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: '' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: `http://${host}` }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
  ];
  it.each(cases)('%o is %i on reads and writes', async (headers, status) => {
    const { fetch, post } = scene();
    expect((await fetch('/api/v1/models', { headers })).status).toBe(status);
    expect((await post('/api/v1/chat', { query: 'x' }, { headers })).status).toBe(status);
  });

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/plain; application/json',
  ])('a write with content-type %s is 415', async (type) => {
    const { fetch } = scene({ drive: false });
    for (const path of ['/api/v1/chat', '/api/v1/chat/stream', '/api/v1/approvals/s1.x', '/api/v1/runs/s1.1/cancel']) {
      const body = new TextEncoder().encode('{"query":"x"}');
      expect((await fetch(path, { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } })).status).toBe(415);
    }
  });

  it('application/json with parameters is fine', async () => {
    const { post } = scene();
    expect((await post('/api/v1/chat', { query: 'x' }, { headers: { 'content-type': 'Application/JSON; charset=utf-8' } })).status).toBe(
      200,
    );
  });

  it('a page of a configured origin may use the API, with its preflight; no other gets a CORS header', async () => {
    const origin = 'https://console.example';
    const { fetch, post } = scene({ auth: { corsOrigins: [origin] } });
    const preflight = await fetch('/api/v1/chat', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'sec-fetch-site': 'cross-site' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    const answer = await post('/api/v1/chat', { query: 'x' }, { headers: { origin, 'sec-fetch-site': 'cross-site' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([200, origin, 'Origin']);
    const plain = await fetch('/api/v1/health');
    expect([plain.headers.get('access-control-allow-origin'), plain.headers.get('vary')]).toEqual([null, 'Origin']);
    const stranger = await fetch('/api/v1/chat', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([stranger.status, stranger.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('every answer carries the security headers', async () => {
    const { fetch } = scene({ drive: false });
    for (const path of ['/', '/api/v1/health', '/nowhere']) {
      const { headers } = await fetch(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect((await fetch('/api/v1/health', { headers: { host: 'evil.example' } })).headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('sessions of others', () => {
  it('can be neither read, written, answered nor cancelled', async () => {
    const { fetch, post } = scene({ auth: { ...wideOpen, listening: () => ({ loopback: true, port: 8888 }) } });
    await post('/api/v1/chat', { query: 'x', session_id: 's1' });
    const headers = { authorization: `Bearer ${token}` };
    expect((await post('/api/v1/chat', { query: 'x', session_id: 's1' }, { headers })).status).toBe(403);
    expect((await fetch('/api/v1/runs/s1.1', { headers })).status).toBe(403);
    expect((await fetch('/api/v1/runs/s1.1/stream', { headers })).status).toBe(403);
    expect((await post('/api/v1/runs/s1.1/cancel', {}, { headers })).status).toBe(403);
    expect((await post('/api/v1/approvals/s1.abc', { decision: 'approve' }, { headers })).status).toBe(403);
  });
});
