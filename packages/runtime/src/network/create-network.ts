import type { FetchFunction } from '@kw/providers';
import { isKwError, KwError } from '@kw/providers';
import type { Dispatcher } from 'undici';
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
}

/** Makes the network of the models. Without a proxy and with certificates that are verified it is the built-in fetch. */
export function createNetwork({ env, isUnverified, fetch = globalThis.fetch }: NetworkOptions): Network {
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const find = (url: URL): Promise<Dispatcher> | undefined => {
    const proxy = proxyOf(url, env);
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
      if (URL.canParse(url)) void find(new URL(url))?.catch(() => undefined); // the first request says what is wrong
    },
    fetch: async (input, init) => {
      const url = new URL(input);
      const dispatcher = find(url);
      if (dispatcher === undefined) return fetch(input, init);
      const proxy = proxyOf(url, env);
      try {
        const response = await send(input, init, await dispatcher);
        if (proxy === undefined || response.status !== 407) return response;
        throw failed(proxy, url, { said: 'it asks for a user name and a password (407)', status: 407 });
      } catch (error) {
        throw proxy === undefined || init.signal?.aborted === true ? error : explain(error, proxy, url);
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

const unreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/;

/** Where the proxy refused or was not reached the error names it; what came from beyond it stays as it is. */
function explain(error: unknown, proxy: Proxy, target: URL): unknown {
  if (isKwError(error)) return error;
  const causes = causesOf(error);
  const said = causes.at(-1)?.message ?? String(error);
  const refused = /Proxy response \((\d{3})\)|Proxy Authentication Required \((407)\)/.exec(said);
  if (refused !== null) {
    const status = Number(refused[1] ?? refused[2]);
    return failed(proxy, target, { said: `it answered HTTP ${status}`, status, cause: error });
  }
  const codes = causes.map((cause) => ('code' in cause ? String(cause.code) : '')).join(' ');
  return unreachable.test(codes) ? failed(proxy, target, { said, cause: error }) : error;
}

interface Said {
  readonly said: string;
  readonly status?: number;
  readonly cause?: unknown;
}

function failed({ shown, variable }: Proxy, { host, hostname }: URL, { said, status, cause }: Said): KwError {
  const way = status === 407 ? 'check the user name and the password in it' : `check it, or name ${hostname} in NO_PROXY`;
  return new KwError('proxy-failed', `no connection to ${host} through the proxy ${shown} (${variable}): ${said}; ${way}`, {
    cause,
    details: { proxy: shown, variable, host, status },
  });
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let current = error; current instanceof Error && chain.length < 8;) {
    chain.push(current);
    current = current instanceof AggregateError && current.errors[0] instanceof Error ? current.errors[0] : current.cause;
  }
  return chain;
}
