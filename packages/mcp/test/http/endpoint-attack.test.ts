import type { Principal } from '@kw/agent';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMcpEndpoint, type McpEndpoint } from '../../src/index.ts';

const ann: Principal = { issuer: 'token', subject: 'ann' };
const bob: Principal = { issuer: 'token', subject: 'bob' };

let endpoint: McpEndpoint;
let now = 0;

beforeEach(() => {
  now = 0;
  endpoint = createMcpEndpoint({
    maxSessions: 8,
    clock: () => (now += 1),
    server: () => ({
      version: '1',
      readOnly: true,
      wayOut: '',
      backend: () => Promise.reject(new Error('nothing is asked of it')),
    }),
  });
});
afterEach(() => endpoint.close());

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const post = (by: Principal, body: object, more: Readonly<Record<string, string>> = {}): Promise<Response> =>
  endpoint.handle(
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    }),
    by,
  );
const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
const initialize = async (by: Principal, more: Readonly<Record<string, string>> = {}): Promise<{ status: number; session: string }> => {
  const response = await post(by, { id: 1, method: 'initialize', params }, more);
  await response.text();
  return { status: response.status, session: response.headers.get('mcp-session-id') ?? '' };
};

it('one who opens sessions without end, and reads in each of them, leaves room for others', async () => {
  const opened: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const { session } = await initialize(ann);
    opened.push(session);
    await endpoint.handle(
      new Request('http://localhost/mcp', { headers: { accept: 'text/event-stream', 'mcp-session-id': session } }),
      ann,
    );
  }
  expect(endpoint.sessions()).toBeLessThan(8);
  const { status, session } = await initialize(bob);
  expect(status).toBe(200);
  expect((await post(bob, { id: 2, method: 'ping' }, { 'mcp-session-id': session })).status).toBe(200);
  expect((await post(ann, { id: 2, method: 'ping' }, { 'mcp-session-id': opened.at(-1) ?? '' })).status).toBe(200);
});

it('a session cannot be chosen by the client, nor used by somebody else, nor by the same one with other rights', async () => {
  expect((await initialize(ann, { 'mcp-session-id': 'chosen' })).status).toBe(404);
  const { session } = await initialize(ann);
  const mine = { 'mcp-session-id': session };
  expect((await post(bob, { id: 2, method: 'ping' }, mine)).status).toBe(404);
  expect((await endpoint.handle(new Request('http://localhost/mcp', { method: 'DELETE', headers: mine }), bob)).status).toBe(404);
  expect(
    (await endpoint.handle(new Request('http://localhost/mcp', { headers: { ...mine, accept: 'text/event-stream' } }), bob)).status,
  ).toBe(404);
  const request = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { ...headers, ...mine },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' }),
  });
  expect((await endpoint.handle(request, ann, { mayApprove: false })).status).toBe(404);
  expect((await post(ann, { id: 3, method: 'ping' }, { ...mine, 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
  expect((await post(ann, { id: 4, method: 'ping' }, mine)).status).toBe(200);
});
