import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { KwError } from '@kw/agent';
import { type ApiEnv, type Auth, type AuthOptions, createServerAuth, doors, setSecurityHeaders } from '@kw/http';
import { createMcpEndpoint, type McpEndpoint } from '@kw/mcp';
import type { McpServing } from '@kw/runtime';
import { createPeerOf, parseListenAddress, readKernelTable, type ReadTable } from '@kw/runtime';
import { Hono } from 'hono';

/** How the server is reached, and by whom. */
export interface McpHttpOptions {
  readonly serving: McpServing;
  /** `host:port`, such as `127.0.0.1:8890`. */
  readonly listenAddress: string;
  /** Who is let in, as in the service. */
  readonly auth?: AuthOptions;
  /** Addresses and networks of proxies whose `X-Forwarded-For` says who fails to show who it is. */
  readonly trustedProxies?: readonly string[];
  /** Takes lines for the person who started it. */
  readonly print: (line: string) => void;
  /** The process's user; undefined where the system has none. */
  readonly uid: number | undefined;
  readonly random?: (bytes: number) => Uint8Array;
  readonly readTable?: ReadTable;
  /** Sessions at once. Default 64. */
  readonly maxSessions?: number;
  /** A session that nobody used for so long ends, in milliseconds. Default 30 min. */
  readonly idleMs?: number;
}

/** An MCP server that listens. */
export interface RunningMcpServer {
  /** Such as `http://127.0.0.1:8890/mcp`. */
  readonly url: string;
  readonly port: number;
  /** The token that was made for this start, where one was. */
  readonly madeToken?: string;
  /** Ends every session and what runs in it. */
  stop(): Promise<void>;
}

const authFailuresPerMinute = 10;
const headersTimeoutMs = 20_000;
const requestTimeoutMs = 60_000;
const keepAliveMs = 65_000;

/** Serves MCP over Streamable HTTP at `/mcp`. Throws KwError `bad-listen-address`, `address-in-use` or `cannot-listen`. */
export async function startMcpHttp(options: McpHttpOptions): Promise<RunningMcpServer> {
  const { serving, print, trustedProxies, maxSessions, idleMs, random = randomBytes, readTable = readKernelTable, uid } = options;
  const address = parseListenAddress(options.listenAddress);
  let { port } = address;
  const { auth, madeToken, warnings } = createServerAuth(options.auth ?? {}, {
    local: serving.principal,
    listening: () => ({ loopback: address.loopback, port }),
    loopback: address.loopback,
    random,
  });
  const endpoint = createMcpEndpoint({
    server: (by, { mayApprove }) => serving.options({ by, remote: true, mayApprove }),
    ...(maxSessions === undefined ? {} : { maxSessions }),
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  const app = createMcpApp(endpoint, auth);
  const peerOf = createPeerOf({ uid, readTable, ...(trustedProxies === undefined ? {} : { trustedProxies }) });
  const listener = getRequestListener((request, { incoming }) => app.fetch(request, { peer: peerOf(incoming) }), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveMs, noDelay: true },
    (incoming, outgoing) => void listener(incoming, outgoing), // it answers failures by itself
  );
  port = await listen(server, address.host, address.port);
  const url = `http://${urlHost(address.host)}:${port}/mcp`;
  for (const warning of warnings) print(`warning: ${warning}`);
  print(`kubelet-wuhrai serves MCP on ${url}`);
  if (madeToken !== undefined) print(`token (made for this start; set KW_AUTH_TOKEN to choose it): ${madeToken}`);
  return {
    url,
    port,
    ...(madeToken === undefined ? {} : { madeToken }),
    stop: async () => {
      await endpoint.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The doors with the endpoint behind them. */
export function createMcpApp(endpoint: McpEndpoint, auth: Auth): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(setSecurityHeaders);
  app.use(doors({ auth, clock: Date.now, authFailuresPerMinute }));
  app.all('/mcp', async (context): Promise<Response> => {
    const { scopes } = context.get('caller');
    if (scopes !== undefined && !scopes.includes('chat'))
      return context.json({ error: { code: 'missing-scope', message: 'This token may not ask questions: it has no scope "chat".' } }, 403);
    return endpoint.handle(context.req.raw, context.get('principal'), { mayApprove: scopes === undefined || scopes.includes('approve') });
  });
  app.notFound((context) => context.json({ error: { code: 'not-found', message: 'MCP is served at /mcp.' } }, 404));
  return app;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const where = `${host}:${port}`;
      reject(
        cause.code === 'EADDRINUSE'
          ? new KwError('address-in-use', `${where} is in use by another program. Choose another address, or end that program.`, { cause })
          : new KwError('cannot-listen', `${where} cannot be listened on (${cause.message}). Choose another address.`, { cause }),
      );
    });
    server.listen(port, host, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function urlHost(host: string): string {
  if (host === '::' || host === '0.0.0.0') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function randomBytes(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
