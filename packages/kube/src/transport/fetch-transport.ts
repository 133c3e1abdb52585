import { raceAbort } from '../credentials/share-flight.ts';
import { KubeError } from '../errors.ts';
import { reasonOf } from '../text.ts';
import type { KubeTransport, TransportRequest } from './types.ts';

/** What a transport needs of a fetch function. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A transport over a `fetch`: for API servers in the same process, and for surroundings with a fetch of their own. It has no client certificates. */
export function fetchTransport(fetch: Fetch): KubeTransport {
  return {
    send: async (request) => {
      if (request.certificate !== undefined)
        throw new KubeError('auth-unsupported', 'A client certificate can not be shown through fetch: use a token, or node:https.');
      const abort = new AbortController();
      const signal = AbortSignal.any([request.signal, abort.signal]);
      const response = await within(fetch(request.url, toInit(request, signal)), { request, abort, limitMs: request.headerTimeoutMs });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: readBody(response, { request, abort }) };
    },
    close: () => undefined,
  };
}

interface Flight {
  readonly request: TransportRequest;
  /** Ends the exchange on our side. */
  readonly abort: AbortController;
}

function toInit({ method, headers, body }: TransportRequest, signal: AbortSignal): RequestInit {
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : value.map((item) => [name, item]),
  );
  // What fetch sets itself.
  const own = pairs.filter(([name]) => name !== 'content-length' && name !== 'accept-encoding');
  return {
    method,
    headers: own,
    redirect: 'manual',
    signal,
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  };
}

async function* readBody(response: Response, flight: Flight): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined) {
      const { done, value } = await within(reader.read(), { ...flight, limitMs: flight.request.idleTimeoutMs });
      if (done) return;
      yield value;
      flight.request.signal.throwIfAborted();
    }
  } finally {
    flight.abort.abort();
    await reader?.cancel().catch(() => undefined);
  }
}

async function within<Value>(promise: Promise<Value>, { request, abort, limitMs }: Flight & { readonly limitMs: number }): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new KubeError('timeout', `The API server did not answer in ${limitMs / 1_000} s.`));
    abort.abort();
  }, limitMs);
  try {
    return await raceAbort(Promise.race([promise, late]), request.signal);
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof KubeError) throw error;
    throw new KubeError('unreachable', `The API server ${new URL(request.url).host} is not reachable: ${reasonOf(error)}.`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
