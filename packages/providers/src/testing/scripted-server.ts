import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, JsonValue } from '../json.ts';
import { isJsonObject, parseJson, stringOf } from '../parse-json.ts';
import { type CallText, withCallsAsText } from './calls-as-text.ts';
import { playTurn } from './play-turn.ts';
import type { ServerTurn } from './server-turn.ts';
import { judgeRequest, type StrictRules } from './strict-rules.ts';

/** A request as the server got it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's exact text. */
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  readonly body: JsonObject;
}

/** Turns in order, or a function that makes the turn of a chat request. */
export type ServerScript = readonly ServerTurn[] | ((request: RecordedRequest, index: number) => ServerTurn);

/** How a scripted server behaves. */
export interface ScriptedServerOptions {
  readonly script?: ServerScript;
  /** Played when the script has no turn left; without it such a request is answered with 400. */
  readonly fallback?: ServerTurn;
  /** What `GET /v1/models` lists; `false` answers 404. Default: `scripted-model`. */
  readonly models?: readonly (string | JsonObject)[] | false;
  /** Answers 400 to what a vendor refuses. `true`: an invalid history only. */
  readonly strict?: boolean | StrictRules;
  /** The turns' tool calls are sent as text, as by a server whose template and model disagree. */
  readonly callsAsText?: CallText;
  /** Any other bearer token is answered with 401. */
  readonly apiKey?: string;
  readonly host?: string;
  readonly port?: number;
}

/** A running server. */
export interface ScriptedServer {
  /** With `/v1`, as a base URL. */
  readonly url: string;
  readonly origin: string;
  /** Every request, in order. */
  readonly requests: readonly RecordedRequest[];
  /** The chat requests only. */
  chats(): readonly RecordedRequest[];
  /** More turns at the end of the script. */
  enqueue(...turns: readonly ServerTurn[]): void;
  /** How many answers are being written now: neither ended by the server nor left by the client. */
  answering(): number;
  /** How many connections are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

interface ServerState {
  readonly requests: RecordedRequest[];
  readonly queue: ServerTurn[];
  readonly options: ScriptedServerOptions;
  chats: number;
  answering: number;
  calls: number;
}

/** Starts an OpenAI-compatible server on loopback that plays a script over real HTTP and SSE. Node only. */
export async function startScriptedServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const script = options.script ?? [];
  const state: ServerState = {
    requests: [],
    queue: typeof script === 'function' ? [] : [...script],
    options,
    chats: 0,
    answering: 0,
    calls: 0,
  };
  const server = createServer((request, response) => {
    handle(request, response, state).catch((error: unknown) => fail(response, error));
  });
  server.keepAliveTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const origin = originOf(server);
  return {
    url: `${origin}/v1`,
    origin,
    requests: state.requests,
    chats: () => state.requests.filter(isChat),
    enqueue: (...turns) => void state.queue.push(...turns),
    answering: () => state.answering,
    connections: () =>
      new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(incoming: IncomingMessage, response: ServerResponse, state: ServerState): Promise<void> {
  const left = new AbortController();
  state.answering += 1;
  response.once('close', () => {
    state.answering -= 1;
    left.abort();
  });
  const request = await record(incoming);
  if (request.path.startsWith('/__')) return control(request, response, state);
  state.requests.push(request);
  const { apiKey, models = ['scripted-model'], strict = false } = state.options;
  if (apiKey !== undefined && request.headers['authorization'] !== `Bearer ${apiKey}`) {
    return send(response, 401, {
      error: {
        message: `Incorrect API key provided: ${request.headers['authorization']?.slice(7) ?? ''}`,
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      },
    });
  }
  if (request.method === 'GET' && request.path.endsWith('/models') && models !== false) {
    const data = models.map((model) => (typeof model === 'string' ? { id: model, object: 'model', owned_by: 'scripted' } : model));
    return send(response, 200, { object: 'list', data });
  }
  if (!isChat(request)) return send(response, 404, { error: { message: `no such path: ${request.path}` } });
  const index = state.chats++;
  const refusal = strict === false ? undefined : judgeRequest(parseJson(request.text), strict === true ? {} : strict);
  if (refusal !== undefined) return send(response, refusal.status, refusal.body);
  const { script, fallback } = state.options;
  const turn = typeof script === 'function' ? script(request, index) : (state.queue.shift() ?? fallback);
  if (turn === undefined) return send(response, 400, { error: { message: `the scripted server has no turn for request ${index + 1}` } });
  const { callsAsText } = state.options;
  await playTurn(response, callsAsText === undefined ? turn : withCallsAsText(turn, callsAsText), {
    model: stringOf(request.body['model']),
    streamed: request.body['stream'] === true,
    nextId: () => `call_${++state.calls}`,
    signal: left.signal,
  });
}

/** For other processes: `GET /__requests` reads what was recorded, `POST /__turns` adds turns. */
function control(request: RecordedRequest, response: ServerResponse, state: ServerState): void {
  if (request.path === '/__requests')
    return send(
      response,
      200,
      state.requests.map((one) => ({ ...one })),
    );
  if (request.path === '/__turns' && request.method === 'POST') {
    const turns: readonly ServerTurn[] = JSON.parse(request.text);
    state.queue.push(...turns);
    return send(response, 200, { queued: state.queue.length });
  }
  send(response, 404, { error: { message: `no such path: ${request.path}` } });
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const value = parseJson(text);
  const headers = Object.entries(incoming.headers).flatMap(([name, header]) =>
    header === undefined ? [] : [[name, String(header)] as const],
  );
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    text,
    body: isJsonObject(value) ? value : {},
  };
}

function isChat(request: RecordedRequest): boolean {
  return request.method === 'POST' && request.path.endsWith('/chat/completions');
}

function send(response: ServerResponse, status: number, body: JsonValue): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A client that leaves ends its answer; anything else is a mistake in the script. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) response.destroy();
  else send(response, 400, { error: { message: `the scripted server failed: ${String(error)}` } });
}

function originOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the scripted server has no port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
