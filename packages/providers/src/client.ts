import type { OpenAI } from 'openai';
import { type FetchFunction, guardFetch } from './guarded-fetch.ts';
import type { JsonValue } from './json.ts';

// Above all of our own timers, which say what they waited for.
const sdkTimeoutMs = 24 * 3_600_000;

/** Where and with what a client talks. */
export interface ClientOptions {
  readonly baseURL: string;
  readonly apiKey?: string;
  readonly fetch: FetchFunction;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests through the official SDK and hands back the raw answers. Throws what the SDK throws. */
export interface Client {
  post(path: string, body: Readonly<Record<string, JsonValue>>, signal: AbortSignal): Promise<Response>;
  get(path: string, signal: AbortSignal): Promise<Response>;
}

/** Loads the SDK, so that the first request need not wait for it. */
export async function preload(): Promise<void> {
  await import('openai');
}

/** Makes a client; the SDK is loaded by its first request. Nothing is read from the environment. */
export function createClient({ baseURL, apiKey, fetch, headers }: ClientOptions): Client {
  let sdk: Promise<OpenAI> | undefined;
  const open = (): Promise<OpenAI> => {
    sdk ??= import('openai').then(
      ({ OpenAI: Client }) =>
        new Client({
          baseURL,
          apiKey: apiKey ?? 'none',
          fetch: guardFetch({ fetch, baseURL, keyless: apiKey === undefined, ...(headers === undefined ? {} : { headers }) }),
          maxRetries: 0,
          timeout: sdkTimeoutMs,
          adminAPIKey: null,
          organization: null,
          project: null,
          webhookSecret: null,
          logLevel: 'off',
          dangerouslyAllowBrowser: true,
        }),
    );
    return sdk;
  };
  const timeout = sdkTimeoutMs;
  return {
    post: async (path, body, signal) =>
      (await open()).post(path, { body, signal, timeout, maxRetries: 0, headers: { accept: 'text/event-stream' } }).asResponse(),
    get: async (path, signal) => (await open()).get(path, { signal, timeout, maxRetries: 0 }).asResponse(),
  };
}
