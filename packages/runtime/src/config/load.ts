import type { PolicyRule } from '@kw/agent';
import { isKwError } from '@kw/providers';
import { bilingualError } from '../bilingual-error.ts';
import type { LoadedConfig } from './config.ts';
import type { FileLayer } from './file.ts';
import { parseConfigFile } from './file.ts';
import { holdsSecret } from './holds-secret.ts';
import type { Environment, Flags, Given, Reader } from './given.ts';
import { givenBy, layersOf, readerOf, specOf } from './given.ts';
import type { Notice } from './notice.ts';
import { noKubeconfig, readableByOthers, withWarnings } from './notice.ts';
import { options } from './options.ts';
import { languageOf, resolveConfig } from './resolve.ts';
import type { ServiceLists } from './service-config.ts';
import { sourcesOf } from './sources.ts';

/** A file as the loader needs it: its text and its permission bits. */
export interface ConfigFile {
  readonly text: string;
  readonly mode: number;
}

/** All that a configuration is made of; nothing else is read. */
export interface ConfigSources {
  readonly env: Environment;
  readonly home: string;
  readonly flags: Flags;
  /** Undefined where there is no such file. */
  readonly readFile: (path: string) => Promise<ConfigFile | undefined>;
}

/** Reads the configuration once: defaults < file < environment < flags. Throws KwError `bad-configuration` that names where, what and what is possible, or `bad-usage`. */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const { env, home, flags } = sources;
  const chosen = givenBy(specOf('config'), flags, env);
  const named = readerOf(new Map(chosen === undefined ? [] : [['config', chosen]]), home).text('config');
  const path = named ?? `${home}/.config/kubelet-wuhrai/config.yaml`;
  const file = await sources.readFile(path);
  if (file === undefined && named !== undefined)
    throw bilingualError('bad-configuration', { en: `${path}: there is no such configuration file`, zh: `${path}：没有此配置文件` });
  const layer = file === undefined ? nothing : await parseConfigFile(file.text, { path, specs: options, env });
  const notices = [...layer.warnings];
  const values = layersOf(layer, flags, env);
  const read = readerOf(values, home);
  if (file !== undefined && (file.mode & 0o077) !== 0 && holdsSecret(layer)) notices.push(readableByOthers(path));
  const language = languageOf(read, env);
  const warnings = (): readonly string[] => notices.map((notice) => notice[language]);
  try {
    if (layer.broken !== undefined) throw layer.broken;
    const rules = await readRules(values.get('rules'));
    const lists = await readLists(values, sources);
    const config = resolveConfig(read, { env, home, path, language, notices, rules, lists });
    notices.push(...(await missingKubeconfigs(read, sources)));
    return { config: Object.freeze(config), warnings: warnings(), sources: sourcesOf(read, config) };
  } catch (error) {
    throw withWarnings(error, warnings());
  }
}

const nothing: FileLayer = { values: [], warnings: [] };

async function readRules(value: Given | undefined): Promise<readonly PolicyRule[]> {
  if (value === undefined) return [];
  const { parseRules } = await import('./rules.ts');
  return parseRules(value.value, value.origin);
}

async function readLists(values: ReadonlyMap<string, Given>, { readFile }: ConfigSources): Promise<ServiceLists> {
  const tokens = values.get('auth-tokens');
  const access = values.get('access');
  if (tokens === undefined && access === undefined) return { tokens: [] };
  const { parseServiceLists } = await import('./service-lists.ts');
  return parseServiceLists({ tokens, access }, readFile);
}

/** A kubeconfig that is named and not there would otherwise only be noticed as a cluster that is missing. */
async function missingKubeconfigs(read: Reader, { env, readFile }: ConfigSources): Promise<readonly Notice[]> {
  const option = read.text('kubeconfig');
  const origin = option === undefined ? 'KUBECONFIG' : (read.given('kubeconfig')?.origin ?? '');
  const paths = option === undefined ? (env['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '') : [option];
  const missing = await Promise.all(paths.map(async (path) => ((await isMissing(path, readFile)) ? [noKubeconfig(origin, path)] : [])));
  return missing.flat();
}

async function isMissing(path: string, readFile: ConfigSources['readFile']): Promise<boolean> {
  try {
    return (await readFile(path)) === undefined;
  } catch (error) {
    if (isKwError(error)) throw error;
    return false; // it is there; what is wrong with it is said by whoever needs it
  }
}
