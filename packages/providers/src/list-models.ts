import { raceAbort } from './abort.ts';
import { type Client, createClient } from './client.ts';
import { convertError, failureOf } from './convert-error.ts';
import { KwError } from './error.ts';
import type { Endpoint } from './failure.ts';
import type { FetchFunction } from './guarded-fetch.ts';
import { isJsonObject, parseJson } from './parse-json.ts';
import { findPreset, type Preset } from './presets.ts';

/** A model of a vendor's live list. */
export interface ListedModel {
  readonly id: string;
  /** In tokens, where the vendor says it. */
  readonly contextWindow?: number;
}

/** Where the list is asked for. */
export interface ListModelsOptions {
  readonly preset: Preset | string;
  readonly apiKey?: string | undefined;
  readonly baseURL?: string | undefined;
  readonly fetch?: FetchFunction;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const listTimeoutMs = 10_000;

/** The vendor's live list of models (`GET /models`). Throws KwError with the same codes as a request to a model. */
export async function listModels({
  preset: given,
  apiKey,
  baseURL,
  fetch = globalThis.fetch,
  headers,
  signal,
  timeoutMs = listTimeoutMs,
}: ListModelsOptions): Promise<readonly ListedModel[]> {
  const preset = typeof given === 'string' ? findPreset(given) : given;
  if (preset === undefined) throw new KwError('unknown-provider', `unknown provider ${JSON.stringify(given)}`);
  const url = baseURL ?? preset.baseURL;
  if (url === undefined)
    throw new KwError('base-url-not-found', `no address for ${preset.id}: set ${preset.endpointVariables.join(' or ')}`);
  const key = apiKey === undefined ? {} : { apiKey };
  const client = createClient({ baseURL: url, fetch, ...key, ...(headers === undefined ? {} : { headers }) });
  return fetchModels(client, { preset, model: 'the list of models', baseURL: url, wallMs: Date.now(), ...key }, signal, timeoutMs);
}

/** The list through a client that is open already. */
export async function fetchModels(
  client: Client,
  endpoint: Endpoint,
  signal?: AbortSignal,
  timeoutMs: number = listTimeoutMs,
): Promise<readonly ListedModel[]> {
  const expired = new AbortController();
  const timer = setTimeout(
    () => expired.abort(failureOf('connection-timeout', 'never', endpoint, `no list of models within ${timeoutMs} ms`).error),
    timeoutMs,
  );
  const combined = signal === undefined ? expired.signal : AbortSignal.any([signal, expired.signal]);
  try {
    const response = await raceAbort(client.get('/models', combined), combined);
    return readModels(await raceAbort(response.text(), combined), endpoint);
  } catch (error) {
    if (combined.aborted) throw combined.reason;
    throw convertError(error, endpoint).error;
  } finally {
    clearTimeout(timer);
    expired.abort();
  }
}

function readModels(text: string, endpoint: Endpoint): readonly ListedModel[] {
  const value = parseJson(text);
  const list = Array.isArray(value) ? value : isJsonObject(value) ? (value['data'] ?? value['models']) : undefined;
  if (!Array.isArray(list)) throw failureOf('not-an-api', 'never', endpoint, text.slice(0, 200)).error;
  return list.filter(isJsonObject).flatMap((entry) => {
    const id = entry['id'] ?? entry['name'];
    if (typeof id !== 'string') return [];
    const window = entry['max_model_len'] ?? entry['context_length'] ?? entry['context_window'];
    return [{ id, ...(typeof window === 'number' ? { contextWindow: window } : {}) }];
  });
}
