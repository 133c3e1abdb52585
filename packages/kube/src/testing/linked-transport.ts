import type { KubeTransport, TransportRequest, TransportResponse } from '../transport/types.ts';

/** What a test answers to a request; the body is text, bytes, JSON, or pieces as they come. */
export interface LinkedAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object | AsyncIterable<Uint8Array | string>;
}

/** A transport that ends in a function instead of a server: for tests, and for API servers in the same process. */
export function linkedTransport(answer: (request: TransportRequest) => LinkedAnswer | Promise<LinkedAnswer>): KubeTransport {
  return {
    send: async (request): Promise<TransportResponse> => {
      request.signal.throwIfAborted();
      const { status = 200, headers = {}, body = '' } = await answer(request);
      request.signal.throwIfAborted();
      return { status, headers, body: toChunks(body, request.signal) };
    },
    close: () => undefined,
  };
}

async function* toChunks(body: NonNullable<LinkedAnswer['body']>, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  if (typeof body === 'string') yield encode(body);
  else if (body instanceof Uint8Array) yield body;
  else if (Symbol.asyncIterator in body) {
    for await (const chunk of body) {
      signal.throwIfAborted();
      yield typeof chunk === 'string' ? encode(chunk) : chunk;
    }
  } else yield encode(JSON.stringify(body));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
