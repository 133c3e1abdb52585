import { type AddressSource, completeURL, fillTemplate, presetURL } from './base-url.ts';
import type { ModelLimits } from './chat-model.ts';
import { KwError } from './error.ts';
import type { Language } from './language.ts';
import { nearNames } from './near-names.ts';
import type { Preset } from './preset.ts';
import { findPreset, presets } from './presets.ts';
import { addressInvalid, addressNotFound, keyNotFound, modelNotSet } from './setup-error.ts';
import { firstSet, setText, type Variables } from './variables.ts';

/** What is stronger than the environment. */
export interface ResolveOptions {
  readonly apiKey?: string | undefined;
  /** Gives a short-lived key where no other is set, such as the output of the preset's `keyCommand`. */
  readonly accessToken?: (() => Promise<string>) | undefined;
  readonly baseURL?: string | undefined;
  readonly model?: string | undefined;
  /** Presets of the configuration file, in front of the built-in ones. */
  readonly presets?: readonly Preset[];
  /** The language of its errors. Default `en`. */
  readonly language?: Language;
}

/** A provider with everything that a model needs. */
export interface ResolvedProvider {
  readonly preset: Preset;
  readonly baseURL: string;
  readonly apiKey?: string;
  readonly accessToken?: () => Promise<string>;
  /** The model's name as it is sent; absent where the first of the live list is taken. */
  readonly model?: string;
  /** What a variable of the provider tells of its models' sizes. */
  readonly limits?: Partial<ModelLimits>;
}

/**
 * Picks base URL, key and model of a provider, named by id, alias or `id://host[:port][/path]`.
 * Pure. Throws KwError `unknown-provider`, `api-key-not-found`, `base-url-not-found`, `invalid-base-url` or `model-not-set`.
 */
export function resolveProvider(idOrURL: string, variables: Variables, options: ResolveOptions = {}): ResolvedProvider {
  const { language = 'en' } = options;
  const known = [...(options.presets ?? []), ...presets];
  const [id = '', rest] = idOrURL.split('://', 2);
  const preset = findPreset(id, known);
  if (preset === undefined) throw unknownProvider(id, known, language);
  const name = setText(options.model) ?? firstSet(preset.modelVariables, variables) ?? preset.defaultModel;
  if (preset.builtIn === true) return { preset, baseURL: preset.baseURL ?? '', ...(name === undefined ? {} : { model: name }) };
  const from = { variables, language };
  const given = setText(options.baseURL) ?? (rest === undefined ? undefined : urlOf(rest, preset, from));
  const named = given ?? firstSet(preset.endpointVariables, variables);
  const baseURL = checkURL(named === undefined ? presetURL(preset, from) : completeURL(named, preset, from), preset, language);
  const apiKey = setText(options.apiKey) ?? firstSet(preset.keyVariables, variables);
  const accessToken = apiKey === undefined ? options.accessToken : undefined;
  if (apiKey === undefined && accessToken === undefined && preset.keyRequired) throw keyNotFound(preset, language);
  if (name === undefined && preset.firstListedModel !== true) throw modelNotSet(preset, language);
  const model = name === undefined ? undefined : sentModel(name, preset);
  return {
    preset,
    baseURL,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(accessToken === undefined ? {} : { accessToken }),
    ...(model === undefined ? {} : { model }),
    ...windowOf(preset, variables),
  };
}

function windowOf({ windowVariable }: Preset, variables: Variables): Pick<ResolvedProvider, 'limits'> {
  const tokens = windowVariable === undefined ? 0 : Number(firstSet([windowVariable], variables));
  return Number.isInteger(tokens) && tokens > 0 ? { limits: { contextWindow: tokens } } : {};
}

/** The name that is sent for a model: a preset's alias is spelled out, any other name passes unchanged. */
export function sentModel(model: string, preset: Preset): string {
  return new Map(preset.modelAliases).get(model) ?? model;
}

function urlOf(rest: string, preset: Preset, from: AddressSource): string {
  const [host = '', ...path] = rest.split('/');
  const local = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(host);
  const scheme = preset.keyRequired && !local ? 'https' : 'http';
  const tail = path.filter((part) => part !== '').join('/');
  return `${scheme}://${host}${tail === '' ? fillTemplate(preset.path, preset, from) : `/${tail}`}`;
}

function checkURL(text: string | undefined, preset: Preset, language: Language): string {
  if (text === undefined) throw addressNotFound(preset, language);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain) throw addressInvalid(preset, text, language);
  return text.replace(/\/+(?=$|\?)/, '');
}

function unknownProvider(id: string, known: readonly Preset[], language: Language): KwError {
  const ids = [...new Set(known.flatMap((preset) => [preset.id, ...preset.aliases]))];
  const near = nearNames(id, ids);
  const en = `unknown provider ${JSON.stringify(id)}: known are ${ids.join(', ')}${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`;
  const zh = `未知的 provider ${JSON.stringify(id)}：可用的有 ${ids.join('、')}${near.length === 0 ? '' : `；您是否想用 ${near.join(' 或 ')}？`}`;
  return new KwError('unknown-provider', language === 'zh' ? zh : en);
}
