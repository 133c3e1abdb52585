import { raceAbort } from './abort.ts';
import { type Client, createClient } from './client.ts';
import { convertError, failureOf } from './convert-error.ts';
import { createCredential } from './credential.ts';
import { isKwError, KwError } from './error.ts';
import { wordsOf } from './explain-error.ts';
import type { Endpoint } from './failure.ts';
import type { FetchFunction } from './guarded-fetch.ts';
import type { Language } from './language.ts';
import { isJsonObject, parseJson } from './parse-json.ts';
import type { Preset } from './preset.ts';
import { findPreset } from './presets.ts';
import { formatWait } from './retry-after.ts';
import { addressNotFound, keyNotFound } from './setup-error.ts';

/** A model of a vendor's list. */
export interface ListedModel {
  readonly id: string;
  /** In tokens, where the vendor says it. */
  readonly contextWindow?: number;
  /** True for a documented name that the live list lacks: it may have been retired. */
  readonly onlyDocumented?: boolean;
}

/** The models of a provider, and where they were read. */
export interface ModelList {
  readonly models: readonly ListedModel[];
  /** False where the vendor could not be asked: these are the documented names. */
  readonly live: boolean;
  /** Why the vendor's own list could not be had; absent where it has none. */
  readonly cause?: KwError;
}

/** Where the list is asked for. */
export interface ListModelsOptions {
  readonly preset: Preset | string;
  readonly apiKey?: string | undefined;
  readonly accessToken?: (() => Promise<string>) | undefined;
  readonly baseURL?: string | undefined;
  readonly fetch?: FetchFunction;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly language?: Language;
}

const listTimeoutMs = 10_000;

/** The vendor's live list of models (`GET /models`). Throws KwError with the same codes as a request to a model. */
export async function listModels(options: ListModelsOptions): Promise<readonly ListedModel[]> {
  const { apiKey, accessToken, fetch = globalThis.fetch, headers, signal, timeoutMs, language = 'en' } = options;
  const preset = presetOf(options.preset);
  const baseURL = options.baseURL ?? preset.baseURL;
  if (baseURL === undefined) throw addressNotFound(preset, language);
  const credential = createCredential({ apiKey, accessToken, keyHeader: preset.keyHeader, monotonic: () => performance.now() });
  const client = createClient({ baseURL, fetch, credential, headers: { ...preset.headers, ...headers } });
  return fetchModels(client, { preset, model: '', baseURL, wallMs: Date.now(), language }, signal, timeoutMs);
}

/**
 * The vendor's list, or the documented names where it cannot be had, with the cause. Documented names of the vendors of the quickstart
 * are always in it; those that the live list lacks are marked. Throws only the signal's own reason and KwError `unknown-provider`.
 */
export async function loadModelList(options: ListModelsOptions): Promise<ModelList> {
  const preset = presetOf(options.preset);
  const documented = preset.models.map((id) => ({ id }));
  if (preset.liveList === false) return { models: documented, live: false };
  try {
    if (preset.keyRequired && (options.apiKey ?? options.accessToken) === undefined) throw keyNotFound(preset, options.language);
    const models = await listModels(options);
    const names = new Set(models.map(({ id }) => id));
    const missing = preset.keepDocumented === true ? documented.filter(({ id }) => !names.has(id)) : [];
    return { models: [...models, ...missing.map(({ id }) => ({ id, onlyDocumented: true }))], live: true };
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    if (!isKwError(error)) throw error;
    return { models: documented, live: false, cause: error };
  }
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
    () =>
      expired.abort(
        failureOf('connection-timeout', 'never', endpoint, wordsOf(endpoint.language).broken.list(formatWait(timeoutMs))).error,
      ),
    timeoutMs,
  );
  const combined = signal === undefined ? expired.signal : AbortSignal.any([signal, expired.signal]);
  try {
    const response = await raceAbort(client.models(combined), combined);
    return readModels(await raceAbort(response.text(), combined), endpoint);
  } catch (error) {
    if (combined.aborted) throw combined.reason;
    const key = client.keyInUse();
    throw convertError(error, key === undefined ? endpoint : { ...endpoint, apiKey: key }).error;
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
    // Ark lists models that it has shut down, too.
    if (typeof id !== 'string' || entry['status'] === 'Shutdown') return [];
    const limits = isJsonObject(entry['token_limits']) ? entry['token_limits'] : {};
    const meta = isJsonObject(entry['meta']) ? entry['meta'] : {};
    const window =
      entry['max_model_len'] ?? entry['context_length'] ?? entry['context_window'] ?? limits['context_window'] ?? meta['n_ctx'];
    // Google's list has the names of its resources, such as models/gemini-3.8-flash.
    return [{ id: id.replace(/^models\//, ''), ...(typeof window === 'number' ? { contextWindow: window } : {}) }];
  });
}

function presetOf(given: Preset | string): Preset {
  const preset = typeof given === 'string' ? findPreset(given) : given;
  if (preset === undefined) throw new KwError('unknown-provider', `unknown provider ${JSON.stringify(given)}`);
  return preset;
}
