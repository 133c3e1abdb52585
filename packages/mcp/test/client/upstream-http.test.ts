import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFile } from '@kw/mcp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeHttp } from '../fixtures/http-server.ts';
import { fakeServer, httpServer, manager } from '../managers.ts';

const echo = { name: 'echo', arguments: { text: 'hi' } };
const echoed = { content: [{ type: 'text', text: 'echo: hi' }] };

describe('a server that is reached by URL', () => {
  it('S110: it gets initialize', async () => {
    const server = await fakeHttp();
    await manager([httpServer('one', server.url)])
      .upstream('one')
      .connected();
    expect(server.seen[0]).toMatchObject({ method: 'POST', message: { method: 'initialize' } });
  });

  it('S111, S116: a bearer token is the Authorization header of every request', async () => {
    const server = await fakeHttp();
    const made = manager([httpServer('one', server.url, { auth: { type: 'bearer', token: 'token-of-the-test' } })]);
    expect(await made.upstream('one').request('tools/call', echo)).toEqual(echoed);
    for (const { headers } of server.seen) expect(headers.authorization).toBe('Bearer token-of-the-test');
    expect(made.secrets()).toContain('token-of-the-test');
  });

  it('S112, S117, S118: basic is base64 of user and password in UTF-8', async () => {
    const server = await fakeHttp();
    await manager([httpServer('one', server.url, { auth: { type: 'basic', username: 'u', password: 'pässword' } })])
      .upstream('one')
      .connected();
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('u:pässword').toString('base64')}`);
  });

  it('an API key has the header that is named, and headers of the file are sent', async () => {
    const server = await fakeHttp();
    const auth = { type: 'api-key', header: 'X-Key', key: 'key-of-the-test' } as const;
    await manager([httpServer('one', server.url, { auth, headers: { 'X-Team': 'shop' } })])
      .upstream('one')
      .connected();
    expect(server.seen[0]?.headers).toMatchObject({ 'x-key': 'key-of-the-test', 'x-team': 'shop' });
  });

  it('a redirect to another origin is not followed, and nothing is sent there', async () => {
    const [server, other] = [await fakeHttp(), await fakeHttp()];
    server.answerWith((_request, response) => response.writeHead(307, { location: other.url }).end());
    const made = manager([httpServer('one', server.url, { auth: { type: 'bearer', token: 'token-of-the-test' } })]);
    await expect(made.upstream('one').connected()).rejects.toThrow(/MCP server "one"/);
    expect(other.seen).toEqual([]);
  });

  it('a session that the server forgot is made anew within the call', async () => {
    const server = await fakeHttp();
    const { upstream } = manager([httpServer('one', server.url)]);
    await upstream('one').connected();
    server.forget();
    expect(await upstream('one').request('tools/call', echo)).toEqual(echoed);
    expect(server.seen.filter(({ message }) => message['method'] === ('initialize' as never))).toHaveLength(2);
  });

  it('31: an answer that breaks off fails the call at once, and the next one works', async () => {
    const server = await fakeHttp();
    const { upstream } = manager([httpServer('one', server.url, { timeoutMs: 20_000 })]);
    const before = performance.now();
    await expect(upstream('one').request('tools/call', { name: 'cut', arguments: {} })).rejects.toThrow(
      /MCP server "one".*ended before the answer/,
    );
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await upstream('one').request('tools/call', echo)).toEqual(echoed);
  });

  it('31: 401 is told with the way in, and hides no other server', async () => {
    const server = await fakeHttp();
    server.answerWith((_request, response) => response.writeHead(401).end());
    const made = manager([httpServer('locked', server.url), fakeServer('good')]);
    await made.settled(5_000);
    expect(made.status()[0]).toMatchObject({ state: 'failed', error: expect.stringContaining('kubelet-wuhrai mcp login locked') });
    expect(made.tools().tools.map(({ name }) => name)).toContain('good__echo');
  });

  it('nobody listens: the server is named', async () => {
    await expect(
      manager([httpServer('gone', 'http://127.0.0.1:9/mcp')])
        .upstream('gone')
        .connected(),
    ).rejects.toThrow(/MCP server "gone"/);
  });

  it('HTML and other answers that are no protocol are told, not waited for', async () => {
    const server = await fakeHttp();
    server.answerWith((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await expect(
      manager([httpServer('one', server.url)])
        .upstream('one')
        .connected(),
    ).rejects.toThrow(/MCP server "one".*content type/i);
  });

  it('sign-ins are kept in a file of mode 0600', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kw-tokens-')), 'deep/tokens.json');
    const file = privateFile(path);
    await Promise.all([file.set('a', { tokens: { access_token: 'x' } }), file.set('b', 1)]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect([await file.get('a'), await file.get('b')]).toEqual([{ tokens: { access_token: 'x' } }, 1]);
    await file.set('a', undefined);
    expect(await file.get('a')).toBeUndefined();
  });
});

it('a server from before Streamable HTTP is spoken to over its stream of events', async () => {
  const { SSEServerTransport } = await import('@modelcontextprotocol/sdk/server/sse.js');
  const { Server } = await import('@modelcontextprotocol/sdk/server/index.js');
  const { createServer } = await import('node:http');
  const open = new Map<string, InstanceType<typeof SSEServerTransport>>();
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/sse' && request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      open.set(transport.sessionId, transport);
      const mcp = new Server({ name: 'older', version: '1' }, { capabilities: { tools: {} } });
      mcp.fallbackRequestHandler = async ({ method }) =>
        method === 'tools/list' ? { tools: [{ name: 'old', inputSchema: { type: 'object' } }] } : {};
      void mcp.connect(transport);
    } else if (pathname === '/messages') void open.get(searchParams.get('sessionId') ?? '')?.handlePostMessage(request, response);
    else response.writeHead(405).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/sse`;
  const made = manager([httpServer('old', url, { auth: { type: 'bearer', token: 'token-of-the-test' } })]);
  expect(await made.settled(5_000)).toBe(true);
  expect(made.tools().tools.map(({ name }) => name)).toEqual(['old__old']);
  expect(seen.every((authorization) => authorization === 'Bearer token-of-the-test')).toBe(true);
});
