import { createServer, type Server, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { KwError, type Principal, type Runs, type SessionStore } from '@kw/agent';
import {
  type ApiLimits,
  type ApiOptions,
  type AuthOptions,
  createApi,
  createServerAuth,
  type Facts,
  type TextStream,
  type Tokens,
} from '@kw/http';
import { keepDriving } from './keep-driving.ts';
import { loadPage } from './load-page.ts';
import { createPeerOf, parseListenAddress, readKernelTable, type ReadTable } from '@kw/runtime';
import { sendStream } from './send-stream.ts';
import { shareTable } from './shared-table.ts';
import type { TracedRequest, Traces } from './trace/create-traces.ts';

/** What a server is made of. */
export interface ServerOptions extends Pick<
  ApiOptions,
  'checkStore' | 'sessionsOf' | 'outputs' | 'places' | 'metrics' | 'observer' | 'gate' | 'killSwitch' | 'mcp' | 'language' | 'reasonIn'
> {
  readonly runs: Runs;
  readonly sessions: SessionStore;
  readonly facts: Facts;
  /** `host:port`, such as `127.0.0.1:8888`. */
  readonly listenAddress: string;
  /** Who a loopback peer of the same user is. */
  readonly local: Principal;
  readonly auth?: AuthOptions;
  readonly limits?: ApiLimits;
  /** Makes a span of each request. */
  readonly traces?: Pick<Traces, 'around'>;
  /** Takes lines for the person who started it. */
  readonly print: (line: string) => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Default: the platform's cryptographic source. */
  readonly random?: (bytes: number) => Uint8Array;
  /** The process's user. Default `process.getuid()`. */
  readonly uid?: number;
  readonly readTable?: ReadTable;
  /** Addresses and networks of proxies whose `X-Forwarded-For` says who fails to show who it is. */
  readonly trustedProxies?: readonly string[];
  /** How long `stop` lets turns end by themselves, in milliseconds. Default 8 s. */
  readonly drainMs?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8888`. */
  readonly url: string;
  readonly port: number;
  /** The token that was made for this start, where one was. */
  readonly madeToken?: string;
  /** Puts other tokens in the place of the configured ones; connections and streams stay. */
  replaceTokens(tokens: Tokens): void;
  /** Refuses new questions, lets turns end for a while, leaves the others to be claimed, and closes; within 10 s. May be called twice. */
  stop(): Promise<void>;
}

const headersTimeoutMs = 20_000;
const requestTimeoutMs = 60_000;
const keepAliveMs = 65_000;
const lastEventsMs = 300; // readers get the ends of what was driven here
const closeMs = 1_500;

/** Starts the HTTP service and drives the runs of its store. Throws KwError `bad-listen-address`, `address-in-use` or `cannot-listen`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {
    runs,
    sessions,
    facts,
    limits,
    traces,
    print,
    clock = Date.now,
    random = randomBytes,
    drainMs = 8_000,
    readTable = shareTable(readKernelTable),
  } = options;
  const address = parseListenAddress(options.listenAddress);
  const draining = new AbortController();
  const stopping = new AbortController();
  let { port } = address;
  const { auth, madeToken, warnings, replaceTokens } = createServerAuth(options.auth ?? {}, {
    local: options.local,
    listening: () => ({ loopback: address.loopback, port }),
    loopback: address.loopback,
    random,
  });
  const api = createApi({
    runs,
    sessions,
    facts,
    auth,
    clock,
    page: loadPage(),
    ...(options.checkStore !== undefined && { checkStore: options.checkStore }),
    ...(options.sessionsOf !== undefined && { sessionsOf: options.sessionsOf }),
    ...(options.outputs !== undefined && { outputs: options.outputs }),
    ...(options.places !== undefined && { places: options.places }),
    ...(options.gate !== undefined && { gate: options.gate }),
    ...(options.killSwitch !== undefined && { killSwitch: options.killSwitch }),
    ...(options.mcp !== undefined && { mcp: options.mcp }),
    ...(options.metrics !== undefined && { metrics: options.metrics }),
    ...(options.observer !== undefined && { observer: options.observer }),
    ...(options.language !== undefined && { language: options.language }),
    ...(options.reasonIn !== undefined && { reasonIn: options.reasonIn }),
    draining: draining.signal,
    stopping: stopping.signal,
    ...(limits !== undefined && { limits }),
  });
  const peerOf = createPeerOf({
    uid: options.uid ?? process.getuid?.(),
    readTable,
    ...(options.trustedProxies !== undefined && { trustedProxies: options.trustedProxies }),
  });
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const peer = peerOf(incoming);
      if (incoming.method === 'HEAD' || !(outgoing instanceof ServerResponse)) return api.fetch(request, { peer });
      let stream: TextStream | undefined;
      const handle = async (): Promise<Response> =>
        api.fetch(request, {
          peer,
          takeStream: (taken) => {
            stream = taken;
          },
        });
      const response = await (traces === undefined ? handle() : traces.around(toTraced(request), handle));
      if (stream === undefined) return response;
      sendStream(stream, response, outgoing);
      return RESPONSE_ALREADY_SENT;
    },
    { overrideGlobalObjects: false },
  );
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveMs, noDelay: true },
    (incoming, outgoing) => {
      void listener(incoming, outgoing); // it answers failures by itself
    },
  );
  port = await listen(server, address.host, address.port);
  const driving = keepDriving(runs, { signal: draining.signal, print });

  const url = `http://${urlHost(address.host)}:${port}`;
  for (const warning of warnings) print(`warning: ${warning}`);
  print(`kubelet-wuhrai listens on ${url}`);
  if (madeToken !== undefined) print(`token (made for this start; set KW_AUTH_TOKEN to choose it): ${madeToken}`);

  const shutDown = async (): Promise<void> => {
    draining.abort();
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeIdleConnections();
    await atMost(driving, drainMs);
    await atMost(closed, lastEventsMs);
    stopping.abort();
    await atMost(Promise.all([driving, closed]), closeMs);
    server.closeAllConnections();
    await closed;
  };
  let stopped: Promise<void> | undefined;
  return {
    url,
    port,
    ...(madeToken !== undefined && { madeToken }),
    replaceTokens,
    stop: () => {
      stopped ??= shutDown();
      return stopped;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const where = `${host}:${port}`;
      reject(
        cause.code === 'EADDRINUSE'
          ? new KwError(
              'address-in-use',
              `${where} is in use by another program. Choose another --ui-listen-address, or end that program.`,
              { cause },
            )
          : new KwError('cannot-listen', `${where} cannot be listened on (${cause.message}). Choose another --ui-listen-address.`, {
              cause,
            }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function toTraced({ method, url, headers }: Request): TracedRequest {
  return { method, path: new URL(url).pathname, traceparent: headers.get('traceparent') ?? undefined };
}

async function atMost(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

function urlHost(host: string): string {
  if (host === '::' || host === '0.0.0.0') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function randomBytes(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
