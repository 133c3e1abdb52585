import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';
import type { McpAdmin } from '../src/mcp-admin.ts';
import { openMcpAdmin } from '../src/mcp-admin.ts';
import { createMcpNetwork } from '../src/mcp-network.ts';
import { createPlace } from './support.ts';
import { startRecordingProxy } from './network/recording-proxy.ts';
import { selfSigned } from './network/self-signed.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A server with one tool and no session. */
const mcp: RequestListener = (request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = JSON.parse(body) as { readonly id?: number; readonly method: string };
    if (id === undefined) return response.writeHead(202).end();
    const results: Readonly<Record<string, object>> = {
      initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'far', version: '1' } },
      'tools/list': { tools: [{ name: 'look', inputSchema: { type: 'object' } }] },
    };
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }));
  });
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => server.close(done)));
  return (server.address() as AddressInfo).port;
}

async function proxy(port: number): Promise<Awaited<ReturnType<typeof startRecordingProxy>>> {
  const started = await startRecordingProxy({ target: { port } });
  closing.push(started.close);
  return started;
}

async function admin(server: object, env: Record<string, string> = {}): Promise<McpAdmin> {
  const home = await mkdtemp(join(tmpdir(), 'kw-mcp-network-'));
  closing.push(() => rm(home, { recursive: true, force: true }));
  const file = join(home, 'mcp.yaml');
  await writeFile(file, JSON.stringify({ servers: [{ name: 'far', ...server }] }), { mode: 0o600 });
  const { config } = await loadConfig({
    env,
    home,
    flags: { 'mcp-config': file, 'state-dir': join(home, 'state') },
    readFile: async () => undefined,
  });
  const opened = await openMcpAdmin(config, { env, home, userId: undefined, userName: 'u', version: '1' }, () => undefined);
  closing.push(() => opened.close());
  return opened;
}

const { signal } = new AbortController();
const found = { server: 'far 1', tools: ['look'] };

describe('requests to MCP servers', () => {
  it('go through the proxy of the environment', async () => {
    const via = await proxy(await listen(createServer(mcp)));
    const far = await admin({ url: 'http://mcp.example/mcp' }, { HTTP_PROXY: via.url });
    expect(await far.test('far', signal)).toMatchObject(found);
    expect(new Set(via.seen)).toContain('POST http://mcp.example/mcp');
  });

  it('leave the proxy aside for the hosts of NO_PROXY', async () => {
    const port = await listen(createServer(mcp));
    const via = await proxy(port);
    const far = await admin({ url: `http://127.0.0.1:${port}/mcp` }, { HTTP_PROXY: via.url, NO_PROXY: '127.0.0.1' });
    expect(await far.test('far', signal)).toMatchObject(found);
    expect(via.seen).toEqual([]);
  });

  it('are tunnelled to a TLS server, whose certificate goes unchecked where its own configuration says so, with a warning', async () => {
    const via = await proxy(await listen(createSecureServer(selfSigned, mcp)));
    const far = await admin({ url: 'https://mcp.example/mcp', 'skip-verify-ssl': true }, { HTTPS_PROXY: via.url });
    expect(await far.test('far', signal)).toMatchObject(found);
    expect(new Set(via.seen)).toEqual(new Set(['CONNECT mcp.example:443']));
    expect(far.warnings).toEqual([expect.stringMatching(/MCP server "far": its certificate is not verified/)]);
  });

  it('are not let off by what the configuration says of the models, and the error names both ways out', async () => {
    const port = await listen(createSecureServer(selfSigned, mcp));
    const far = await admin({ url: `https://127.0.0.1:${port}/mcp` }, { LLM_SKIP_VERIFY_SSL: 'true' });
    expect(far.warnings).toEqual([]);
    await expect(far.test('far', signal)).rejects.toThrow(/MCP server "far".*certificate.*NODE_EXTRA_CA_CERTS.*skip-verify-ssl: true/);
  });

  it('name the proxy that was not there', async () => {
    const far = await admin({ url: 'https://mcp.example/mcp' }, { HTTPS_PROXY: 'http://ann:open-sesame@127.0.0.1:9' });
    const error: unknown = await far.test('far', signal).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/MCP server "far": no connection to mcp.example through the proxy http:\/\/127.0.0.1:9 \(HTTPS_PROXY\)/);
    expect(String(error)).not.toContain('open-sesame');
  });

  it('carry the forms of a sign-in, and streams as they come', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(`${request.headers['content-type'] ?? ''} ${body}`);
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
      });
    });
    const via = await proxy(await listen(server));
    closing.push(() => server.closeAllConnections());
    const place = await createPlace({ HTTP_PROXY: via.url });
    closing.push(place.remove);
    const network = createMcpNetwork(await place.config(), place.host, []);
    closing.push(() => network.close());
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'a b' });
    const response = await network.fetch(new URL('http://login.example/token'), { method: 'POST', body });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: first\n\n');
    expect(seen).toEqual(['application/x-www-form-urlencoded;charset=UTF-8 grant_type=refresh_token&refresh_token=a+b']);
    await reader?.cancel();
  });

  it('cannot be told to skip what they do not have', async () => {
    await expect(admin({ url: 'http://mcp.example/mcp', 'skip-verify-ssl': true })).rejects.toThrow(/skip-verify-ssl.*https/);
  });
});
