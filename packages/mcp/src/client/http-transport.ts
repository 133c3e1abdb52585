import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isRecord } from '../json.ts';
import type { SignIn } from './oauth.ts';

/** The platform's fetch, or a test's. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** A server that is reached by URL. */
export interface HttpOptions {
  readonly url: string;
  /** Sent to the URL's origin and to nobody else. */
  readonly headers: Readonly<Record<string, string>>;
  readonly authProvider?: SignIn;
  readonly fetch: Fetch;
  /** A request's answer ended before it came, and cannot be resumed. */
  readonly onCut: (requestId: number) => void;
}

/**
 * Streamable HTTP: headers are bound to the origin, redirects to another one are not followed, an answer that broke off is told, and a message that
 * wanted a sign-in is sent again once the user has agreed.
 */
export function httpTransport({ url, headers, authProvider, fetch, onCut }: HttpOptions): Transport {
  const home = boundFetch({ url, headers, fetch });
  const bound: Fetch = async (to, init = {}) => {
    const response = await home(to, init);
    const id = init.method === 'POST' ? requestIdOf(init.body) : undefined;
    return id === undefined ? response : watched(response, () => onCut(id));
  };
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: bound,
    ...(authProvider === undefined ? {} : { authProvider }),
  });
  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    try {
      await send(message, options);
    } catch (error) {
      const code = error instanceof UnauthorizedError ? authProvider?.takeCode() : undefined;
      if (code === undefined) throw error;
      await transport.finishAuth(code);
      await send(message, options);
    }
  };
  return exact(transport);
}

/** A fetch that sends headers to the address's origin and to nobody else. */
export function boundFetch({ url, headers, fetch }: Pick<HttpOptions, 'url' | 'headers' | 'fetch'>): Fetch {
  const { origin: home } = new URL(url);
  return (to, init = {}) => {
    const target = new URL(to);
    const all = new Headers(init.headers);
    if (target.origin === home) for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(target, { ...init, headers: all });
  };
}

/** The SDK's class is not exact about optional members. */
function exact(transport: StreamableHTTPClientTransport): Transport {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what the SDK itself connects
  return transport as Transport;
}

function requestIdOf(body: unknown): number | undefined {
  if (typeof body !== 'string') return undefined;
  try {
    const message: unknown = JSON.parse(body);
    return isRecord(message) && typeof message['method'] === 'string' && typeof message['id'] === 'number' ? message['id'] : undefined;
  } catch {
    return undefined; // a form of the sign-in, no message
  }
}

/** The same response; where its stream ends and no event of it had an id to go on from, it is told. */
function watched(response: Response, onEnd: () => void): Response {
  const { body, status, statusText, headers } = response;
  if (body === null || !(headers.get('content-type') ?? '').startsWith('text/event-stream')) return response;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let resumable = false;
  let tail = '\n';
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          if (!resumable) onEnd();
          return;
        }
        if (!resumable) {
          const text = tail + decoder.decode(value, { stream: true });
          resumable = /[\r\n]id:/.test(text);
          tail = text.slice(-4);
        }
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        if (!resumable) onEnd();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(stream, { status, statusText, headers });
}
