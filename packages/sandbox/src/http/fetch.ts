import type { ApiRequest, ApiResponse } from './messages.ts';

/** A `fetch` that answers URLs below `base` in process and refuses all others. */
export function fetchTransport(
  base: string,
  answer: (request: ApiRequest) => Promise<ApiResponse>,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const origin = new URL(base).origin;
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.origin !== origin) throw new TypeError(`the sandbox answers ${base} only, not ${url.origin}`);
    request.signal.throwIfAborted();
    const response = await answer({
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: new Map(request.headers),
      body: new Uint8Array(await request.arrayBuffer()),
      signal: request.signal,
    });
    const headers = new Headers();
    for (const [name, value] of response.headers) headers.append(name, value);
    const { body } = response;
    return new Response(typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : streamOf(body), {
      status: response.status,
      headers,
    });
  };
}

function streamOf(parts: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
