import { request as httpRequest } from 'node:http';
import { Client as SuccessorClient, StreamableHTTPClientTransport as SuccessorTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { call, cluster, connected, pathWithKubectl } from './client.ts';
import { serve, serveHttp } from './serving.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};
const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request with any headers, Host included. */
function send(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: object | string } = {},
): Promise<Answer> {
  const { method = 'POST', headers = json, body = initialize } = options;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(method === 'GET' || method === 'DELETE' ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const sessionOf = ({ headers }: Answer): string => String(headers['mcp-session-id']);

describe('over HTTP', () => {
  it('answers localhost, 127.0.0.1 and [::1] with our port, and no other Host; foreign pages are refused', async () => {
    const { url, port } = await serveHttp();
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect((await send(url, { headers: { ...json, host } })).status).toBe(200);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost:1'])
      expect((await send(url, { headers: { ...json, host } })).status).toBe(421);
    for (const origin of ['https://evil.example', 'null']) expect((await send(url, { headers: { ...json, origin } })).status).toBe(403);
    expect((await send(url, { headers: { ...json, 'content-type': 'text/plain' } })).status).toBe(415);
  });

  it('wants the token where one is set and the peer is not a process of this user', async () => {
    const { url } = await serveHttp({ auth: { token: 'a-long-random-token' }, readTable: async () => '' });
    expect((await send(url)).status).toBe(401);
    expect((await send(url, { headers: { ...json, authorization: 'Bearer wrong' } })).status).toBe(401);
    const client = await connected(url, { headers: { authorization: 'Bearer a-long-random-token' } });
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('kubectl');
  });

  it('named tokens do what their scopes say, also from this host where loopback-auth is set', async () => {
    const { kubeconfigPath } = await cluster();
    const tokens = [
      { name: 'ann', token: 'token-of-ann', scopes: ['read', 'chat', 'approve'] },
      { name: 'bob', token: 'token-of-bob', scopes: ['read', 'chat'] },
      { name: 'eve', token: 'token-of-eve', scopes: ['read'] },
    ] as const;
    const { url, madeToken } = await serveHttp({
      auth: { tokens, loopbackAuth: true },
      env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() },
    });
    const as = (name: string): Record<string, string> => ({ authorization: `Bearer token-of-${name}` });
    expect(madeToken).toBeUndefined();
    expect((await send(url)).status).toBe(401);
    expect((await send(url, { headers: { ...json, ...as('eve') } })).status).toBe(403);
    const write = { command: 'kubectl create configmap one -n shop' };
    const bob = await connected(url, { headers: as('bob'), elicit: () => 'accept' });
    expect(await call(bob, 'kubectl', write)).toMatchObject({ isError: true, text: expect.stringContaining('may not approve') });
    const ann = await connected(url, { headers: as('ann'), elicit: () => 'accept' });
    expect(await call(ann, 'kubectl', write)).toMatchObject({ isError: false, text: expect.stringContaining('created') });
  });

  it('a bind that is not loopback without a token makes one, says it once, and requires it', async () => {
    const { url, madeToken, lines, port } = await serveHttp({ listenAddress: '0.0.0.0:0', readTable: async () => '' });
    expect(madeToken).toMatch(/^[\w-]{43}$/);
    expect(lines.filter((line) => line.includes(madeToken ?? '-'))).toHaveLength(1);
    expect((await send(`http://127.0.0.1:${port}/mcp`)).status).toBe(401);
    expect(url).toContain('/mcp');
  });

  it("a session ends with DELETE and is 404 from then on; it is nobody else's", async () => {
    const { url } = await serveHttp({ auth: { token: 'token-of-somebody' } });
    const begun = await send(url);
    const session = sessionOf(begun);
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    const as = (more: Record<string, string> = {}) => ({
      headers: { ...json, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25', ...more },
      body: ping,
    });
    expect((await send(url, as())).status).toBe(200);
    expect((await send(url, as({ authorization: 'Bearer token-of-somebody' }))).status).toBe(404);
    expect(
      (await send(url, { method: 'DELETE', headers: { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' } })).status,
    ).toBe(200);
    expect((await send(url, as())).status).toBe(404);
    expect((await send(url, { headers: { ...json, 'mcp-session-id': 'unknown' }, body: ping })).status).toBe(404);
    expect((await send(url, { body: ping })).status).toBe(400);
  });

  it('has a cap, a limit of the body, and ends idle sessions', async () => {
    const { url } = await serveHttp({ maxSessions: 2, idleMs: 60_000 });
    expect((await send(url)).status).toBe(200);
    expect((await send(url)).status).toBe(200);
    expect(await send(url)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect((await send(url, { body: 'x'.repeat(1_100_000) })).status).toBe(413);
    expect((await send(url, { body: 'no json' })).status).toBe(400);
    const short = await serveHttp({ idleMs: 50 });
    const session = sessionOf(await send(short.url));
    const ping = {
      headers: { ...json, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' },
      body: { jsonrpc: '2.0', id: 2, method: 'ping' },
    };
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await send(short.url, ping)).status).toBe(404);
  });

  it('a client that lost its stream gets the answer with Last-Event-ID', async () => {
    const { url } = await serveHttp();
    const session = sessionOf(await send(url));
    const headers = { ...json, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' };
    const left = new AbortController();
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 7,
        method: 'tools/call',
        params: { name: 'bash', arguments: { command: 'sleep 0.6; echo done' } },
      }),
      signal: left.signal,
    });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    const id = /^id: (.+)$/m.exec(first)?.[1] ?? '';
    left.abort();
    await reader?.cancel().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const again = await fetch(url, {
      headers: { accept: 'text/event-stream', 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25', 'last-event-id': id },
    });
    const events = again.body?.getReader();
    let text = '';
    while (!text.includes('"id":7')) text += new TextDecoder().decode((await events?.read())?.value);
    expect(text).toContain('done');
    await events?.cancel();
  });

  it('ten clients are served beside each other, each its own answers', async () => {
    const { kubeconfigPath } = await cluster();
    const { url } = await serveHttp({ env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() } });
    const clients = await Promise.all(Array.from({ length: 10 }, () => connected(url)));
    const texts = await Promise.all(clients.map((client, index) => call(client, 'bash', { command: `echo client-${index}` })));
    expect(texts.map(({ text }) => text.trim())).toEqual(clients.map((_, index) => `client-${index}`));
  });

  it('takes no local path and no other credential from a client', async () => {
    const { kubeconfigPath, requests } = await cluster();
    const { url } = await serveHttp({
      env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() },
      flags: { 'skip-permissions': true, 'dangerously-allow': true },
    });
    const client = await connected(url, { elicit: () => 'accept' });
    const before = requests.length;
    for (const command of [
      'kubectl apply -f /etc/passwd',
      'kubectl create -f=/etc/passwd',
      'kubectl create configmap x --from-file=/etc/passwd',
      'kubectl apply -k ./here',
      'kubectl get pods --kubeconfig /root/.kube/config',
      'kubectl get pods --server https://evil.example',
      'kubectl get pods --token abc',
      'kubectl cp shop/web:/etc/passwd /tmp/x',
    ])
      expect(await call(client, 'kubectl', { command })).toMatchObject({ isError: true, text: expect.stringMatching(/^not run/) });
    for (const command of ['cat /etc/passwd', 'cat ~/.ssh/id_rsa', 'kubectl apply -f ./x.yaml', 'source ../x'])
      expect(await call(client, 'bash', { command })).toMatchObject({ isError: true, text: expect.stringMatching(/^not run/) });
    expect(requests.length).toBe(before);
    expect(
      (
        await call(client, 'kubectl', {
          command: 'kubectl apply -n shop -f -',
          input: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"given"}}',
        })
      ).text,
    ).toContain('created');
    expect((await call(client, 'kubectl', { command: 'kubectl get --raw /version' })).isError).toBe(false);
  });

  it('a write is asked about on the stream of its call', async () => {
    const { kubeconfigPath, kubectl } = await cluster();
    const { url } = await serveHttp({ env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() } });
    const asked: string[] = [];
    const client = await connected(url, {
      elicit: (message) => {
        asked.push(message);
        return 'accept';
      },
    });
    expect((await call(client, 'kubectl', { command: 'kubectl create configmap one -n shop' })).text).toContain('created');
    expect(asked).toHaveLength(1);
    expect(await kubectl('get', 'configmap', 'one', '-n', 'shop', '-o', 'name')).toContain('one');
    const mute = await connected(url);
    expect(await call(mute, 'kubectl', { command: 'kubectl delete configmap one -n shop' })).toMatchObject({ isError: true });
  });

  it('beside the API it is behind its doors: the scope chat asks, the scope approve lets questions be answered, and a stopped service runs nothing', async () => {
    const { createApi } = await import('@kw/http');
    const { mountMcp } = await import('@kw/mcp-server');
    const { kubeconfigPath } = await cluster();
    const serving = await serve({ env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() } });
    const endpoint = await mountMcp(serving);
    let stopped = false;
    const scopes = new Map([
      ['reader', ['read']],
      ['asker', ['read', 'chat']],
      ['approver', ['read', 'chat', 'approve']],
    ]);
    const api = createApi({
      ...({} as Parameters<typeof createApi>[0]),
      auth: {
        listening: () => ({ loopback: false, port: 80 }),
        verify: async (token: string) => {
          const found = scopes.get(token);
          return found === undefined
            ? undefined
            : { principal: { issuer: 'token', subject: token }, scopes: found as ('read' | 'chat' | 'approve')[] };
        },
      },
      gate: {
        admit: async () => ({}),
        checkRunning: async () => {
          if (stopped) throw Object.assign(new Error('stopped'), { code: 'stopped', [Symbol.for('kw.error')]: true, details: {} });
        },
      },
      mcp: endpoint.handle,
    });
    const peer = { address: '192.0.2.1', loopback: false, sameUser: async () => false };
    const post = async (token: string, body: object, session?: string): Promise<Response> =>
      api.fetch(
        new Request('http://service/mcp', {
          method: 'POST',
          headers: {
            ...json,
            host: 'service',
            authorization: `Bearer ${token}`,
            'mcp-protocol-version': '2025-11-25',
            ...(session === undefined ? {} : { 'mcp-session-id': session }),
          },
          body: JSON.stringify(body),
        }),
        { peer },
      );
    expect((await post('reader', initialize)).status).toBe(403);
    const write = {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'kubectl', arguments: { command: 'kubectl create configmap one -n shop' } },
    };
    const begin = { ...initialize, params: { ...initialize.params, capabilities: { elicitation: {} } } };
    const session = String((await post('asker', begin)).headers.get('mcp-session-id'));
    expect(await (await post('asker', write, session)).text()).toContain('may not approve');
    const other = String((await post('approver', begin)).headers.get('mcp-session-id'));
    const reader = (await post('approver', write, other)).body?.getReader();
    let text = '';
    while (!text.includes('elicitation/create')) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    expect((await post('approver', write, session)).status).toBe(404);
    stopped = true;
    expect((await post('approver', write, other)).ok).toBe(false);
    await endpoint.close();
  });

  it('the client of the successor SDK is spoken to', async () => {
    const { url } = await serveHttp();
    const client = new SuccessorClient({ name: 'successor', version: '1' });
    await client.connect(new SuccessorTransport(new URL(url)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('kubectl');
    await client.close();
  });
});
