import { isKwError, loadInspector, warningsOf } from '@kw/runtime';
import type { Config, Inspector, RuntimeHost } from '@kw/runtime';
import { both } from '../../errors.ts';
import { chineseOf } from '../../errors.zh.ts';
import { exitCodes } from '../../exit-code.ts';
import type { CliHost } from '../../host.ts';
import type { BareContext } from '../context.ts';
import { make } from './check.ts';
import type { Check, Checked, Finding } from './check.ts';
import { checkCluster, clusterParts, judgeKubeconfig, judgeKubectl } from './cluster-checks.ts';
import { checkMcp, checkState, checkTools } from './file-checks.ts';
import { loadAnyway } from './load-anyway.ts';
import type { LoadedAnyway } from './load-anyway.ts';
import { checkEndpoint, checkKey, checkModel } from './model-checks.ts';
import { renderChecked, renderSummary } from './render.ts';
import { serverChecks } from './server-checks.ts';
import { checkTerminal } from './terminal-check.ts';
import { jsonText } from '../../render/json-text.ts';

const quickMs = 6_000;
const networkMs = 12_000;

/** Checks everything that an answer needs, all at once, and says of each what is wrong and what to do. Works with everything broken. Exit code 0 when nothing failed, else 1. */
export async function doctor({ line, host, version, language: fallback }: BareContext): Promise<number> {
  const anyway = await loadAnyway(line, host);
  const { config } = anyway.loaded;
  const language = line.flags.lang === undefined && anyway.broken !== undefined ? fallback : config.language;
  const surroundings = { env: host.env, home: host.home, userId: host.userId, userName: host.userName, version };
  const inspector = await loadInspector();
  const models = inspector.models(config, surroundings);
  const options = { signal: host.interrupt, monotonic: host.monotonic, explain: findingOf };
  const json = line.own.has('json') || config.output !== 'text';
  const done: Checked[] = [];
  try {
    const server = line.own.get('server');
    const checks =
      typeof server === 'string'
        ? serverChecks({ url: server, token: config.authToken, fetch: models.fetch })
        : checksOf({ anyway, host, surroundings, inspector, models, config });
    const making = checks.map((check) => make(check, options));
    for (const checked of making) {
      const next = await checked;
      if (host.interrupt.aborted) return exitCodes.interrupted;
      done.push(next);
      if (!json) host.stdout.write(renderChecked(next, host, language));
    }
  } finally {
    await models.close();
  }
  const failed = done.some(({ status }) => status === 'fail');
  host.stdout.write(
    json ? `${jsonText({ ok: !failed, checks: done.map((each) => toJson(each, language)) }, 2)}\n` : renderSummary(done, language),
  );
  return failed ? exitCodes.failed : exitCodes.answered;
}

interface Parts {
  readonly anyway: LoadedAnyway;
  readonly config: Config;
  readonly host: CliHost;
  readonly surroundings: RuntimeHost;
  readonly inspector: Inspector;
  readonly models: ReturnType<Inspector['models']>;
}

function checksOf({ anyway, config, host, surroundings, inspector, models }: Parts): readonly Check[] {
  const cluster = clusterParts(inspector, config, surroundings);
  const quick = (name: string, zh: string, run: Check['run']): Check => ({ name, title: { en: name, zh }, timeoutMs: quickMs, run });
  const slow = (name: string, zh: string, run: Check['run']): Check => ({ ...quick(name, zh, run), timeoutMs: networkMs });
  return [
    quick('configuration', '配置', () => checkConfiguration(anyway, host)),
    quick('key', '密钥', () => checkKey(models)),
    slow('endpoint', '服务地址', (signal) => checkEndpoint(models, { signal, monotonic: host.monotonic, now: Date.now() })),
    slow('model', '模型', (signal) => checkModel(models, signal)),
    quick('kubectl', 'kubectl', async (signal) => judgeKubectl(await cluster.kubectl(signal))),
    quick('kubeconfig', 'kubeconfig', async (signal) => judgeKubeconfig(await cluster.kubeconfig(signal))),
    slow('cluster', '集群', (signal) => checkCluster(cluster, signal)),
    quick('state', '状态目录', () => checkState(config, surroundings)),
    quick('tools', '工具', () => checkTools(inspector, config, surroundings)),
    quick('mcp', 'MCP', () => checkMcp(inspector, config, surroundings)),
    quick('terminal', '终端', () => checkTerminal(host)),
  ];
}

/** Whether the file is there, nobody else can read its keys, and everything in it is understood. */
async function checkConfiguration({ loaded, broken }: LoadedAnyway, host: CliHost): Promise<Finding> {
  if (broken !== undefined) {
    const warnings = warningsOf(broken);
    const finding = findingOf(broken);
    const more = warnings.length === 0 ? '' : `; ${warnings.join('; ')}`;
    return { ...finding, message: { en: finding.message.en + more, zh: finding.message.zh + more } };
  }
  const path = loaded.config.configFile;
  if (loaded.warnings.length > 0) return { status: 'warn', message: both(loaded.warnings.join('; ')) };
  const file = await host.readFile(path);
  if (file === undefined)
    return {
      status: 'ok',
      message: { en: `none (${path}); defaults, variables and flags hold`, zh: `没有配置文件（${path}）；使用默认值、环境变量和参数` },
    };
  return { status: 'ok', message: both(`${path} (0${(file.mode & 0o777).toString(8)})`) };
}

/** What a check threw, as its finding. */
function findingOf(error: unknown): Finding {
  if (isKwError(error)) return { status: 'fail', message: { en: error.message, zh: chineseOf(error) } };
  return { status: 'fail', message: both(error instanceof Error ? error.message : String(error)) };
}

function toJson({ name, status, message, fix, durationMs }: Checked, language: 'en' | 'zh'): object {
  return { name, status, message: message[language], ...(fix === undefined ? {} : { fix: fix[language] }), durationMs };
}
