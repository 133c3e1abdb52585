import type { OpenAI } from 'openai';
import { conversationId } from './conversation-id.ts';
import type { Credential } from './credential.ts';
import { type FetchFunction, guardFetch } from './guarded-fetch.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { stringOf } from './parse-json.ts';

// Above all of our own timers, which say what they waited for.
const sdkTimeoutMs = 24 * 3_600_000;

/** Where and with what a client talks. */
export interface ClientOptions {
  /** A query of it goes along with each request. */
  readonly baseURL: string;
  readonly credential: Credential;
  readonly fetch: FetchFunction;
  /** Path of a chat where the base URL names an `api-version`; `{model}` is the model's name. */
  readonly deploymentPath?: string | undefined;
  /** Header that carries an id of the conversation. */
  readonly conversationHeader?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests through the official SDK and hands back the raw answers. Throws what the SDK throws. */
export interface Client {
  /** Asks for a chat completion; the body names the model. */
  chat(body: Readonly<Record<string, JsonValue>>, signal: AbortSignal): Promise<Response>;
  /** Asks for the list of models. */
  models(signal: AbortSignal): Promise<Response>;
  /** The key in use, for the scrubber. */
  keyInUse(): string | undefined;
}

/** Loads the SDK, so that the first request need not wait for it. */
export async function preload(): Promise<void> {
  await import('openai');
}

/** Makes a client; the SDK is loaded by its first request. Nothing is read from the environment. */
export function createClient({ baseURL, credential, fetch, headers, deploymentPath, conversationHeader }: ClientOptions): Client {
  const [root = baseURL, query = ''] = baseURL.split('?', 2);
  let sdk: Promise<OpenAI> | undefined;
  const open = (): Promise<OpenAI> => {
    sdk ??= import('openai').then(
      ({ OpenAI: Client }) =>
        new Client({
          baseURL: root,
          apiKey: 'set by the guarded fetch',
          fetch: guardFetch({
            fetch,
            baseURL,
            credential,
            ...(headers === undefined ? {} : { headers }),
            ...(conversationHeader === undefined ? {} : { passed: conversationHeader }),
          }),
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
  const chatPath = (model: JsonValue | undefined): string =>
    deploymentPath !== undefined && new URLSearchParams(query).has('api-version')
      ? deploymentPath.replace('{model}', encodeURIComponent(stringOf(model)))
      : '/chat/completions';
  const conversationOf = (body: JsonObject): Readonly<Record<string, string>> =>
    conversationHeader === undefined ? {} : { [conversationHeader]: conversationId(body) };
  return {
    chat: async (body, signal) =>
      (await open())
        .post(chatPath(body['model']), {
          body,
          signal,
          timeout,
          maxRetries: 0,
          headers: { accept: 'text/event-stream', ...conversationOf(body) },
        })
        .asResponse(),
    models: async (signal) => (await open()).get('/models', { signal, timeout, maxRetries: 0 }).asResponse(),
    keyInUse: () => credential.inUse(),
  };
}
