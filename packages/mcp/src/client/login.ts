import { createServer } from 'node:http';
import { KwError } from '@kw/agent';
import { wordsOf } from '../json.ts';
import { raceAbort } from '../race-abort.ts';
import type { PrivateFile } from '../trust/file-store.ts';
import type { UpstreamConfig } from './config.ts';
import { connect } from './connection.ts';
import type { Fetch } from './http-transport.ts';
import { httpTransport } from './http-transport.ts';
import { signIn } from './oauth.ts';

/** How a user signs in. */
export interface LoginOptions {
  readonly config: UpstreamConfig;
  readonly file: PrivateFile;
  readonly fetch: Fetch;
  /** Shows or opens the page at which the user agrees. */
  readonly open: (page: URL) => Promise<void> | void;
  readonly signal: AbortSignal;
}

const callbackPath = '/callback';
/** A person may take so long, in milliseconds. */
const loginMs = 600_000;

/** Signs in at a server: the user agrees in a browser, which comes back to a port of this host. Throws KwError `mcp-failed` or the signal's reason. */
export async function login({ config, file, fetch, open, signal }: LoginOptions): Promise<'signed-in' | 'already'> {
  const { transport, auth } = config;
  if (transport.type !== 'http' || auth?.type !== 'oauth')
    throw new KwError('mcp-failed', `MCP server ${JSON.stringify(config.name)} has no sign-in: its \`auth.type\` is not oauth`);
  const waiting = await waitForCode(auth.redirectPort ?? 0);
  let asked = false;
  const provider = signIn({
    auth,
    config,
    file,
    redirectUrl: waiting.url,
    authorize: async (page, state) => {
      asked = true;
      await open(page);
      return raceAbort(waiting.code(state), signal);
    },
  });
  try {
    const connection = await connect({
      clientInfo: { name: 'kubelet-wuhrai', version: 'login' },
      capabilities: {},
      timeoutMs: loginMs,
      signal,
      answer: async (_method) => {
        throw new Error('nothing is answered during the sign-in');
      },
      onNotification: () => undefined,
      onEnd: () => undefined,
      open: (onCut) => httpTransport({ url: transport.url, headers: transport.headers, authProvider: provider, fetch, onCut }),
    });
    await connection.close();
    return asked ? 'signed-in' : 'already';
  } catch (error) {
    signal.throwIfAborted();
    throw new KwError('mcp-failed', `the sign-in at MCP server ${JSON.stringify(config.name)} failed: ${wordsOf(error)}`, { cause: error });
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
