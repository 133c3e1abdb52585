import { follow, type Place, type ReconnectOptions } from './follow.ts';
import type { StreamMessage } from './read-events.ts';
import { type Connection, send, sendForJson } from './request.ts';
import type {
  ApprovalAnswerResponse,
  ChatContext,
  ChatResponseBody,
  HealthResponse,
  ModelsResponse,
  RunResponseBody,
  StreamEvent,
  WireCursor,
} from './wire.ts';

/** How a client connects. */
export interface ClientOptions {
  /** Bearer token, where the server wants one. */
  readonly token?: string;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
  /** Ends every request of the client when it is aborted. */
  readonly signal?: AbortSignal;
  /** Sent with each question that does not bring its own. */
  readonly context?: ChatContext;
  readonly reconnect?: ReconnectOptions;
}

/** What may accompany a question. */
export interface AskOptions {
  readonly sessionId?: string | null;
  readonly context?: ChatContext;
  /** Ends a parked run of the session with a denial, instead of a conflict. */
  readonly supersede?: boolean;
  readonly signal?: AbortSignal;
}

/** Called with each event, and the place after it. */
export type OnMessage = (event: StreamEvent, cursor?: WireCursor) => void;

/** A client of one server. Failures are thrown as KubectlAIError, an abort as the signal's reason. */
export interface Client {
  /** Asks and waits for the answer, or for a question that needs a person (`status: "awaiting_approval"`). */
  ask(query: string, options?: AskOptions): Promise<ChatResponseBody>;
  /** Asks and gives each event as it comes, up to the run's end or its parking; takes a broken connection up again by itself. */
  stream(query: string, options?: AskOptions): AsyncGenerator<StreamMessage>;
  /** Events of a run after a cursor; without one from its beginning. */
  resume(runId: string, options?: { readonly cursor?: WireCursor; readonly signal?: AbortSignal }): AsyncGenerator<StreamMessage>;
  approve(approvalId: string, options?: { readonly signal?: AbortSignal }): Promise<ApprovalAnswerResponse>;
  /** Declines; the model is told the reason. */
  deny(approvalId: string, options?: { readonly reason?: string; readonly signal?: AbortSignal }): Promise<ApprovalAnswerResponse>;
  /** A run as it stands; `wait` (seconds) waits that long for its end or a question. */
  getRun(runId: string, options?: { readonly wait?: number; readonly signal?: AbortSignal }): Promise<RunResponseBody>;
  cancelRun(runId: string, options?: { readonly signal?: AbortSignal }): Promise<RunResponseBody>;
  getHealth(options?: { readonly signal?: AbortSignal }): Promise<HealthResponse>;
  getModels(options?: { readonly signal?: AbortSignal }): Promise<ModelsResponse>;
}

/** Makes a client of the server at `baseUrl`. Nothing is sent before the first call. */
export function createClient(baseUrl: string = 'http://localhost:8888', options: ClientOptions = {}): Client {
  const connection: Connection = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    token: options.token,
    signal: options.signal,
  };
  const question = (
    query: string,
    { sessionId = null, context = options.context ?? {}, supersede = false }: AskOptions,
  ): Readonly<Record<string, unknown>> => ({
    query,
    session_id: sessionId,
    context,
    ...(supersede && { supersede }),
  });
  const reopen = ({ runId = '', cursor }: Place, signal: AbortSignal | undefined): Promise<Response> =>
    send(connection, `/api/v1/runs/${encodeURIComponent(runId)}/stream`, {
      headers: { accept: 'text/event-stream', ...(cursor !== undefined && { 'last-event-id': cursor }) },
      signal,
    });
  const following = (signal: AbortSignal | undefined) => ({
    reconnect: options.reconnect,
    signal: signal ?? options.signal,
  });
  const answer = (approvalId: string, body: unknown, signal: AbortSignal | undefined): Promise<ApprovalAnswerResponse> =>
    sendForJson(connection, `/api/v1/approvals/${encodeURIComponent(approvalId)}`, { method: 'POST', body, signal });

  return {
    ask: (query, ask = {}) => sendForJson(connection, '/api/v1/chat', { method: 'POST', body: question(query, ask), signal: ask.signal }),
    stream: (query, ask = {}) =>
      follow(
        (place) =>
          place.runId !== undefined
            ? reopen(place, ask.signal)
            : send(connection, '/api/v1/chat/stream', {
                method: 'POST',
                body: { ...question(query, ask), stream: true },
                headers: { accept: 'text/event-stream' },
                signal: ask.signal,
              }),
        {},
        following(ask.signal),
      ),
    resume: (runId, { cursor, signal } = {}) => follow((place) => reopen(place, signal), { runId, cursor }, following(signal)),
    approve: (approvalId, { signal } = {}) => answer(approvalId, { decision: 'approve' }, signal),
    deny: (approvalId, { reason, signal } = {}) =>
      answer(approvalId, { decision: 'deny', ...(reason !== undefined && { reason }) }, signal),
    getRun: (runId, { wait, signal } = {}) =>
      sendForJson(connection, `/api/v1/runs/${encodeURIComponent(runId)}${wait === undefined ? '' : `?wait=${wait}s`}`, { signal }),
    cancelRun: (runId, { signal } = {}) =>
      sendForJson(connection, `/api/v1/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST', body: {}, signal }),
    getHealth: ({ signal } = {}) => sendForJson(connection, '/api/v1/health', { signal }),
    getModels: ({ signal } = {}) => sendForJson(connection, '/api/v1/models', { signal }),
  };
}
