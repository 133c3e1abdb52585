import type { ChatModel, ChatRequest, StoredEntry, Usage } from '@kw/agent';
import { isKwError } from '@kw/agent';

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

/** Sees what happens in this process: entries as they become durable, requests to models as they end. Never throws. */
export interface Observer {
  entry(session: string, stored: StoredEntry): void;
  request(request: ModelRequest): void;
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
    async *stream(request, options) {
      const started = monotonic();
      let firstMs: number | undefined;
      let retries = 0;
      let told = false;
      const tell = (end: Pick<ModelRequest, 'usage' | 'failure'>): void => {
        if (told) return;
        told = true;
        const times = { durationMs: Math.round(monotonic() - started), ...(firstMs === undefined ? {} : { firstMs: Math.round(firstMs) }) };
        observer.request({ provider: model.provider, model: model.id, ...sizesOf(request), ...times, retries, ...end });
      };
      try {
        for await (const event of model.stream(request, options)) {
          firstMs ??= monotonic() - started;
          if (event.type === 'retry') retries += 1;
          if (event.type === 'finish') tell({ usage: event.usage }); // before it is acted on
          yield event;
        }
      } catch (error) {
        tell({ failure: isKwError(error) ? error.code : 'aborted' });
        throw error;
      } finally {
        tell({ failure: 'left' });
      }
    },
  };
}
