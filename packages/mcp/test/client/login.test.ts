import { createServer } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { login, privateFile, signIn } from '@kw/mcp';
import { expect, it, onTestFinished } from 'vitest';
import { httpServer, manager } from '../managers.ts';

interface SignedIn {
  readonly url: string;
  readonly grants: readonly string[];
}

/** A server that wants a sign-in, and the place where one signs in. */
async function protectedServer(): Promise<SignedIn> {
  const grants: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const origin = `http://${request.headers.host}`;
      const { pathname, searchParams } = new URL(request.url ?? '/', origin);
      const json = (value: object, status = 200, headers: Record<string, string> = {}): void =>
        void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
      if (pathname.startsWith('/.well-known/oauth-protected-resource'))
        return json({ resource: `${origin}/mcp`, authorization_servers: [origin] });
      if (pathname.startsWith('/.well-known/'))
        return json({
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          registration_endpoint: `${origin}/register`,
          response_types_supported: ['code'],
          code_challenge_methods_supported: ['S256'],
          token_endpoint_auth_methods_supported: ['none'],
        });
      if (pathname === '/register') return json({ ...(JSON.parse(body) as object), client_id: 'made-client' }, 201);
      if (pathname === '/authorize') {
        const back = new URL(searchParams.get('redirect_uri') ?? '');
        back.searchParams.set('code', 'the-code');
        back.searchParams.set('state', searchParams.get('state') ?? '');
        return void response.writeHead(302, { location: back.href }).end();
      }
      if (pathname === '/token') {
        grants.push(new URLSearchParams(body).get('grant_type') ?? '');
        return json({
          access_token: `access-token-${grants.length}`,
          token_type: 'Bearer',
          refresh_token: 'refresh-token-1',
          expires_in: 3600,
        });
      }
      if (!request.headers.authorization?.startsWith('Bearer access-token-'))
        return void response
          .writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"` })
          .end();
      const { id, method } = JSON.parse(body === '' ? '{}' : body) as { id?: number; method?: string };
      if (id === undefined) return void response.writeHead(request.method === 'POST' ? 202 : 405).end();
      return json({
        jsonrpc: '2.0',
        id,
        result:
          method === 'initialize'
            ? { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'p', version: '1' } }
            : { tools: [] },
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/mcp`, grants };
}

const file = () => privateFile(join(mkdtempSync(join(tmpdir(), 'kw-login-')), 'tokens.json'));

it('a sign-in comes back to a port of this host, is kept, and is used by the manager', async () => {
  const { url, grants } = await protectedServer();
  const tokens = file();
  const config = httpServer('locked', url, { auth: { type: 'oauth' } });
  const without = manager([config], {
    oauth: (server, auth) => signIn({ auth, config: server, file: tokens, redirectUrl: 'http://127.0.0.1:1/callback' }),
  });
  await expect(without.upstream('locked').connected()).rejects.toThrow(/kubelet-wuhrai mcp login locked/);
  const options = {
    config,
    file: tokens,
    fetch: (to: string | URL, init?: RequestInit) => fetch(to, init),
    signal: AbortSignal.timeout(10_000),
  };
  const pages: URL[] = [];
  const open = async (page: URL): Promise<void> => {
    pages.push(page);
    await fetch(page); // the browser follows the redirect to our port
  };
  expect(await login({ ...options, open })).toBe('signed-in');
  expect(pages[0]?.searchParams.get('code_challenge_method')).toBe('S256');
  expect(grants).toEqual(['authorization_code']);
  expect(await login({ ...options, open })).toBe('already');
  const secrets: string[] = [];
  const made = manager([config], {
    oauth: (server, auth) =>
      signIn({ auth, config: server, file: tokens, redirectUrl: 'http://127.0.0.1:1/callback', onSecret: (value) => secrets.push(value) }),
  });
  await made.upstream('locked').connected();
  expect(made.status()[0]).toMatchObject({ state: 'ready' });
  expect(secrets).toEqual(expect.arrayContaining(['access-token-1', 'refresh-token-1']));
});

it('what comes back with another state is refused', async () => {
  const { url } = await protectedServer();
  const config = httpServer('locked', url, { auth: { type: 'oauth' } });
  const open = async (page: URL): Promise<void> => {
    const back = new URL(page.searchParams.get('redirect_uri') ?? '');
    back.search = '?code=stolen&state=another';
    await fetch(back);
  };
  await expect(
    login({ config, file: file(), fetch: (to, init) => fetch(to, init), open, signal: AbortSignal.timeout(10_000) }),
  ).rejects.toThrow(/sign-in at MCP server "locked" failed: .*another state/);
});

it('a server without a sign-in is told so', async () => {
  const config = httpServer('plain', 'http://127.0.0.1:9/mcp');
  const asked = login({
    config,
    file: file(),
    fetch: (to, init) => fetch(to, init),
    open: async () => undefined,
    signal: AbortSignal.timeout(1_000),
  });
  await expect(asked).rejects.toThrow(/"plain" has no sign-in/);
});
