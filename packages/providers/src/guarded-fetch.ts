import { raceAbort } from './abort.ts';
import type { Credential } from './credential.ts';
import { KwError } from './error.ts';
import { HttpFailure } from './http-failure.ts';

/** The part of `fetch` that is used. */
export type FetchFunction = (input: string, init: RequestInit) => Promise<Response>;

const maxRedirects = 3;
const maxErrorBytes = 64 * 1_024;
const ownHeaders = new Set(['accept', 'content-type', 'user-agent']);

/** What a guarded fetch may send, and where. */
export interface GuardOptions {
  readonly fetch: FetchFunction;
  /** The base URL whose origin the key is bound to; its query goes along with each request. */
  readonly baseURL: string;
  readonly credential: Credential;
  /** More headers of the user's configuration. */
  readonly headers?: Readonly<Record<string, string>>;
  /** One more header of the client that may be sent. */
  readonly passed?: string;
}

/**
 * A fetch for the SDK that stays on the origin of the base URL: a redirect to another one is not followed,
 * and only our own headers are sent. Throws HttpFailure for any answer that is no success.
 */
export function guardFetch({ fetch, baseURL, credential, headers: extra = {}, passed = '' }: GuardOptions): typeof globalThis.fetch {
  const base = new URL(baseURL);
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input);
    for (const [name, value] of base.searchParams) url.searchParams.set(name, value);
    let renewed = false;
    for (let hop = 0; ; hop++) {
      if (url.origin !== base.origin) throw new KwError('bad-request', `the key is bound to ${base.origin} and not sent to ${url.origin}`);
      const key = init.signal instanceof AbortSignal ? await raceAbort(credential.header(), init.signal) : await credential.header();
      const response = await fetch(url.href, { ...init, headers: sentHeaders(init.headers, { extra, key, passed }), redirect: 'manual' });
      const target = redirectOf(response, url);
      if (target !== undefined && target.origin === base.origin && hop < maxRedirects) {
        await response.body?.cancel();
        url = target;
        continue;
      }
      if (response.ok) return response;
      if (response.status === 401 && !renewed && credential.renew()) {
        await response.body?.cancel();
        renewed = true;
        continue;
      }
      const location = target === undefined ? {} : { location: `${target.origin}${target.pathname}` };
      throw new HttpFailure(
        response.status === 0 ? 302 : response.status,
        new Headers({ ...Object.fromEntries(response.headers), ...location }),
        await readStart(response),
      );
    }
  };
}

interface SentHeaders {
  readonly extra: Readonly<Record<string, string>>;
  readonly key: readonly [name: string, value: string] | undefined;
  readonly passed: string;
}

function sentHeaders(given: HeadersInit | undefined, { extra, key, passed }: SentHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of new Headers(given)) if (ownHeaders.has(name) || name === passed) headers.set(name, value);
  if (key !== undefined) headers.set(key[0], key[1]);
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return headers;
}

function redirectOf(response: Response, url: URL): URL | undefined {
  const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
  return location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined;
}

async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (response.body === null) return text;
  for await (const bytes of response.body) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > maxErrorBytes) break;
  }
  return text;
}
