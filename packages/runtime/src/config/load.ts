import type { PolicyMode, PolicyRule } from '@kw/agent';
import { inferProvider, KwError } from '@kw/providers';
import type { Config, LoadedConfig } from './config.ts';
import { parseConfigFile } from './file.ts';
import type { Layer, OptionKey, OptionSpec } from './option.ts';
import { options } from './options.ts';
import { parseValue } from './value.ts';

/** A file as the loader needs it: its text and its permission bits. */
export interface ConfigFile {
  readonly text: string;
  readonly mode: number;
}

/** All that a configuration is made of; nothing else is read. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Flags by key, as they were written; `true` for a switch without a value. */
  readonly flags: Readonly<Partial<Record<OptionKey, string | boolean>>>;
  /** Undefined where there is no such file. */
  readonly readFile: (path: string) => Promise<ConfigFile | undefined>;
}

interface Given {
  readonly value: unknown;
  readonly layer: Layer;
  readonly origin: string;
}

/** Reads the configuration once: defaults < file < environment < flags. Throws KwError `bad-configuration` that names where, what and what is possible. */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const { env, home, flags } = sources;
  const configFile = given(spec('config'), flags, env)?.value;
  const path = typeof configFile === 'string' ? configFile : `${home}/.config/kubelet-wuhrai/config.yaml`;
  const file = await sources.readFile(path);
  if (file === undefined && typeof configFile === 'string') {
    throw new KwError('bad-configuration', `${path}: there is no such configuration file`);
  }
  const layer = file === undefined ? { values: [], warnings: [] } : await parseConfigFile(file.text, { path, specs: options, env });
  const warnings = [...layer.warnings];

  const values = new Map<string, Given>();
  for (const { key, value, origin } of layer.values) values.set(key, merge(values.get(key), { value, layer: 'file', origin }));
  for (const option of options) {
    const found = given(option, flags, env);
    if (found !== undefined) values.set(option.key, found);
  }
  if (
    file !== undefined &&
    (file.mode & 0o077) !== 0 &&
    options.some((option) => option.secret === true && values.get(option.key)?.layer === 'file')
  ) {
    warnings.push(`${path} holds a secret and can be read by others: chmod 600 ${path}`);
  }
  const rules = values.get('rules');
  return { config: Object.freeze(resolve(reader(values), { env, home, path, warnings, rules: await readRules(rules) })), warnings };
}

/** Two keys may add to the same map (`api-keys` and `deepseek-api-key`). */
function merge(before: Given | undefined, next: Given): Given {
  const both = before !== undefined && isRecord(before.value) && isRecord(next.value);
  return both ? { ...next, value: { ...before.value, ...next.value } } : next;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function spec(key: OptionKey): OptionSpec {
  const found = options.find((option) => option.key === key);
  if (found === undefined) throw new KwError('internal', `no option ${key}`);
  return found;
}

function given(option: OptionSpec, flags: ConfigSources['flags'], env: ConfigSources['env']): Given | undefined {
  const flag = new Map<string, string | boolean | undefined>(Object.entries(flags)).get(option.key);
  if (flag !== undefined) return { value: flag, layer: 'flag', origin: `--${option.key}` };
  for (const name of option.env ?? []) {
    const value = env[name];
    if (value !== undefined && value !== '') return { value, layer: 'environment', origin: name };
  }
  return undefined;
}

async function readRules(value: Given | undefined): Promise<readonly PolicyRule[]> {
  if (value === undefined) return [];
  const { parseRules } = await import('./rules.ts');
  return parseRules(value.value, value.origin);
}

interface Reader {
  readonly layer: (key: OptionKey) => Layer;
  readonly text: (key: OptionKey) => string | undefined;
  readonly number: (key: OptionKey) => number | undefined;
  readonly on: (key: OptionKey) => boolean;
  readonly texts: (key: OptionKey) => Readonly<Record<string, string>>;
}

function reader(values: ReadonlyMap<string, Given>): Reader {
  const read = (key: OptionKey): ReturnType<typeof parseValue> | undefined => {
    const option = spec(key);
    const found = values.get(key);
    return found === undefined ? option.fallback : parseValue(option, found.value, found.origin);
  };
  return {
    layer: (key) => values.get(key)?.layer ?? 'default',
    text: (key) => textOf(read(key)),
    number: (key) => numberOf(read(key)),
    on: (key) => read(key) === true,
    texts: (key) => {
      const value = read(key);
      return typeof value === 'object' ? value : {};
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

interface Surroundings {
  readonly env: ConfigSources['env'];
  readonly home: string;
  readonly path: string;
  readonly warnings: string[];
  readonly rules: readonly PolicyRule[];
}

const layers: readonly Layer[] = ['default', 'file', 'environment', 'flag'];

function resolve(read: Reader, { env, home, path, warnings, rules }: Surroundings): Config {
  const model = read.text('model');
  const { provider, endpoint } = chooseProvider(read, model, warnings);
  return {
    provider,
    ...defined({ endpoint, model }),
    apiKeys: read.texts('api-keys'),
    ...defined({ kubeconfig: read.text('kubeconfig'), context: read.text('context'), namespace: read.text('namespace') }),
    permissions: choosePermissions(read),
    dangerouslyAllow: read.on('dangerously-allow'),
    rules,
    maxIterations: read.number('max-iterations') ?? 20,
    ...defined({
      maxTokens: read.number('max-tokens'),
      timeoutSeconds: read.number('timeout'),
      contextWindow: read.number('context-window'),
    }),
    toolTimeoutSeconds: read.number('tool-timeout') ?? 60,
    quiet: read.on('quiet'),
    showToolOutput: read.on('show-tool-output'),
    showSecrets: read.on('show-secrets'),
    language: read.text('lang') === 'zh' || (read.text('lang') === undefined && localeIsChinese(env)) ? 'zh' : 'en',
    languageIsChosen: read.text('lang') !== undefined,
    userInterface: read.text('user-interface') === 'html' ? 'html' : 'terminal',
    listenAddress: read.text('ui-listen-address') ?? '127.0.0.1:8888',
    ...defined({ authToken: read.text('auth-token'), allowedHost: read.text('allowed-host') }),
    auth: read.text('auth') === 'none' ? 'none' : 'token',
    stateDirectory: read.text('state-dir') ?? `${env['XDG_STATE_HOME'] || `${home}/.local/state`}/kubelet-wuhrai`,
    configFile: path,
  };
}

function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter above proves it
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function chooseProvider(read: Reader, model: string | undefined, warnings: string[]): { provider: string; endpoint: string | undefined } {
  const written = read.text('llm-provider') ?? 'deepseek';
  const scheme = /^([a-z][a-z0-9-]*):\/\/(.+)$/.exec(written)?.[1];
  if (scheme !== undefined) return { provider: scheme, endpoint: written };
  const modelIsStronger = layers.indexOf(read.layer('model')) > layers.indexOf(read.layer('llm-provider'));
  const inferred = model !== undefined && modelIsStronger ? inferProvider(model) : undefined;
  if (inferred === undefined || inferred === written) return { provider: written, endpoint: undefined };
  if (read.layer('llm-provider') !== 'default')
    warnings.push(`model ${model} is served by ${inferred}; the configured provider ${written} is set aside (--llm-provider decides)`);
  return { provider: inferred, endpoint: undefined };
}

function choosePermissions(read: Reader): PolicyMode {
  const skip = layers.indexOf(read.layer('skip-permissions')) >= layers.indexOf(read.layer('permissions'));
  if (read.on('skip-permissions') && skip) return 'auto';
  const mode = read.text('permissions');
  return mode === 'read-only' || mode === 'suggest' || mode === 'ask-all' || mode === 'auto' ? mode : 'ask-writes';
}

function localeIsChinese(env: ConfigSources['env']): boolean {
  return /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '');
}
