import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Principal } from '@kw/agent';
import { isRecord } from '../json.ts';
import type { McpServerOptions } from '../server/options.ts';
import type { McpSession } from '../server/session.ts';
import { createMcpSession } from '../server/session.ts';
import { eventStore } from './event-store.ts';
import { readBody } from './read-body.ts';

/** What a client may do beside asking. */
export interface McpRights {
  /** False: its questions to a person are refused, so nothing that needs an approval runs. */
  readonly mayApprove: boolean;
}

/** What an endpoint is made with. */
export interface McpEndpointOptions {
  /** The server of a client that came in through the doors. */
  readonly server: (by: Principal, rights: McpRights) => McpServerOptions;
  /** Sessions at once. Default 64. */
  readonly maxSessions?: number;
  /** A session that nobody used for so long ends, in milliseconds. Default 30 min. */
  readonly idleMs?: number;
  /** Bytes of a body. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Milliseconds, never going back. */
  readonly clock?: () => number;
}

/** Streamable HTTP on web standards. Host, Origin and token are judged before it, by whoever accepts the connections. */
export interface McpEndpoint {
  /** Answers one request of a principal; a session belongs to who made it, and for others it is not there. */
  handle(request: Request, by: Principal, rights?: McpRights): Promise<Response>;
  sessions(): number;
  close(): Promise<void>;
}

interface Caller {
  readonly by: Principal;
  readonly rights: McpRights;
}

interface Open {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly session: McpSession;
  readonly owner: string;
  usedAt: number;
  streams: number;
}

const bodyTimeoutMs = 30_000;
const keepAliveMs = 15_000;
const retryMs = 1_000;
const events = { maxEvents: 1_000, maxUnits: 4 * 1024 * 1024 };
/** A full house makes room by ending a session that was idle for so long. */
const evictableMs = 60_000;
const invalidRequest = -32_600;
const sessionNotFound = -32_001;

/** Makes an endpoint: one server for each session. */
export function createMcpEndpoint({
  server,
  maxSessions = 64,
  idleMs = 1_800_000,
  maxBodyBytes = 1_048_576,
  clock = () => performance.now(),
}: McpEndpointOptions): McpEndpoint {
  const open = new Map<string, Open>();

  const end = async (id: string): Promise<void> => {
    const ended = open.get(id);
    open.delete(id);
    await ended?.session.close();
  };
  const isIdle = ({ usedAt, streams, session }: Open, ms: number): boolean => streams === 0 && !session.isBusy() && clock() - usedAt > ms;
  const sweep = async (): Promise<void> => {
    await Promise.all([...open].filter(([, each]) => isIdle(each, idleMs)).map(([id]) => end(id)));
    if (open.size < maxSessions) return;
    const idle = [...open].filter(([, each]) => isIdle(each, evictableMs)).sort(([, a], [, b]) => a.usedAt - b.usedAt)[0];
    if (idle !== undefined) await end(idle[0]);
  };
  /** Who has as many as one may have loses the one that was asked longest ago: one alone cannot shut out the others. */
  const perOwner = Math.ceil((maxSessions * 3) / 4);
  const makeRoom = async (owner: string): Promise<void> => {
    const own = [...open].filter(([, each]) => each.owner === owner);
    if (own.length < perOwner || perOwner === maxSessions) return;
    const oldest = own.filter(([, { session }]) => !session.isBusy()).sort(([, a], [, b]) => a.usedAt - b.usedAt)[0];
    if (oldest !== undefined) await end(oldest[0]);
  };
  const roomFor = (owner: string): boolean => {
    const own = [...open.values()].filter((each) => each.owner === owner).length;
    return open.size < maxSessions && (own < perOwner || perOwner === maxSessions);
  };
  const timer = setInterval(() => void sweep(), Math.min(idleMs, evictableMs));
  timer.unref();

  const begin = async (request: Request, body: unknown, { by, rights }: Caller): Promise<Response> => {
    if (!isInitialize(body)) return refusal(400, invalidRequest, 'Bad Request: Mcp-Session-Id header is required');
    const owner = ownerKey({ by, rights });
    await sweep();
    await makeRoom(owner);
    if (!roomFor(owner))
      return refusal(503, invalidRequest, `there are ${maxSessions} sessions already; try again later`, { 'retry-after': '30' });
    const session = createMcpSession(server(by, rights));
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      eventStore: eventStore(events),
      keepAliveMs,
      retryInterval: retryMs,
      onsessioninitialized: (id) => {
        open.set(id, { transport, session, owner, usedAt: clock(), streams: 0 });
      },
      onsessionclosed: (id) => end(id),
    });
    await session.connect(exact(transport));
    const response = await transport.handleRequest(request, { parsedBody: body });
    if (!response.ok) await session.close();
    return response;
  };

  return {
    sessions: () => open.size,
    handle: async (request, by, rights = { mayApprove: true }) => {
      const id = request.headers.get('mcp-session-id');
      let body: unknown;
      if (request.method === 'POST') {
        const read = await readBody(request, { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs });
        if (!('value' in read)) return refusal(read.status, -32_700, `Parse error: ${read.message}`);
        body = read.value;
        if (id === null) return begin(request, body, { by, rights });
      }
      if (id === null) return refusal(400, invalidRequest, 'Bad Request: Mcp-Session-Id header is required');
      const found = open.get(id);
      if (found === undefined || found.owner !== ownerKey({ by, rights })) return refusal(404, sessionNotFound, 'Session not found');
      found.usedAt = clock();
      const response = await found.transport.handleRequest(request, body === undefined ? {} : { parsedBody: body });
      return counted(response, found, clock);
    },
    close: async () => {
      clearInterval(timer);
      await Promise.all([...open.keys()].map(end));
    },
  };
}

/** While somebody reads a stream, its session is in use. */
function counted(response: Response, session: Open, clock: () => number): Response {
  const { body, status, statusText, headers } = response;
  if (body === null || !(headers.get('content-type') ?? '').startsWith('text/event-stream')) return response;
  session.streams += 1;
  let left = false;
  const leave = (): void => {
    if (left) return;
    left = true;
    session.streams -= 1;
    session.usedAt = clock();
  };
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = await reader.read();
        if (!next.done) return controller.enqueue(next.value);
        leave();
        controller.close();
      } catch (error) {
        leave();
        controller.error(error);
      }
    },
    cancel: async (reason) => {
      leave();
      await reader.cancel(reason);
    },
  });
  return new Response(stream, { status, statusText, headers });
}

function isInitialize(body: unknown): boolean {
  return isRecord(body) && body['method'] === 'initialize';
}

/** A token with other rights is somebody else. */
function ownerKey({ by: { issuer, subject }, rights }: Caller): string {
  return JSON.stringify([issuer, subject, rights.mayApprove]);
}

function refusal(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
}

/** The SDK's class is not exact about optional members. */
function exact(transport: WebStandardStreamableHTTPServerTransport): Transport {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what the SDK itself connects
  return transport as Transport;
}
