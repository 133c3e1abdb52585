import type { RunSettings } from '@kw/agent';
import type { ChatModel, FetchFunction, ModelList, Preset, ResolvedProvider, Timeouts } from '@kw/providers';
import { createChatModel, findPreset, inferProvider, loadModelList, offlineModel, presets, resolveProvider } from '@kw/providers';
import { bilingualError } from './bilingual-error.ts';
import type { Config } from './config/config.ts';
import { certificatesUnchecked } from './config/notice.ts';
import type { RuntimeHost } from './host.ts';
import { keyOf, keysOf } from './keys.ts';
import type { Network } from './network/create-network.ts';
import { createNetwork } from './network/create-network.ts';
import { lazyNodeFetch } from './network/lazy-node-fetch.ts';
import type { Proxy } from './network/proxy.ts';
import { observeFetch } from './observe/observe-fetch.ts';
import type { Observer } from './observe/observer.ts';
import { observeModel } from './observe/observer.ts';

/** Names a model as runs log it. */
export type ModelRef = RunSettings['model'];

/** Where the models of a provider are, for people. */
export interface ModelEndpoint {
  readonly preset: Preset;
  readonly baseURL: string;
  /** The variable that holds the key, or `api-keys` for one of the file; absent where there is none. */
  readonly keyFrom?: string;
  readonly proxy?: Proxy;
  readonly verifiesCertificates: boolean;
}

/** The models of a configuration. */
export interface Models {
  /** What new runs use; `id` is empty where the server's first model is taken. */
  readonly current: ModelRef;
  /** The model of a logged name, of any provider. Throws KwError `api-key-not-found`, `unknown-provider`, ... */
  readonly lookup: (ref: ModelRef) => ChatModel;
  /** Throws what {@link lookup} would throw for the current model, before anything else is done. */
  readonly check: () => void;
  /** The model that a person means by `name` or `provider/name` while another is in use. Throws what {@link lookup} throws. */
  readonly choose: (name: string, inUse?: ModelRef) => ModelRef;
  /** The names of the provider's models, asked from the provider. Throws KwError `api-key-not-found` and those of a request. */
  readonly list: (signal?: AbortSignal) => Promise<readonly string[]>;
  /** The models of a provider (by default the configured one) and whether the provider itself said so; else the documented ones, with the cause. */
  readonly loadList: (options?: { readonly provider?: string; readonly signal?: AbortSignal }) => Promise<ModelList>;
  /** Where the configured provider is. Throws KwError `unknown-provider`, `base-url-not-found`, `bad-configuration`. */
  readonly endpoint: () => ModelEndpoint;
  /** Known providers: the file's own and the built-in ones. */
  readonly presets: readonly Preset[];
  /** The documented models of the configured provider. */
  readonly documentedHere: readonly string[];
  /** The documented models of every provider. */
  readonly documented: readonly string[];
  /** Every key that this process holds from its start. */
  readonly secrets: readonly string[];
  /** Short-lived keys that were fetched since. */
  readonly tokens: () => readonly string[];
  readonly warnings: readonly string[];
  /** How requests to models leave this machine. */
  readonly fetch: FetchFunction;
  close(): Promise<void>;
}

/** Where a provider is. */
type Address = Pick<ResolvedProvider, 'preset' | 'baseURL'>;

/** The built-in model of rules: no key, no network. */
const offline: ModelRef = { provider: 'offline', id: 'rules' };

/** Reads providers, keys and addresses out of the configuration and the environment. A missing key is thrown by `check` and `lookup`, not here. */
export function createModels(config: Config, host: RuntimeHost, observer?: Observer): Models {
  const { env } = host;
  const { language, toolUse } = config;
  const known = [...config.presets, ...presets];
  const configured = findPreset(config.provider, known);
  const isConfigured = (provider: string): boolean => provider === config.provider || provider === configured?.id;
  let tokens: readonly string[] = [];

  const resolve = (provider: string, model: string | undefined): ResolvedProvider => {
    const preset = findPreset(provider, known);
    const apiKey = keyOf(provider, preset, { config, env });
    return resolveProvider(isConfigured(provider) ? (config.endpoint ?? provider) : provider, env, {
      presets: config.presets,
      language,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(preset?.keyCommand === undefined ? {} : { accessToken: () => fetchToken(preset) }),
      ...(model === undefined || model === '' ? {} : { model }),
    });
  };
  const fetchToken = async (preset: Preset): Promise<string> => {
    const { accessTokenOf } = await import('./network/access-token.ts');
    const token = await accessTokenOf(preset, env, language);
    if (!tokens.includes(token)) tokens = [...tokens, token];
    return token;
  };
  /** A provider's address, also without a key and a model. */
  const address = (provider: string): Address => {
    const asked = isConfigured(provider) ? (config.endpoint ?? provider) : provider;
    const { preset, baseURL } = resolveProvider(asked, env, { presets: config.presets, language, apiKey: 'none', model: 'none' });
    return { preset, baseURL };
  };
  const origin = originOf(() => address(config.provider));
  const direct = lazyNodeFetch();
  const network = createNetwork({ env, language, fetch: direct.fetch, isUnverified: (asked) => config.skipVerifySsl && asked === origin });
  const fetch = observer === undefined ? network.fetch : observeFetch(network, observer);

  const made = new Map<string, ChatModel>();
  const current = config.provider === offline.provider ? offline : currentOf(config, configured, resolve);
  const lookup = ({ provider, id }: ModelRef): ChatModel => {
    const key = `${provider}\n${id}`;
    const ready = made.get(key);
    if (ready !== undefined) return ready;
    const limits = config.contextWindow === undefined ? {} : { limits: { contextWindow: config.contextWindow } };
    const model =
      provider === offline.provider
        ? offlineModel()
        : createChatModel({ ...resolve(provider, id), ...limits, timeouts: timeoutsOf(config), fetch, language, toolUse });
    const observed = observer === undefined ? model : observeModel(model, observer);
    made.set(key, observed);
    return observed;
  };
  const loadList: Models['loadList'] = async ({ provider = config.provider, signal } = {}) => {
    const { preset, baseURL, apiKey, accessToken } = resolveForList(provider, resolve, address);
    return loadModelList({ preset, baseURL, fetch, language, ...defined({ apiKey, accessToken, signal }) });
  };
  if (origin !== undefined) network.prepare(origin);
  return {
    current,
    lookup,
    check: () => {
      lookup(current);
    },
    choose: (name, inUse = current) => {
      const ref = chosen(name, inUse, known);
      lookup(ref);
      return ref;
    },
    list: async (signal) => {
      if (current === offline) return [offline.id];
      resolve(config.provider, config.model ?? 'unnamed');
      const { models, cause } = await loadList(signal === undefined ? {} : { signal });
      if (cause !== undefined) throw cause;
      return models.map(({ id }) => id);
    },
    loadList,
    endpoint: () => endpointOf(address(config.provider), network, { config, env }),
    presets: known,
    documentedHere: configured?.models ?? [],
    documented: [...new Set(known.flatMap(({ models }) => models))],
    secrets: keysOf(config, env),
    tokens: () => tokens,
    warnings:
      config.skipVerifySsl && origin?.startsWith('https:') === true ? [certificatesUnchecked(current.provider, origin)[language]] : [],
    fetch,
    close: async () => {
      await Promise.all([network.close(), direct.close()]);
    },
  };
}

function timeoutsOf({ headersTimeoutSeconds, firstWordTimeoutSeconds, idleTimeoutSeconds }: Config): Partial<Timeouts> {
  return { headersMs: headersTimeoutSeconds * 1000, firstContentMs: firstWordTimeoutSeconds * 1000, idleMs: idleTimeoutSeconds * 1000 };
}

/** What `resolve` says of the configured provider; where it refuses (no key yet), the configured names. */
function currentOf(
  config: Config,
  configured: Preset | undefined,
  resolve: (provider: string, model: string | undefined) => ResolvedProvider,
): ModelRef {
  try {
    const { preset, model } = resolve(config.provider, config.model);
    return { provider: preset.id, id: model ?? '' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { provider: configured?.id ?? config.provider, id: config.model ?? configured?.defaultModel ?? '' };
  }
}

/** A provider's name in front decides; else a vendor's model goes to its vendor, unless the provider in use takes any name. */
function chosen(name: string, inUse: ModelRef, known: readonly Preset[]): ModelRef {
  const text = name.trim();
  if (text === '') throw bilingualError('bad-usage', { en: 'no model is named', zh: '未指定模型' });
  const takesAnyName = findPreset(inUse.provider, known)?.modelPattern === undefined;
  const [first = '', ...rest] = text.split('/');
  const named = rest.length === 0 || takesAnyName ? undefined : findPreset(first, known);
  if (named !== undefined) return { provider: named.id, id: rest.join('/') };
  const inferred = takesAnyName ? undefined : inferProvider(text, known);
  return { provider: inferred ?? inUse.provider, id: text };
}

/** For a list neither a model nor a key is needed: without a key the documented names are listed. */
function resolveForList(
  provider: string,
  resolve: (provider: string, model: string) => ResolvedProvider,
  address: (provider: string) => Address,
): Address & Pick<ResolvedProvider, 'apiKey' | 'accessToken'> {
  try {
    return resolve(provider, 'unnamed');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'api-key-not-found')) throw error;
    return address(provider);
  }
}

function endpointOf(
  { preset, baseURL }: Address,
  network: Network,
  { config, env }: { readonly config: Config; readonly env: RuntimeHost['env'] },
): ModelEndpoint {
  const proxy = preset.builtIn === true ? undefined : network.proxyOf(baseURL);
  const variable = preset.keyVariables.find((name) => (env[name] ?? '').trim() !== '');
  const keyFrom = variable ?? (keyOf(config.provider, preset, { config, env }) === undefined ? undefined : 'api-keys');
  return { preset, baseURL, ...defined({ keyFrom, proxy }), verifiesCertificates: !config.skipVerifySsl };
}

function originOf(address: () => Address): string | undefined {
  try {
    const { preset, baseURL } = address();
    return preset.builtIn === true ? undefined : new URL(baseURL).origin;
  } catch {
    return undefined; // whoever asks for the model is told why
  }
}

function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter above proves it
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
