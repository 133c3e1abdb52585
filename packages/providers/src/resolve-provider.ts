import { KwError } from './error.ts';
import { nearNames } from './near-names.ts';
import { findPreset, presets, type Preset } from './presets.ts';

/** Values by name, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What is stronger than the environment. */
export interface ResolveOptions {
  readonly apiKey?: string | undefined;
  readonly baseURL?: string | undefined;
  readonly model?: string | undefined;
  /** Presets of the configuration file, in front of the built-in ones. */
  readonly presets?: readonly Preset[];
}

/** A provider with everything that a model needs. */
export interface ResolvedProvider {
  readonly preset: Preset;
  readonly baseURL: string;
  readonly apiKey?: string;
  /** The model's name as it is sent; absent where the first of the live list is taken. */
  readonly model?: string;
}

/**
 * Picks base URL, key and model of a provider, named by id, alias or `id://host[:port][/path]`.
 * Pure. Throws KwError `unknown-provider`, `api-key-not-found`, `base-url-not-found`, `invalid-base-url` or `model-not-set`.
 */
export function resolveProvider(idOrURL: string, variables: Variables, options: ResolveOptions = {}): ResolvedProvider {
  const known = [...(options.presets ?? []), ...presets];
  const [id = '', rest] = idOrURL.split('://', 2);
  const preset = findPreset(id, known);
  if (preset === undefined) throw unknownProvider(id, known);
  const given = set(options.baseURL) ?? (rest === undefined ? undefined : urlOf(rest, preset));
  const baseURL = checkURL(given ?? firstOf(preset.endpointVariables, variables) ?? preset.baseURL, preset);
  const apiKey = set(options.apiKey) ?? firstOf(preset.keyVariables, variables);
  if (apiKey === undefined && preset.keyRequired) throw keyNotFound(preset);
  const name = set(options.model) ?? firstOf(preset.modelVariables, variables) ?? preset.defaultModel;
  if (name === undefined && preset.firstListedModel !== true) {
    throw new KwError(
      'model-not-set',
      `${preset.title} has no default model: name one with --model (\`models\` lists what the server offers)`,
      {
        details: { provider: preset.id },
      },
    );
  }
  const model = name === undefined ? undefined : sentModel(name, preset);
  return { preset, baseURL, ...(apiKey === undefined ? {} : { apiKey }), ...(model === undefined ? {} : { model }) };
}

/** The name that is sent for a model: a preset's alias is spelled out, any other name passes unchanged. */
export function sentModel(model: string, preset: Preset): string {
  return new Map(preset.modelAliases).get(model) ?? model;
}

/** The error for a key that is not there: it names the variables. */
export function keyNotFound(preset: Preset): KwError {
  const way = preset.keyVariables.length === 0 ? 'give one' : `set ${preset.keyVariables.join(' or ')}`;
  const hint = preset.id === 'openai' ? '; for a server without keys use the provider openai-compatible' : '';
  return new KwError('api-key-not-found', `API key not found: ${way} (provider ${preset.id})${hint}`, { details: { provider: preset.id } });
}

function firstOf(names: readonly string[], variables: Variables): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(variables, name) ? set(variables[name]) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A value that is set: neither absent nor blank. */
function set(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

function urlOf(rest: string, preset: Preset): string {
  const [host = '', ...path] = rest.split('/');
  const local = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(host);
  const scheme = preset.keyRequired && !local ? 'https' : 'http';
  const tail = path.filter((part) => part !== '').join('/');
  return `${scheme}://${host}${tail === '' ? preset.path : `/${tail}`}`;
}

function checkURL(text: string | undefined, preset: Preset): string {
  if (text === undefined) {
    throw new KwError(
      'base-url-not-found',
      `no address for ${preset.id}: set ${preset.endpointVariables.join(' or ')} (such as http://127.0.0.1:8000/v1) or give ${preset.id}://host:port`,
      {
        details: { provider: preset.id },
      },
    );
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    const shown = text.replace(/\/\/[^/]*@/, '//***@');
    throw new KwError(
      'invalid-base-url',
      `${shown} is no address of a model server (provider ${preset.id}): it must start with http:// or https:// and hold no user name or password; set ${preset.endpointVariables.join(' or ')}`,
      {
        details: { provider: preset.id },
      },
    );
  }
  return text.replace(/\/+$/, '');
}

function unknownProvider(id: string, known: readonly Preset[]): KwError {
  const ids = known.flatMap((preset) => [preset.id, ...preset.aliases]);
  const near = nearNames(id, ids);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return new KwError('unknown-provider', `unknown provider ${JSON.stringify(id)}: known are ${ids.join(', ')}${hint}`);
}
