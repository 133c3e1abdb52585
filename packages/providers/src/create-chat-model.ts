import { sleepFor } from './abort.ts';
import { cancellable } from './cancellable.ts';
import type { ChatModel, ModelLimits } from './chat-model.ts';
import { type Client, createClient } from './client.ts';
import { createIdMaker } from './conclude.ts';
import { KwError } from './error.ts';
import { explain } from './explain-error.ts';
import type { Endpoint, Failure } from './failure.ts';
import { familyOf, unknownLimits } from './families.ts';
import type { FetchFunction } from './guarded-fetch.ts';
import type { JsonValue } from './json.ts';
import { fetchModels, type ListedModel } from './list-models.ts';
import { nearNames } from './near-names.ts';
import { findPreset, type Preset } from './presets.ts';
import { defaultQuirks, type Quirks } from './quirks.ts';
import { keyNotFound, sentModel } from './resolve-provider.ts';
import { defaultRetryLimits, type RetryLimits } from './retry.ts';
import { streamAnswer } from './stream-answer.ts';
import { successorOf } from './successors.ts';
import { defaultTimeouts, type Timeouts } from './watchdog.ts';

/** The clocks that a model reads, in milliseconds. */
export interface Clock {
  /** Time of day, for dates that vendors send. */
  wall(): number;
  /** Never goes back, for time-outs and budgets. */
  monotonic(): number;
}

/** What a model is made of. Only `preset` must be given; a vendor's preset needs its key too. */
export interface ChatModelOptions {
  readonly preset: Preset | string;
  /** Default: the preset's own; `vllm` takes the first of the live list. */
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly baseURL?: string | undefined;
  readonly fetch?: FetchFunction;
  /** Sizes that are known better than the table of families does. */
  readonly limits?: Partial<ModelLimits>;
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryLimits>;
  readonly quirks?: Partial<Quirks>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Waits between attempts; rejects with the signal's reason. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const systemClock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * Makes a chat model. Nothing is sent before the first `stream`, and nothing is read from the environment.
 * Throws KwError `unknown-provider`, `api-key-not-found`, `base-url-not-found` or `model-not-set`.
 */
export function createChatModel(options: ChatModelOptions): ChatModel {
  const { clock = systemClock, random = Math.random, sleep = sleepFor, fetch = globalThis.fetch } = options;
  const { preset, baseURL, apiKey, model: asked } = checkOptions(options);
  const key = apiKey === undefined ? {} : { apiKey };
  const client = createClient({ baseURL, fetch, ...key, ...(options.headers === undefined ? {} : { headers: options.headers }) });
  const makeId = createIdMaker(random);

  let sent = asked;
  let listed: ListedModel | undefined;
  let switched: { readonly name: string; readonly body: Readonly<Record<string, JsonValue>> } | undefined;
  let learned: Quirks | undefined;

  const endpoint = (): Endpoint => ({ preset, model: sent ?? '', baseURL, wallMs: clock.wall(), ...key });
  const quirks = (): Quirks => learned ?? quirksOf(preset, sent ?? '', options.quirks, switched?.body);
  const resolveModel = async (signal: AbortSignal): Promise<void> => {
    if (sent !== undefined) return;
    listed = (await fetchModels(client, endpoint(), signal))[0];
    if (listed === undefined)
      throw new KwError('model-not-found', `${baseURL} lists no model: load one there, or name one with --model`, {
        details: { provider: preset.id },
      });
    sent = listed.id;
  };
  const replaceModel = async (failure: Failure, signal: AbortSignal): Promise<{ message: string } | { error: Error }> => {
    const retired = sent ?? '';
    const live = await liveNames(client, endpoint(), signal);
    const successor = switched === undefined ? successorOf(preset.id, retired) : undefined;
    const said = String(failure.error.details['vendorMessage'] ?? '');
    const name =
      successor?.candidates.find((candidate) => live.includes(candidate)) ??
      successor?.candidates.find((candidate) => namedIn(candidate, said));
    if (successor === undefined || name === undefined) {
      const near = nearNames(
        retired,
        [...live, ...preset.models].filter((known) => known !== retired),
      );
      return { error: explain('model-not-found', endpoint(), { near, said, status: Number(failure.error.details['status'] ?? 404) }) };
    }
    sent = name;
    switched = { name, body: successor.body };
    learned = undefined;
    return { message: `${preset.title} retired ${retired} on ${successor.since}: going on with ${name}` };
  };

  return {
    provider: preset.id,
    get id() {
      return sent ?? '';
    },
    get limits() {
      return limitsOf(sent ?? '', listed, options.limits);
    },
    stream: (request, { signal } = {}) =>
      cancellable(async function* (inner) {
        inner.throwIfAborted();
        await resolveModel(inner);
        yield* streamAnswer(request, inner, {
          client,
          timeouts: { ...defaultTimeouts, ...options.timeouts },
          retry: { ...defaultRetryLimits, ...options.retry },
          monotonic: () => clock.monotonic(),
          random,
          sleep,
          makeId,
          endpoint,
          quirks,
          learn: (next) => {
            learned = next;
          },
          replaceModel,
          modelUsed: () => switched?.name,
        });
      }, signal),
  };
}

function checkOptions(options: ChatModelOptions): {
  preset: Preset;
  baseURL: string;
  apiKey: string | undefined;
  model: string | undefined;
} {
  const preset = typeof options.preset === 'string' ? findPreset(options.preset) : options.preset;
  if (preset === undefined) throw new KwError('unknown-provider', `unknown provider ${JSON.stringify(options.preset)}`);
  const apiKey = options.apiKey === '' ? undefined : options.apiKey;
  if (apiKey === undefined && preset.keyRequired) throw keyNotFound(preset);
  const baseURL = (options.baseURL ?? preset.baseURL)?.replace(/\/+$/, '');
  if (baseURL === undefined)
    throw new KwError('base-url-not-found', `no address for ${preset.id}: give baseURL, such as http://127.0.0.1:8000/v1`);
  const name = options.model ?? preset.defaultModel;
  if (name === undefined && preset.firstListedModel !== true)
    throw new KwError('model-not-set', `${preset.title} has no default model: give one`);
  return { preset, baseURL, apiKey, model: name === undefined ? undefined : sentModel(name, preset) };
}

/** What is known of a vendor's and a family's requests; the user's own word is the last. */
function quirksOf(preset: Preset, model: string, own: Partial<Quirks> = {}, body: Readonly<Record<string, JsonValue>> = {}): Quirks {
  const quirks = { ...defaultQuirks, ...familyOf(model)?.quirks, ...preset.quirks, ...own };
  const thinks = !JSON.stringify(body).includes('"disabled"');
  return { ...quirks, ...(thinks ? {} : { reasoning: 'never', emptyReasoning: false }), body: { ...quirks.body, ...body } };
}

function limitsOf(model: string, listed: ListedModel | undefined, own: Partial<ModelLimits> = {}): ModelLimits {
  const known = familyOf(model)?.limits ?? unknownLimits;
  const window = listed?.contextWindow;
  const sized =
    window === undefined ? known : { contextWindow: window, maxOutputTokens: Math.min(known.maxOutputTokens, Math.floor(window / 4)) };
  return { ...sized, ...own };
}

async function liveNames(client: Client, endpoint: Endpoint, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return (await fetchModels(client, endpoint, signal, 5_000)).map((model) => model.id);
  } catch {
    signal.throwIfAborted();
    return []; // a vendor without a list: the table and its own words must do
  }
}

function namedIn(name: string, text: string): boolean {
  return text.split(/[^\w.:-]+/).some((word) => word.replace(/[.:]+$/, '') === name);
}
