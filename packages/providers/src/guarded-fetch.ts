import { KwError } from './error.ts';
import { HttpFailure } from './http-failure.ts';

/** The part of `fetch` that is used. */
export type FetchFunction = (input: string, init: RequestInit) => Promise<Response>;

const maxRedirects = 3;
const maxErrorBytes = 64 * 1_024;
const ownHeaders = new Set(['accept', 'authorization', 'content-type', 'user-agent']);

/** What a guarded fetch may send, and where. */
export interface GuardOptions {
  readonly fetch: FetchFunction;
  /** The base URL whose origin the key is bound to. */
  readonly baseURL: string;
  /** More headers of the user's configuration. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly keyless: boolean;
}

/**
 * A fetch for the SDK that stays on the origin of the base URL: a redirect to another one is not followed,
 * and only our own headers are sent. Throws HttpFailure for any answer that is no success.
 */
export function guardFetch({ fetch, baseURL, headers: extra = {}, keyless }: GuardOptions): typeof globalThis.fetch {
  const { origin } = new URL(baseURL);
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const headers = sentHeaders(init.headers, extra, keyless);
    for (let hop = 0; ; hop++) {
      if (url.origin !== origin) throw new KwError('bad-request', `the key is bound to ${origin} and not sent to ${url.origin}`);
      const response = await fetch(url.href, { ...init, headers, redirect: 'manual' });
      const target = redirectOf(response, url);
      if (target !== undefined && target.origin === origin && hop < maxRedirects) {
        await response.body?.cancel();
        url = target;
        continue;
      }
      if (response.ok) return response;
      const location = target === undefined ? {} : { location: `${target.origin}${target.pathname}` };
      throw new HttpFailure(
        response.status === 0 ? 302 : response.status,
        new Headers({ ...Object.fromEntries(response.headers), ...location }),
        await readStart(response),
      );
    }
  };
}

function sentHeaders(given: HeadersInit | undefined, extra: Readonly<Record<string, string>>, keyless: boolean): Headers {
  const headers = new Headers();
  for (const [name, value] of new Headers(given)) {
    if (ownHeaders.has(name) && !(keyless && name === 'authorization')) headers.set(name, value);
  }
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
