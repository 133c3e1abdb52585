import { type AskOptions, type Client, type ClientOptions, createClient, type OnMessage } from './client.ts';
import { KubectlAIError } from './error.ts';
import type { StreamMessage } from './read-events.ts';
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

/** The client under its documented name; all it does is done by {@link createClient}. */
// oxlint-disable-next-line house/class-only-for-errors -- users write `new KubectlAIClient()`
export class KubectlAIClient {
  readonly baseUrl: string;
  readonly #client: Client;

  constructor(baseUrl: string = 'http://localhost:8888', options: ClientOptions = {}) {
    this.baseUrl = baseUrl;
    this.#client = createClient(baseUrl, options);
  }

  /** Asks and waits for the answer, which is in `response`. */
  chat(
    query: string,
    sessionId: string | null = null,
    context?: ChatContext,
    options: Omit<AskOptions, 'sessionId' | 'context'> = {},
  ): Promise<ChatResponseBody> {
    return this.#client.ask(query, { ...options, sessionId, ...(context !== undefined && { context }) });
  }

  /** Asks and calls `onMessage` with each event; resolves with the last one: `done`, or `status: "awaiting_approval"` where a person is needed. */
  streamChat(
    query: string,
    onMessage: OnMessage,
    sessionId: string | null = null,
    options: Omit<AskOptions, 'sessionId'> = {},
  ): Promise<StreamEvent> {
    return ended(pass(this.#client.stream(query, { ...options, sessionId }), onMessage));
  }

  /** Goes on with the stream of a run after a cursor (null: from its beginning); resolves with the last event, also where it was seen before. */
  async resumeStream(
    runId: string,
    cursor: WireCursor | null,
    onMessage: OnMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<StreamEvent> {
    const last = await pass(this.#client.resume(runId, { ...options, ...(cursor !== null && { cursor }) }), onMessage);
    if (last !== undefined) return last;
    const { response, session_id, run_id, status, done, error } = await this.#client.getRun(runId, options);
    return { response, session_id, run_id, status, done, ...(error !== undefined && { error }) };
  }

  /** Calls `onMessage` with the events of all runs of a session after a cursor (null: all), and of those to come; ends by its signal, whose reason it throws. */
  async followSession(
    sessionId: string,
    cursor: WireCursor | null,
    onMessage: OnMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await pass(this.#client.followSession(sessionId, { ...options, ...(cursor !== null && { cursor }) }), onMessage);
  }

  /** Says yes to a question. */
  approve(approvalId: string): Promise<ApprovalAnswerResponse> {
    return this.#client.approve(approvalId);
  }

  /** Says no to a question; the model is told the reason. */
  deny(approvalId: string, reason?: string): Promise<ApprovalAnswerResponse> {
    return this.#client.deny(approvalId, reason === undefined ? {} : { reason });
  }

  /** A run as it stands; `wait` (seconds) waits that long for its end or a question. */
  getRun(runId: string, options: { readonly wait?: number; readonly signal?: AbortSignal } = {}): Promise<RunResponseBody> {
    return this.#client.getRun(runId, options);
  }

  /** Asks for the run's end. */
  cancelRun(runId: string): Promise<RunResponseBody> {
    return this.#client.cancelRun(runId);
  }

  /** Whether the server is well. */
  getHealth(): Promise<HealthResponse> {
    return this.#client.getHealth();
  }

  /** The models that the server knows. */
  getModels(): Promise<ModelsResponse> {
    return this.#client.getModels();
  }
}

async function pass(messages: AsyncIterable<StreamMessage>, onMessage: OnMessage): Promise<StreamEvent | undefined> {
  let last: StreamEvent | undefined;
  for await (const { event, cursor } of messages) {
    last = event;
    onMessage(event, cursor);
  }
  return last;
}

async function ended(last: Promise<StreamEvent | undefined>): Promise<StreamEvent> {
  const event = await last;
  if (event === undefined) throw new KubectlAIError('stream-broken', 'The server sent no event.');
  return event;
}
