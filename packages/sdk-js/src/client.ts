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
import type {
  ContextsResponse,
  NamespacesResponse,
  OutputResponse,
  SessionPatchBody,
  SessionResponse,
  SessionsResponse,
  StatusResponse,
  ToolsResponse,
  WireSession,
} from './wire-service.ts';

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
  /** In which errors are told, such as `zh`; default: the platform's, else the service's. */
  readonly language?: string;
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
  /**
   * Events of all runs of a session after a cursor (without one: all), and of those to come, whoever asks them: each run ends with its own
   * `done`, the stream goes on until its reader leaves the loop or aborts.
   */
  followSession(
    sessionId: string,
    options?: { readonly cursor?: WireCursor; readonly signal?: AbortSignal },
  ): AsyncGenerator<StreamMessage>;
  /** `grant` lets the same (`exact`) or similar commands run unasked in this session, where the question offers it. */
  approve(
    approvalId: string,
    options?: { readonly grant?: 'exact' | 'similar'; readonly signal?: AbortSignal },
  ): Promise<ApprovalAnswerResponse>;
  /** Declines; the model is told the reason. */
  deny(approvalId: string, options?: { readonly reason?: string; readonly signal?: AbortSignal }): Promise<ApprovalAnswerResponse>;
  /** A run as it stands; `wait` (seconds) waits that long for its end or a question. */
  getRun(runId: string, options?: { readonly wait?: number; readonly signal?: AbortSignal }): Promise<RunResponseBody>;
  cancelRun(runId: string, options?: { readonly signal?: AbortSignal }): Promise<RunResponseBody>;
  getHealth(options?: { readonly signal?: AbortSignal }): Promise<HealthResponse>;
  getModels(options?: { readonly signal?: AbortSignal }): Promise<ModelsResponse>;
  getStatus(options?: { readonly signal?: AbortSignal }): Promise<StatusResponse>;
  getTools(options?: { readonly signal?: AbortSignal }): Promise<ToolsResponse>;
  /** Kube contexts that `context.cluster` may name. */
  getContexts(options?: { readonly signal?: AbortSignal }): Promise<ContextsResponse>;
  /** Namespaces of a context; the current one where it is left out. */
  getNamespaces(cluster?: string, options?: { readonly signal?: AbortSignal }): Promise<NamespacesResponse>;
  /** Sessions that the caller may see, the latest first. */
  listSessions(options?: { readonly limit?: number; readonly search?: string; readonly signal?: AbortSignal }): Promise<SessionsResponse>;
  getSession(sessionId: string, options?: { readonly signal?: AbortSignal }): Promise<SessionResponse>;
  /** Changes title, viewers or approvers; only the owner may. */
  updateSession(sessionId: string, patch: SessionPatchBody, options?: { readonly signal?: AbortSignal }): Promise<WireSession>;
  /** Deletes a session with its outputs; what runs in it is cancelled. */
  deleteSession(sessionId: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Lines of a tool's kept output (`output:1`), from a line on. */
  getOutput(
    sessionId: string,
    output: string,
    options?: { readonly from?: number; readonly lines?: number; readonly signal?: AbortSignal },
  ): Promise<OutputResponse>;
}

/** Makes a client of the server at `baseUrl`. Nothing is sent before the first call. */
export function createClient(baseUrl: string = 'http://localhost:8888', options: ClientOptions = {}): Client {
  const connection: Connection = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    token: options.token,
    language: options.language,
    signal: options.signal,
  };
  const question = (
    text: string,
    { sessionId = null, context = options.context ?? {}, supersede = false }: AskOptions,
  ): Readonly<Record<string, unknown>> => ({
    query: text,
    session_id: sessionId,
    context,
    ...(supersede && { supersede }),
  });
  const open = (path: string, cursor: WireCursor | undefined, signal: AbortSignal | undefined): Promise<Response> =>
    send(connection, path, { headers: { accept: 'text/event-stream', ...(cursor !== undefined && { 'last-event-id': cursor }) }, signal });
  const reopen = ({ runId = '', cursor }: Place, signal: AbortSignal | undefined): Promise<Response> =>
    open(`/api/v1/runs/${encodeURIComponent(runId)}/stream`, cursor, signal);
  const following = (signal: AbortSignal | undefined) => ({
    reconnect: options.reconnect,
    signal: signal ?? options.signal,
  });
  const get = <T>(path: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<T> =>
    sendForJson(connection, `/api/v1/${path}`, options);
  const answer = (approvalId: string, body: unknown, signal: AbortSignal | undefined): Promise<ApprovalAnswerResponse> =>
    sendForJson(connection, `/api/v1/approvals/${encodeURIComponent(approvalId)}`, { method: 'POST', body, signal });

  return {
    ask: (text, ask = {}) => sendForJson(connection, '/api/v1/chat', { method: 'POST', body: question(text, ask), signal: ask.signal }),
    stream: (text, ask = {}) =>
      follow(
        (place) =>
          place.runId !== undefined
            ? reopen(place, ask.signal)
            : send(connection, '/api/v1/chat/stream', {
                method: 'POST',
                body: { ...question(text, ask), stream: true },
                headers: { accept: 'text/event-stream' },
                signal: ask.signal,
              }),
        {},
        following(ask.signal),
      ),
    resume: (runId, { cursor, signal } = {}) => follow((place) => reopen(place, signal), { runId, cursor }, following(signal)),
    followSession: (sessionId, { cursor, signal } = {}) =>
      follow(
        (place) => open(`${sessionPath(sessionId)}/events`, place.cursor, signal),
        { runId: sessionId, cursor },
        { ...following(signal), endless: true },
      ),
    approve: (approvalId, { grant, signal } = {}) =>
      answer(approvalId, { decision: 'approve', ...(grant !== undefined && { grant }) }, signal),
    deny: (approvalId, { reason, signal } = {}) =>
      answer(approvalId, { decision: 'deny', ...(reason !== undefined && { reason }) }, signal),
    getRun: (runId, { wait, signal } = {}) =>
      sendForJson(connection, `/api/v1/runs/${encodeURIComponent(runId)}${wait === undefined ? '' : `?wait=${wait}s`}`, { signal }),
    cancelRun: (runId, { signal } = {}) =>
      sendForJson(connection, `/api/v1/runs/${encodeURIComponent(runId)}/cancel`, { method: 'POST', body: {}, signal }),
    getHealth: (options) => get('health', options),
    getModels: (options) => get('models', options),
    getStatus: (options) => get('status', options),
    getTools: (options) => get('tools', options),
    getContexts: (options) => get('contexts', options),
    getNamespaces: (cluster, options) => get(`namespaces${query({ cluster })}`, options),
    listSessions: ({ signal, ...filter } = {}) => get(`sessions${query(filter)}`, { signal }),
    getSession: (sessionId, options) => sendForJson(connection, sessionPath(sessionId), options),
    updateSession: (sessionId, body, { signal } = {}) => sendForJson(connection, sessionPath(sessionId), { method: 'PATCH', body, signal }),
    deleteSession: async (sessionId, { signal } = {}) => {
      await send(connection, sessionPath(sessionId), { method: 'DELETE', body: {}, signal });
    },
    getOutput: (sessionId, output, { signal, ...range } = {}) =>
      sendForJson(connection, `${sessionPath(sessionId)}/outputs/${encodeURIComponent(output)}${query(range)}`, { signal }),
  };
}

function sessionPath(id: string): string {
  return `/api/v1/sessions/${encodeURIComponent(id)}`;
}

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
