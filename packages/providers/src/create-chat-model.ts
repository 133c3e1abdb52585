import { sleepFor } from './abort.ts';
import { channel } from './channel.ts';
import type { ChatModel, ModelLimits } from './chat-model.ts';
import { type Client, createClient } from './client.ts';
import { createIdMaker } from './conclude.ts';
import { createCredential } from './credential.ts';
import { KwError } from './error.ts';
import { explain } from './explain-error.ts';
import type { Endpoint, Failure } from './failure.ts';
import { familyOf } from './families.ts';
import type { FetchFunction } from './guarded-fetch.ts';
import type { JsonValue } from './json.ts';
import type { Language } from './language.ts';
import { limitsOf } from './limits.ts';
import { fetchModels, type ListedModel } from './list-models.ts';
import { nearNames, relatedNames } from './near-names.ts';
import { offlineModel } from './offline/offline-model.ts';
import type { Preset } from './preset.ts';
import { findPreset } from './presets.ts';
import { priceOf } from './prices.ts';
import { defaultQuirks, type Quirks, type ToolUse } from './quirks.ts';
import { sentModel } from './resolve-provider.ts';
import { defaultRetryLimits, type RetryLimits } from './retry.ts';
import { addressNotFound, keyNotFound, modelNotSet } from './setup-error.ts';
import { type StreamContext, streamAnswer } from './stream-answer.ts';
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
  /** Gives a short-lived key where `apiKey` is absent; asked again every ten minutes, and when the server does not accept it. */
  readonly accessToken?: (() => Promise<string>) | undefined;
  readonly baseURL?: string | undefined;
  /** Sends every request: the place for proxies, own CAs and certificates that are not checked. Default: the global one. */
  readonly fetch?: FetchFunction;
  /** The language of errors and of what is said while retrying. Default `en`. */
  readonly language?: Language;
  /** Sizes that are known better than the table of families does. */
  readonly limits?: Partial<ModelLimits>;
  readonly timeouts?: Partial<Timeouts>;
  readonly retry?: Partial<RetryLimits>;
  readonly quirks?: Partial<Quirks>;
  /** Stronger than the quirks' own. Default `auto`: the server's tool calls; text where it says that it has none. */
  readonly toolUse?: ToolUse | undefined;
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
  const { clock = systemClock, random = Math.random, sleep = sleepFor, fetch = globalThis.fetch, language = 'en' } = options;
  const { preset, baseURL, apiKey, model: asked } = checkOptions(options, language);
  if (preset.builtIn === true) return offlineModel();
  const { accessToken } = options;
  const credential = createCredential({ apiKey, accessToken, keyHeader: preset.keyHeader, monotonic: () => clock.monotonic() });
  const { deploymentPath, conversationHeader } = preset;
  const client = createClient({
    baseURL,
    fetch,
    credential,
    deploymentPath,
    conversationHeader,
    headers: { ...preset.headers, ...options.headers },
  });
  const makeId = createIdMaker(random);

  let sent = asked;
  let listed: ListedModel | undefined;
  let switched: { readonly name: string; readonly body: Readonly<Record<string, JsonValue>> } | undefined;
  let learned: Quirks | undefined;
  let window: number | undefined;
  const told = new Set<string>();
  const own: Partial<Quirks> = { ...options.quirks, ...(options.toolUse === undefined ? {} : { toolUse: options.toolUse }) };

  const endpoint = (): Endpoint => {
    const key = client.keyInUse();
    return { preset, model: sent ?? '', baseURL, wallMs: clock.wall(), language, ...(key === undefined ? {} : { apiKey: key }) };
  };
  const quirks = (): Quirks => learned ?? quirksOf(preset, sent ?? '', own, switched?.body);
  const limits = (): ModelLimits =>
    limitsOf(sent ?? '', listed, preset.limits, options.limits, window === undefined ? undefined : { contextWindow: window });
  const resolveModel = async (signal: AbortSignal): Promise<void> => {
    if (sent !== undefined) return;
    listed = (await fetchModels(client, endpoint(), signal))[0];
    if (listed === undefined) throw explain('no-model-served', endpoint());
    sent = listed.id;
  };
  const replaceModel = async (failure: Failure, signal: AbortSignal): Promise<{ message: string } | { error: Error }> => {
    const retired = sent ?? '';
    const live = await liveNames(client, endpoint(), signal);
    const said = String(failure.error.details['vendorMessage'] ?? '');
    // A model that the account has only not activated is there.
    const isGone = !/not activated|denied|access/i.test(said.replace(/does not exist or you do not have access to it/i, ''));
    const successor = switched === undefined && isGone ? successorOf(preset.id, retired) : undefined;
    const name =
      successor?.candidates.find((candidate) => live.includes(candidate)) ??
      successor?.candidates.find((candidate) => namedIn(candidate, said));
    if (successor === undefined || name === undefined) {
      // Documented names that the live list lacks would be refused as well.
      const known = (live.length > 0 ? live : preset.models).filter((one) => one !== retired);
      const close = nearNames(retired, known);
      const near = close.length > 0 ? close : relatedNames(retired, known);
      return { error: explain('model-not-found', endpoint(), { near, said, status: Number(failure.error.details['status'] ?? 404) }) };
    }
    sent = name;
    switched = { name, body: successor.body };
    learned = undefined;
    const { since } = successor;
    const message =
      language === 'zh'
        ? `${preset.title} 已${since === undefined ? '' : `于 ${since} `}停用 ${retired}：改用 ${name} 继续`
        : `${preset.title} retired ${retired}${since === undefined ? '' : ` on ${since}`}: going on with ${name}`;
    return { message };
  };

  return {
    provider: preset.id,
    get id() {
      return sent ?? '';
    },
    get limits() {
      return limits();
    },
    get price() {
      return priceOf(sent ?? '', preset, new Date(clock.wall()).toISOString().slice(0, 10));
    },
    stream: (request, { signal } = {}) =>
      channel(async (outlet, inner) => {
        inner.throwIfAborted();
        await resolveModel(inner);
        const context: StreamContext = {
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
          learnWindow: (tokens) => {
            if (tokens < limits().contextWindow) window = tokens;
          },
          firstTime: (word) => !told.has(word) && told.add(word).has(word),
          knows: (word) => told.has(word),
          replaceModel,
          modelUsed: () => switched?.name,
        };
        await streamAnswer(request, outlet, { signal: inner, context });
      }, signal),
  };
}

function checkOptions(
  options: ChatModelOptions,
  language: Language,
): { readonly preset: Preset; readonly baseURL: string; readonly apiKey: string | undefined; readonly model: string | undefined } {
  const preset = typeof options.preset === 'string' ? findPreset(options.preset) : options.preset;
  if (preset === undefined) throw new KwError('unknown-provider', `unknown provider ${JSON.stringify(options.preset)}`);
  const apiKey = options.apiKey === '' ? undefined : options.apiKey;
  if (apiKey === undefined && options.accessToken === undefined && preset.keyRequired) throw keyNotFound(preset, language);
  const baseURL = (options.baseURL ?? preset.baseURL)?.replace(/\/+(?=$|\?)/, '');
  if (baseURL === undefined) throw addressNotFound(preset, language);
  const name = options.model ?? preset.defaultModel;
  if (name === undefined && preset.firstListedModel !== true) throw modelNotSet(preset, language);
  return { preset, baseURL, apiKey, model: name === undefined ? undefined : sentModel(name, preset) };
}

/** What is known of a vendor's and a family's requests; the user's own word is the last. */
function quirksOf(preset: Preset, model: string, own: Partial<Quirks> = {}, body: Readonly<Record<string, JsonValue>> = {}): Quirks {
  const quirks = { ...defaultQuirks, ...familyOf(model)?.quirks, ...preset.quirks, ...own };
  const thinks = !JSON.stringify(body).includes('"disabled"');
  return { ...quirks, ...(thinks ? {} : { reasoning: 'never', emptyReasoning: false }), body: { ...quirks.body, ...body } };
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
