import type { RunSettings } from '@kw/agent';
import type { ChatModel, ResolvedProvider } from '@kw/providers';
import { createChatModel, listModels, offlineModel, presets, resolveProvider } from '@kw/providers';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';

/** Names a model as runs log it. */
export type ModelRef = RunSettings['model'];

/** The models of a configuration. */
export interface Models {
  /** What new runs use; `id` is empty where the server's first model is taken. */
  readonly current: ModelRef;
  /** The model of a logged name. Throws KwError `api-key-not-found`, `unknown-provider`, ... */
  readonly lookup: (ref: ModelRef) => ChatModel;
  /** Throws what {@link lookup} would throw for the current model, before anything else is done. */
  readonly check: () => void;
  /** The provider's models, asked from the provider. Throws KwError `api-key-not-found` and those of a request. */
  readonly list: (signal?: AbortSignal) => Promise<readonly string[]>;
  /** The documented models of the configured provider. */
  readonly documentedHere: readonly string[];
  /** The documented models of every provider. */
  readonly documented: readonly string[];
  /** Every key that this process holds. */
  readonly secrets: readonly string[];
}

/** Reads providers, keys and addresses out of the configuration and the environment. A missing key is thrown by `check` and `lookup`, not here. */
export function createModels(config: Config, { env }: RuntimeHost): Models {
  const resolve = (provider: string, model: string | undefined): ResolvedProvider => {
    const apiKey = keyOf(provider, config, env);
    const named = { ...(apiKey === undefined ? {} : { apiKey }), ...(model === undefined || model === '' ? {} : { model }) };
    return resolveProvider(provider === config.provider ? (config.endpoint ?? provider) : provider, env, named);
  };
  const isOffline = config.provider === offline.provider;
  const made = new Map<string, ChatModel>();
  const current = isOffline ? offline : currentOf(config, resolve);
  const lookup = ({ provider, id }: ModelRef): ChatModel => {
    if (provider === offline.provider) return offlineModel();
    const key = `${provider}\n${id}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const limits = config.contextWindow === undefined ? {} : { limits: { contextWindow: config.contextWindow } };
    const model = createChatModel({ ...resolve(provider, id), ...limits });
    made.set(key, model);
    return model;
  };
  return {
    current,
    lookup,
    check: () => {
      lookup(current);
    },
    list: async (signal) => {
      if (isOffline) return [offline.id];
      // The list is asked for to find a name: none is needed before.
      const { preset, baseURL, apiKey } = resolve(config.provider, config.model ?? 'unnamed');
      const live = await listModels({
        preset,
        baseURL,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(signal === undefined ? {} : { signal }),
      });
      return live.map(({ id }) => id);
    },
    documentedHere: presets.find(({ id, aliases }) => id === current.provider || aliases.includes(current.provider))?.models ?? [],
    documented: [...new Set(presets.flatMap(({ models }) => models))],
    secrets: secretsOf(config, env),
  };
}

/** The built-in model of rules: no key, no network. */
const offline: ModelRef = { provider: 'offline', id: 'rules' };

/** What `resolve` says of the configured provider; where it refuses (no key yet), the configured names. */
function currentOf(config: Config, resolve: (provider: string, model: string | undefined) => ResolvedProvider): ModelRef {
  try {
    const { preset, model } = resolve(config.provider, config.model);
    return { provider: preset.id, id: model ?? '' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const preset = presets.find(({ id }) => id === config.provider);
    return { provider: config.provider, id: config.model ?? preset?.defaultModel ?? '' };
  }
}

/** Variables are stronger than the file: a key of the file counts where none of the provider's variables is set. */
function keyOf(provider: string, config: Config, env: RuntimeHost['env']): string | undefined {
  const preset = presets.find(({ id, aliases }) => id === provider || aliases.includes(provider));
  const fromEnvironment = preset?.keyVariables.some((name) => (env[name] ?? '').trim() !== '') === true;
  if (fromEnvironment) return undefined;
  const names = new Set([provider, preset?.id ?? provider, ...(preset?.aliases ?? [])]);
  return Object.entries(config.apiKeys).find(([name]) => names.has(name))?.[1];
}

function secretsOf(config: Config, env: RuntimeHost['env']): readonly string[] {
  const variables = presets.flatMap(({ keyVariables }) => keyVariables);
  const values = [...variables.map((name) => env[name]), ...Object.values(config.apiKeys), config.authToken];
  return [
    ...new Set(
      values.filter((value) => value !== undefined && value.trim().length >= minSecretLength).map((value) => String(value).trim()),
    ),
  ];
}

/** A shorter value (`x`, `none`, `EMPTY`) is a placeholder: to hide it would blot out ordinary words. */
const minSecretLength = 8;
