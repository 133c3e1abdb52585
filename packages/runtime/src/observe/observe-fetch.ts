import type { FetchFunction } from '@kw/providers';
import type { Network } from '../network/create-network.ts';
import type { Observer } from './observer.ts';
import { currentHeaders } from './request-headers.ts';

/** A network's fetch of which each exchange is told to an observer: its address without query, its status and its time. */
export function observeFetch(network: Network, observer: Observer, monotonic: () => number = () => performance.now()): FetchFunction {
  return async (input, init) => {
    const started = monotonic();
    const { origin, pathname } = new URL(input);
    const about = { method: init.method ?? 'GET', url: `${origin}${pathname}` };
    const took = (): number => Math.round(monotonic() - started);
    try {
      const more = currentHeaders();
      const response = await network.fetch(input, more === undefined ? init : { ...init, headers: joined(init.headers, more) });
      const proxy = network.proxyOf(input)?.shown;
      observer.exchange({ ...about, status: response.status, durationMs: took(), ...(proxy === undefined ? {} : { proxy }) });
      return response;
    } catch (error) {
      observer.exchange({ ...about, durationMs: took(), failure: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };
}

function joined(given: RequestInit['headers'], more: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(more)) if (!headers.has(name)) headers.set(name, value);
  return headers;
}
