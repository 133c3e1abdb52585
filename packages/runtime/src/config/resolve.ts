import type { PolicyMode, PolicyRule } from '@kw/agent';
import type { Preset } from '@kw/providers';
import { inferProvider, presets as builtIn, presetsFrom } from '@kw/providers';
import { bilingualError } from '../bilingual-error.ts';
import type { Config } from './config.ts';
import type { Environment, Reader } from './given.ts';
import type { Notice } from './notice.ts';
import { modelSetAside, providerSetAside } from './notice.ts';
import type { Layer, OptionKey } from './option.ts';
import { resolveService } from './service-config.ts';
import type { ServiceLists } from './service-config.ts';

/** What a configuration is made of beside its values. */
export interface Surroundings {
  readonly env: Environment;
  readonly home: string;
  /** The file that was read, or would have been. */
  readonly path: string;
  readonly language: 'en' | 'zh';
  /** Takes what people should know. */
  readonly notices: Notice[];
  readonly rules: readonly PolicyRule[];
  readonly lists: ServiceLists;
}

const layers: readonly Layer[] = ['default', 'file', 'environment', 'flag'];

/** The configuration that the values make. Throws KwError `bad-configuration` or, for settings that contradict each other, `bad-usage`. */
export function resolveConfig(read: Reader, { env, home, path, language, notices, rules, lists }: Surroundings): Config {
  checkPairs(read);
  const presets = customPresets(read);
  const { provider, endpoint, model } = chooseProvider(read, presets, notices);
  const directory = `${home}/.config/kubelet-wuhrai`;
  const stateDirectory = read.text('state-dir') ?? `${env['XDG_STATE_HOME'] || `${home}/.local/state`}/kubelet-wuhrai`;
  const auth = choiceOf(read.text('auth'), ['token', 'oidc', 'kubernetes', 'none'] as const);
  return {
    provider,
    ...defined({ endpoint, model }),
    providers: read.map('providers'),
    presets,
    toolUse: read.given('enable-tool-use-shim') === undefined ? 'auto' : read.on('enable-tool-use-shim') ? 'shim' : 'native',
    skipVerifySsl: read.on('skip-verify-ssl'),
    apiKeys: textsOf(read, 'api-keys'),
    ...defined({ kubeconfig: read.text('kubeconfig'), context: read.text('context'), namespace: read.text('namespace') }),
    permissions: choosePermissions(read),
    dangerouslyAllow: read.on('dangerously-allow'),
    rules,
    maxIterations: read.number('max-iterations') ?? 20,
    ...defined({
      maxTokens: read.number('max-tokens'),
      maxCost: read.number('max-cost'),
      timeoutSeconds: read.number('timeout'),
      contextWindow: read.number('context-window'),
    }),
    toolTimeoutSeconds: read.number('tool-timeout') ?? 60,
    headersTimeoutSeconds: read.number('headers-timeout') ?? 60,
    firstWordTimeoutSeconds: read.number('first-word-timeout') ?? 180,
    idleTimeoutSeconds: read.number('idle-timeout') ?? 60,
    toolsConfig: read.list('tools-config'),
    mcpClient: read.on('mcp-client'),
    mcpServer: read.on('mcp-server'),
    externalTools: read.on('external-tools'),
    mcpConfig: read.text('mcp-config') ?? `${directory}/mcp.yaml`,
    quiet: read.on('quiet'),
    output: choiceOf(read.text('output'), ['text', 'json', 'jsonl'] as const),
    showToolOutput: read.on('show-tool-output'),
    showSecrets: read.on('show-secrets'),
    language,
    languageIsChosen: read.text('lang') !== undefined,
    userInterface: choiceOf(read.text('user-interface'), ['terminal', 'html'] as const),
    listenAddress: read.text('ui-listen-address') ?? '127.0.0.1:8888',
    ...defined({ authToken: read.text('auth-token'), accessLog: read.text('access-log') }),
    allowedHosts: read.list('allowed-host'),
    corsOrigins: read.list('cors-origin'),
    maxConcurrentRuns: read.number('max-concurrent-runs') ?? 64,
    metricsAuth: read.on('metrics-auth'),
    auth,
    service: resolveService(read, { lists, auth, stateDirectory }),
    ...defined({ resumeSession: read.text('resume-session') }),
    newSession: read.on('new-session'),
    stateDirectory,
    logFile: read.text('log-file') ?? `${(env['TMPDIR'] || '/tmp').replace(/\/+$/, '')}/kubelet-wuhrai.log`,
    isLogged: (read.number('v') ?? 0) > 0 || read.given('log-file') !== undefined,
    verbosity: read.number('v') ?? 0,
    ...defined({ tracePath: read.text('trace-path') }),
    removeWorkdir: read.on('remove-workdir'),
    configDirectory: directory,
    configFile: path,
  };
}

/** The chosen language, or the locale's. Never throws: a wrong value is refused where all values are. */
export function languageOf(read: Reader, env: Environment): 'en' | 'zh' {
  const chosen = read.given('lang')?.value;
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'zh' : 'en';
}

/** The providers of the file. Throws KwError `bad-configuration` with the place. */
function customPresets(read: Reader): readonly Preset[] {
  const found = read.given('providers');
  return found === undefined ? [] : Object.freeze(presetsFrom(found.value, `${found.origin}: providers`));
}

/** Refuses settings that say nothing, or two things, together. */
function checkPairs(read: Reader): void {
  if (read.on('external-tools') && !read.on('mcp-server'))
    throw bilingualError('bad-usage', {
      en: 'external-tools works with mcp-server only: kubelet-wuhrai --mcp-server --external-tools',
      zh: 'external-tools 只能与 mcp-server 一起使用：kubelet-wuhrai --mcp-server --external-tools',
    });
  if (read.on('new-session') && read.given('resume-session') !== undefined)
    throw bilingualError('bad-usage', {
      en: '--new-session and --resume-session contradict each other: leave one of them out',
      zh: '--new-session 与 --resume-session 相互矛盾：请去掉其中一个',
    });
}

function textsOf(read: Reader, key: OptionKey): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(Object.entries(read.map(key)).map(([name, value]) => [name, String(value)])));
}

/** The value among those that are possible; the first where none is given. */
function choiceOf<const T extends string>(value: string | undefined, values: readonly [T, ...T[]]): T {
  return values.find((possible) => possible === value) ?? values[0];
}

function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter above proves it
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

interface ProviderChoice {
  readonly provider: string;
  readonly endpoint?: string;
  readonly model: string | undefined;
}

/** Provider and model. Of the two the one that a stronger layer gives decides; the other is set aside where they can't go together. */
function chooseProvider(read: Reader, presets: readonly Preset[], notices: Notice[]): ProviderChoice {
  const model = read.text('model');
  const written = read.text('llm-provider') ?? 'deepseek';
  const scheme = /^([a-z][a-z0-9-]*):\/\/(.+)$/.exec(written)?.[1];
  if (scheme !== undefined) return { provider: scheme, endpoint: written, model };
  const all = [...presets, ...builtIn];
  const lead = strength(read, 'model') - strength(read, 'llm-provider');
  const inferred = model === undefined || lead === 0 ? undefined : inferProvider(model, all);
  if (model === undefined || inferred === undefined || inferred === written) return { provider: written, model };
  if (lead > 0) {
    if (read.layer('llm-provider') !== 'default') notices.push(providerSetAside(model, inferred, written));
    return { provider: inferred, model };
  }
  // A service with no model of its own, such as vllm, may have any name.
  const own = all.find(({ id }) => id === written)?.defaultModel;
  if (own === undefined) return { provider: written, model };
  notices.push(modelSetAside(model, inferred, written));
  return { provider: written, model: undefined };
}

function strength(read: Reader, key: OptionKey): number {
  return layers.indexOf(read.layer(key));
}

/** The strongest of the three settings decides; of two that are equally strong the one that allows less. */
function choosePermissions(read: Reader): PolicyMode {
  const written = choiceOf(read.text('permissions'), ['ask-writes', 'read-only', 'suggest', 'ask-all', 'auto'] as const);
  const candidates: readonly (readonly [OptionKey, PolicyMode])[] = [
    ...(read.on('skip-permissions') ? [['skip-permissions', 'auto'] as const] : []),
    ['permissions', written],
    ...(read.on('read-only') ? [['read-only', 'read-only'] as const] : []),
  ];
  const most = Math.max(...candidates.map(([key]) => strength(read, key)));
  const strongest = candidates.filter(([key]) => strength(read, key) === most).map(([, mode]) => mode);
  if (strongest.includes('read-only')) return 'read-only';
  return strongest[0] ?? written;
}
