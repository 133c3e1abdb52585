import type { ChatModel, ChatRequest, Finish, ModelEvent, StoredEntry, Usage } from '@kw/agent';
import { isKwError } from '@kw/agent';
import { withHeaders } from './request-headers.ts';

/** One request to a model, when it has ended. */
export interface ModelRequest {
  readonly provider: string;
  readonly model: string;
  readonly messages: number;
  /** UTF-16 units of all messages. */
  readonly characters: number;
  readonly tools: number;
  readonly durationMs: number;
  /** Until the first delta; absent where none came. */
  readonly firstMs?: number;
  readonly retries: number;
  readonly usage?: Usage;
  /** The error's code where it failed. */
  readonly failure?: string;
}

/** One HTTP exchange with a model's server, without headers and bodies. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly durationMs: number;
  readonly proxy?: string;
  readonly failure?: string;
}

/** A request to a model, when it has ended, with what its answer says of itself. */
export interface EndedRequest extends ModelRequest {
  readonly finish?: Finish['reason'];
  readonly modelUsed?: string;
}

/** A request to a model that goes on. */
export interface OpenRequest {
  /** Go with it to the model's server. */
  readonly headers?: Readonly<Record<string, string>>;
  end(request: EndedRequest): void;
}

/** Sees what happens in this process: entries as they become durable, requests to models as they end. Never throws. */
export interface Observer {
  entry(session: string, stored: StoredEntry): void;
  request(request: ModelRequest): void;
  /** A request to a model begins; absent: only its end is told, by {@link request}. */
  begin?(request: { readonly provider: string; readonly model: string; readonly runId?: string }): OpenRequest;
  exchange(exchange: Exchange): void;
  close(): void;
}

/** The sizes of a request. */
export function sizesOf({ messages, tools = [] }: ChatRequest): Pick<ModelRequest, 'messages' | 'characters' | 'tools'> {
  const characters = messages.reduce((sum, message) => sum + charactersOf(message.content), 0);
  return { messages: messages.length, characters, tools: tools.length };
}

function charactersOf(content: ChatRequest['messages'][number]['content']): number {
  if (typeof content === 'string') return content.length;
  return content.reduce((sum, part) => sum + (part.type === 'tool-call' ? part.arguments.length : part.text.length), 0);
}

/** A model of which each request is told to an observer. */
export function observeModel(model: ChatModel, observer: Observer, monotonic: () => number = () => performance.now()): ChatModel {
  return {
    provider: model.provider,
    get id() {
      return model.id;
    },
    get limits() {
      return model.limits;
    },
    get price() {
      return model.price;
    },
    stream: (request, options) => ({ [Symbol.asyncIterator]: () => observeStream(model, { request, options, observer, monotonic }) }),
  };
}

interface Observed {
  readonly request: ChatRequest;
  readonly options: Parameters<ChatModel['stream']>[1];
  readonly observer: Observer;
  readonly monotonic: () => number;
}

// By hand: a generator in between costs more for each event than looking at it.
function observeStream(model: ChatModel, { request, options, observer, monotonic }: Observed): AsyncIterator<ModelEvent> {
  const started = monotonic();
  let firstMs: number | undefined;
  let retries = 0;
  let told = false;
  const { runId } = options ?? {};
  const open = observer.begin?.({ provider: model.provider, model: model.id, ...(runId !== undefined && { runId }) });
  const tell = (end: Pick<EndedRequest, 'usage' | 'failure'>, answer: Pick<EndedRequest, 'finish' | 'modelUsed'> = {}): void => {
    if (told) return;
    told = true;
    const times = { durationMs: Math.round(monotonic() - started), ...(firstMs === undefined ? {} : { firstMs: Math.round(firstMs) }) };
    const record = { provider: model.provider, model: model.id, ...sizesOf(request), ...times, retries, ...end };
    observer.request(record);
    open?.end({ ...record, ...answer });
  };
  const iterator = withHeaders(model.stream(request, options), open?.headers)[Symbol.asyncIterator]();
  return {
    next: async () => {
      try {
        const next = await iterator.next();
        if (next.done === true) {
          tell({ failure: 'left' });
          return next;
        }
        firstMs ??= monotonic() - started;
        const event = next.value;
        if (event.type === 'retry') retries += 1;
        if (event.type === 'finish')
          tell({ usage: event.usage }, { finish: event.reason, ...(event.modelUsed !== undefined && { modelUsed: event.modelUsed }) }); // before it is acted on
        return next;
      } catch (error) {
        tell({ failure: isKwError(error) ? error.code : 'aborted' });
        throw error;
      }
    },
    return: async () => {
      tell({ failure: 'left' });
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}
