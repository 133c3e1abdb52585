import { KwError } from '../error.ts';
import type { Preset } from '../preset.ts';
import { findPreset, presets } from '../presets.ts';
import { readPrices } from './read-prices.ts';
import { readQuirks } from './read-quirks.ts';
import { badSetting, entriesOf, fieldsOf, numberOf, type Setting, textOf, textsOf } from './read-setting.ts';

/**
 * A provider as the configuration describes it; keys in kebab-case, camelCase or snake_case.
 * What is absent is as in the preset of the same name, else as in `extends`, else as in `openai-compatible`.
 */
export interface CustomProvider {
  readonly baseUrl?: string;
  /** The variable (or variables) that hold the key. */
  readonly apiKeyEnv?: string | readonly string[];
  readonly models?: readonly string[];
  /** Default: the first of `models`. */
  readonly defaultModel?: string;
  readonly quirks?: Readonly<Record<string, unknown>>;
  /** By model name or `*`, per million tokens. */
  readonly prices?: Readonly<Record<string, unknown>>;
  /** In tokens, of all its models. */
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly title?: string;
  /** The id of a known provider. */
  readonly extends?: string;
}

const keys = [
  'base-url',
  'api-key-env',
  'models',
  'default-model',
  'quirks',
  'prices',
  'context-window',
  'max-output-tokens',
  'headers',
  'title',
  'extends',
];
const minWindow = 1_024;
const maxWindow = 100_000_000;

/**
 * The presets of a configuration's `providers`: each changes the built-in preset of its name, or adds a new one.
 * `value` is what the file holds there. Throws KwError `bad-configuration` that names the key.
 */
export function presetsFrom(value: unknown, path = 'providers'): readonly Preset[] {
  return entriesOf({ path, value }).map(([name, setting]) => presetFrom(name, setting));
}

function presetFrom(name: string, setting: Setting): Preset {
  const id = name.toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/.test(id))
    throw new KwError('bad-configuration', `${setting.path}: a provider's name is letters, digits, dots and hyphens, such as my-gateway`, {
      details: { key: setting.path },
    });
  const fields = fieldsOf(setting, keys);
  const read = <T>(key: string, reader: (field: Setting) => T): T | undefined => {
    const field = fields.get(key);
    return field === undefined || field.value === null ? undefined : reader(field);
  };
  const known = presets.find((preset) => preset.id === id);
  const base = read('extends', baseOf) ?? known ?? baseOf({ path: '', value: 'openai-compatible' });
  const { baseURL, baseURLTemplates, hostVariable, ...rest } = base;
  const given = read('base-url', readURL);
  const isNew = known === undefined;
  const models = read('models', textsOf);
  const variables = read('api-key-env', readVariables);
  const window = read('context-window', (field) => numberOf(field, minWindow, maxWindow));
  const output = read('max-output-tokens', (field) => numberOf(field, 1, maxWindow));
  const limits = {
    ...(window === undefined ? {} : { contextWindow: window }),
    ...(output === undefined ? {} : { maxOutputTokens: output }),
  };
  const model = read('default-model', textOf) ?? models?.[0];
  const { modelPattern: _pattern, defaultModel: _default, ...nameless } = rest;
  return {
    ...(isNew ? { ...nameless, aliases: [], modelVariables: [], endpointVariables: [], experimental: true } : rest),
    id,
    title: read('title', textOf) ?? (isNew ? name : base.title),
    configuredAs: setting.path,
    ...(given === undefined
      ? {
          ...(baseURL === undefined ? {} : { baseURL }),
          ...(baseURLTemplates === undefined ? {} : { baseURLTemplates }),
          ...(hostVariable === undefined ? {} : { hostVariable }),
        }
      : { baseURL: given, ...(hostVariable === undefined ? {} : { hostVariable }) }),
    ...(variables === undefined ? (isNew ? { keyVariables: [], keyRequired: false } : {}) : { keyVariables: variables, keyRequired: true }),
    ...(models === undefined ? {} : { models, keepDocumented: true }),
    ...(model === undefined ? {} : { defaultModel: model }),
    quirks: { ...base.quirks, ...read('quirks', readQuirks) },
    prices: { ...base.prices, ...read('prices', readPrices) },
    limits: { ...base.limits, ...limits },
    headers: { ...base.headers, ...read('headers', readHeaders) },
  };
}

function baseOf(setting: Setting): Preset {
  const name = textOf(setting);
  const found = findPreset(name);
  if (found === undefined || found.builtIn === true)
    throw badSetting(
      setting,
      `a known provider: ${presets
        .filter(({ builtIn }) => builtIn !== true)
        .map(({ id }) => id)
        .join(', ')}`,
    );
  return found;
}

function readURL(setting: Setting): string {
  const text = textOf(setting);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain)
    throw badSetting(
      { ...setting, value: text.replace(/\/\/[^/]*@/, '//***@').replace(/\?.*$/, '?***') },
      'an address with http:// or https:// and without user name or password',
    );
  return text.replace(/\/+(?=$|\?)/, '');
}

function readVariables(setting: Setting): readonly string[] {
  const names = textsOf(setting);
  // A key in the place of a variable's name must not reach a message.
  if (!names.every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) || names.some((name) => /^(sk-|sk_)/.test(name)))
    throw badSetting(
      { ...setting, value: '***' },
      'the name of an environment variable, such as MY_API_KEY (the key itself goes to api-keys)',
    );
  return names;
}

function readHeaders(setting: Setting): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(setting).map(([name, field]) => {
      if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw badSetting({ path: field.path, value: name }, 'the name of a header');
      return [name, textOf(field)];
    }),
  );
}
