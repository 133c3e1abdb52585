import type { FetchFunction } from '@kw/providers';
import { isKwError, KwError } from '@kw/providers';
import type { Dispatcher } from 'undici';
import { chineseOf } from '../bilingual-error.ts';
import { explainProxy, proxyRefused } from './proxy-error.ts';
import type { Proxy, Variables } from './proxy.ts';
import { proxyOf } from './proxy.ts';

/** Connecting takes at most so long, with or without a proxy; the built-in fetch has the same limit. */
const connectTimeoutMs = 10_000;

/** How requests to models leave this machine. */
export interface Network {
  /** Goes through the proxy of the environment. Throws what `fetch` throws, and KwError `proxy-failed` that names the proxy. */
  readonly fetch: FetchFunction;
  /** The proxy of a URL. Throws KwError `bad-configuration`. */
  readonly proxyOf: (url: string) => Proxy | undefined;
  /** Loads what the requests to a URL need, so that the first need not wait. */
  readonly prepare: (url: string) => void;
  /** Closes what it keeps open. */
  close(): Promise<void>;
}

/** What a network is made of. */
export interface NetworkOptions {
  readonly env: Variables;
  /** Whether any certificate of an origin is accepted. */
  readonly isUnverified: (origin: string) => boolean;
  readonly fetch?: FetchFunction;
  /** Of its errors. */
  readonly language?: 'en' | 'zh';
}

/** Makes the network of the models. Without a proxy and with certificates that are verified it is the built-in fetch. */
export function createNetwork({ env, isUnverified, fetch = globalThis.fetch, language = 'en' }: NetworkOptions): Network {
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const proxyFor = (url: URL): Proxy | undefined => {
    try {
      return proxyOf(url, env);
    } catch (error) {
      // It ends a run, whose error is one sentence.
      throw isKwError(error) && language === 'zh' ? new KwError(error.code, chineseOf(error), { cause: error }) : error;
    }
  };
  const find = (url: URL): Promise<Dispatcher> | undefined => {
    const proxy = proxyFor(url);
    const unverified = url.protocol === 'https:' && isUnverified(url.origin);
    if (proxy === undefined && !unverified) return undefined;
    // An agent for each origin that is not verified: nothing else may share it.
    const key = `${proxy?.url.href ?? ''} ${unverified ? url.origin : ''}`;
    const known = dispatchers.get(key) ?? createDispatcher(proxy, unverified);
    dispatchers.set(key, known);
    return known;
  };
  return {
    proxyOf: (url) => proxyOf(new URL(url), env),
    prepare: (url) => {
      try {
        void find(new URL(url))?.catch(() => undefined);
      } catch {
        return; // the first request says what is wrong
      }
    },
    fetch: async (input, init) => {
      const url = new URL(input);
      const dispatcher = find(url);
      if (dispatcher === undefined) return fetch(input, init);
      const proxy = proxyFor(url);
      try {
        const response = await send(input, init, await dispatcher);
        if (proxy === undefined || response.status !== 407) return response;
        throw proxyRefused(proxy, url, { status: 407, language });
      } catch (error) {
        throw proxy === undefined || init.signal?.aborted === true ? error : explainProxy(error, { proxy, target: url, language });
      }
    },
    close: async () => {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      for (const dispatcher of await Promise.allSettled(open)) {
        if (dispatcher.status === 'fulfilled') await dispatcher.value.destroy();
      }
    },
  };
}

async function createDispatcher(proxy: Proxy | undefined, unverified: boolean): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('./undici.ts');
  const tls = { timeout: connectTimeoutMs, ...(unverified ? { rejectUnauthorized: false } : {}) };
  // The models' own timers watch over headers and bodies.
  const timers = { headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === undefined) return new Agent({ ...timers, allowH2: false, connect: tls });
  return new ProxyAgent({
    ...timers,
    uri: proxy.url.href,
    proxyTunnel: false,
    requestTls: tls,
    // Connecting to the proxy has the same limit by default; `proxyTls` would make a SOCKS proxy be spoken to in TLS.
  });
}

async function send(input: string, init: RequestInit, dispatcher: Dispatcher): Promise<Response> {
  const { fetch } = await import('./undici.ts');
  const { method, headers, body, signal, redirect } = init;
  if (body !== undefined && body !== null && typeof body !== 'string') throw new KwError('internal', 'only texts are sent to models');
  const answer = await fetch(input, {
    dispatcher,
    ...(method === undefined ? {} : { method }),
    headers: Object.fromEntries(new Headers(headers)),
    ...(typeof body === 'string' ? { body } : {}),
    ...(signal === undefined || signal === null ? {} : { signal }),
    ...(redirect === undefined ? {} : { redirect }),
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- undici's Response is the one that Node's fetch gives
  return answer as unknown as Response;
}
