import { createServer } from 'node:http';
import { KwError } from '@kw/agent';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { raceAbort } from '../race-abort.ts';
import type { PrivateFile } from '../trust/file-store.ts';
import type { UpstreamConfig } from './config.ts';
import type { Fetch } from './http-transport.ts';
import { signIn } from './oauth.ts';

/** How a user signs in. */
export interface LoginOptions {
  readonly config: UpstreamConfig;
  readonly file: PrivateFile;
  readonly fetch: Fetch;
  /** Shows or opens the page at which the user agrees. */
  readonly open: (page: URL) => Promise<void>;
  readonly signal: AbortSignal;
}

const callbackPath = '/callback';

/** Signs in at a server: the user agrees in a browser, which comes back to a free port of this host. Throws KwError `mcp-failed` or the signal's reason. */
export async function login({ config, file, fetch, open, signal }: LoginOptions): Promise<'signed-in' | 'already'> {
  const { transport, auth } = config;
  if (transport.type !== 'http' || auth?.type !== 'oauth')
    throw new KwError('mcp-failed', `MCP server ${JSON.stringify(config.name)} has no sign-in: its \`auth.type\` is not oauth`);
  const waiting = await waitForCode(auth.redirectPort ?? 0);
  try {
    const provider = signIn({ auth, config, file, redirectUrl: waiting.url, open });
    const asked = new StreamableHTTPClientTransport(new URL(transport.url), { authProvider: provider, fetch });
    await asked.start();
    try {
      await asked.send({
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'kubelet-wuhrai', version: 'login' } },
      });
      await asked.terminateSession().catch(() => undefined); // it ends by itself
      return 'already';
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
    } finally {
      await asked.close();
    }
    const code = await raceAbort(waiting.code(provider.expectedState()), signal);
    const finishing = new StreamableHTTPClientTransport(new URL(transport.url), { authProvider: provider, fetch });
    await finishing.finishAuth(code);
    return 'signed-in';
  } catch (error) {
    signal.throwIfAborted();
    throw new KwError(
      'mcp-failed',
      `the sign-in at MCP server ${JSON.stringify(config.name)} failed: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    waiting.close();
  }
}

interface Waiting {
  readonly url: string;
  readonly code: (state: string) => Promise<string>;
  readonly close: () => void;
}

function waitForCode(port: number): Promise<Waiting> {
  const came = Promise.withResolvers<URLSearchParams>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'GET' || pathname !== callbackPath) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
      .end('You may close this page and go back to the terminal.\n');
    came.resolve(searchParams);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${bound}${callbackPath}`,
        code: async (state) => {
          const answer = await came.promise;
          if (answer.get('state') !== state) throw new Error('the browser came back with another state than it was sent with');
          const code = answer.get('code');
          if (code === null)
            throw new Error(answer.get('error_description') ?? answer.get('error') ?? 'the browser came back without a code');
          return code;
        },
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
