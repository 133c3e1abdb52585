import type { Config, LoadedConfig, Runtime } from '@kw/runtime';
import { allObservers, allowedModel, createPlaces, createRuntime, deleteOld, isKwError, loadReasons } from '@kw/runtime';
import type { mountMcp } from '@kw/mcp-server';
import { createAccessLog, createMetrics, startServer, startTraces } from '@kw/server';
import type { Metrics, RunningServer, RunningTraces, ServerOptions, Tokens } from '@kw/server';
import { exitCodes } from '../exit-code.ts';
import { safeText } from '../render/safe-text.ts';
import { tokenJudge } from './token-judge.ts';
import type { CommandContext } from './context.ts';

/** Serves the HTTP API until a signal; gives the exit code. `reload` reads the configuration anew, for the tokens in it. */
export async function serve(context: CommandContext, reload: () => Promise<LoadedConfig>): Promise<number> {
  const { host, surroundings, loaded, messages } = context;
  host.setTitle(`kubelet-wuhrai --user-interface=html ${loaded.config.listenAddress}`);
  const metrics = createMetrics(context.version);
  const traces = tracesOf(context);
  const runtime = await createRuntime(loaded.config, surroundings, {
    drainMs,
    observer: traces === undefined ? metrics.observer : allObservers([metrics.observer, traces.observer]),
    actsForOthers: true,
    writeAudit: context.host.stdout.write,
    onWarning: (message) => {
      host.stderr.write(`${messages.warning(safeText(message))}\n`);
    },
  });
  try {
    for (const warning of runtime.warnings) host.stderr.write(`${messages.warning(safeText(warning))}\n`);
    const missing = missingOf(runtime);
    if (isKwError(missing)) host.stderr.write(`${messages.warning(safeText(missing.message))}\n`);
    return await listen(runtime, { metrics, traces, reload, context });
  } finally {
    await runtime.close();
    await traces?.flush();
  }
}

/** Traces where the variables of OpenTelemetry ask for them; what is wrong with them stops nothing. */
function tracesOf({ host, surroundings, version, messages }: CommandContext): RunningTraces | undefined {
  const warn = (message: string): void => {
    host.stderr.write(`${messages.warning(safeText(message))}\n`);
  };
  try {
    return startTraces({ env: surroundings.env, version, warn });
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** How long the service lets turns end when it is told to stop. */
const drainMs = 8_000;

interface Parts {
  readonly metrics: Metrics;
  readonly traces: RunningTraces | undefined;
  readonly reload: () => Promise<LoadedConfig>;
  readonly context: CommandContext;
}

async function listen(runtime: Runtime, { metrics, traces, reload, context }: Parts): Promise<number> {
  const { host, surroundings, version } = context;
  const { config, models, runs, sessions, principal } = runtime;
  const judge = tokenJudge(runtime);
  const accessLog = config.accessLog === undefined ? undefined : createAccessLog(config.accessLog, host.stdout.write);
  const mcp = lazyMcp(runtime, surroundings);
  const inChinese = await loadReasons('zh');
  const server = await startServer({
    runs,
    sessions,
    local: principal,
    facts: {
      version,
      provider: models.current.provider,
      currentModel: models.current.id,
      defaultProvider: 'deepseek',
      models: async () => models.documented,
      status: async () => ({
        agent: agentStatus(runtime),
        tools: runtime.tools.length === 0 ? 'unavailable' : 'available',
        mcp_client: config.mcpClient ? 'enabled' : 'disabled',
      }),
      tools: async () => runtime.tools.map(({ name, description, kind, source }) => ({ name, description, source: source ?? kind })),
    },
    mcp: mcp.handle,
    checkStore: runtime.checkStore,
    sessionsOf: (by) => runtime.sessionsApiOf(by),
    outputs: runtime.outputs,
    language: config.language,
    reasonIn: (reason, language) => (language === 'zh' ? inChinese(reason) : reason),
    places: createPlaces(config, surroundings, runtime.targets),
    metrics: { exposition: () => metrics.exposition(), open: !config.metricsAuth },
    observer: {
      ...metrics.api,
      onRequest: (record) => {
        metrics.api.onRequest?.(record);
        traces?.api.onRequest?.(record);
        accessLog?.write(record);
      },
    },
    ...gateOf(runtime),
    ...(traces !== undefined && { traces }),
    limits: {
      turnsAtOnce: config.maxConcurrentRuns,
      ...(config.service.maxRunsPerUser === undefined ? {} : { turnsPerPerson: config.service.maxRunsPerUser }),
    },
    listenAddress: config.listenAddress,
    trustedProxies: config.service.trustedProxies,
    auth: {
      mode: config.auth === 'none' ? 'none' : config.auth === 'token' ? 'token' : 'verified',
      ...tokensOf(config),
      loopbackAuth: config.service.loopbackAuth,
      ...(judge.verify === undefined ? {} : { verify: judge.verify }),
      hosts: config.allowedHosts,
      corsOrigins: config.corsOrigins,
    },
    print: (line) => {
      host.stderr.write(`${line}\n`);
    },
    ...(host.userId === undefined ? {} : { uid: host.userId }),
  });
  const over = new AbortController();
  const caring = Promise.all([careFor(runtime, over.signal), mcp.guard(over.signal)]);
  const noHangup = host.onHangup(() => void replaceTokens(server, context, reload));
  try {
    await interrupted(host.interrupt);
  } finally {
    noHangup();
    over.abort();
    await server.stop();
    await mcp.close();
    accessLog?.close();
    await caring;
    await judge.close();
  }
  return exitCodes.answered;
}

function gateOf({ team, config, models }: Runtime): Pick<ServerOptions, 'gate' | 'killSwitch'> {
  if (team === undefined) return {};
  const admit: typeof team.admit = (by) => {
    allowedModel(config, models.current);
    return team.admit(by);
  };
  return { gate: { admit, checkRunning: team.checkRunning }, killSwitch: team.killSwitch };
}

const cleanEveryMs = 3_600_000;

/** Until the signal is aborted: cancels what runs when the kill switch is thrown, and deletes what is older than it may get. Never rejects. */
async function careFor({ team, runs, sessions, outputs, config, log }: Runtime, signal: AbortSignal): Promise<void> {
  const { retentionSeconds } = config.service;
  const clean = async (): Promise<void> => {
    if (retentionSeconds === undefined) return;
    try {
      const deleted = await deleteOld({ sessions, outputs }, Date.now() - retentionSeconds * 1000);
      if (deleted > 0) log(1, 'retention', { deleted });
    } catch (error) {
      log(0, 'retention-failed', { error: error instanceof Error ? error.message : String(error) });
    }
  };
  let cleaning = clean();
  const timer = setInterval(() => {
    cleaning = cleaning.then(clean);
  }, cleanEveryMs);
  try {
    await team?.guard(runs, signal);
  } finally {
    clearInterval(timer);
    await cleaning;
  }
}

/** MCP beside the API. */
interface LazyMcp {
  readonly handle: NonNullable<ServerOptions['mcp']>;
  /** Ends its sessions and what runs in them when the kill switch is thrown, until the signal is aborted. */
  readonly guard: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** MCP at `/mcp`, put together with its first request; its calls are kept and made as the service's questions are. */
function lazyMcp(runtime: Runtime, surroundings: CommandContext['surroundings']): LazyMcp {
  const begin = async (): Promise<{ readonly endpoint: Awaited<ReturnType<typeof mountMcp>>; readonly close: () => Promise<void> }> => {
    const [{ mountMcp: mount }, { createMcpServing }] = await Promise.all([import('@kw/mcp-server'), import('@kw/runtime')]);
    const serving = await createMcpServing(runtime.config, surroundings, { ...runtime, actsForOthers: true });
    const endpoint = await mount(serving);
    return {
      endpoint,
      close: async () => {
        await endpoint.close();
        await serving.close();
      },
    };
  };
  let begun: ReturnType<typeof begin> | undefined;
  const close = async (): Promise<void> => {
    const ending = begun;
    begun = undefined;
    await (await ending?.catch(() => undefined))?.close(); // told to whoever asked
  };
  return {
    handle: async (request, by, rights) => {
      begun ??= begin();
      return (await begun).endpoint.handle(request, by, rights);
    },
    guard: async (signal) => runtime.team?.killSwitch.watch(close, signal),
    close,
  };
}

function tokensOf({ authToken, service }: Config): Tokens {
  return { ...(authToken === undefined ? {} : { token: authToken }), tokens: service.tokens };
}

/** On SIGHUP. A configuration that is broken changes nothing. */
async function replaceTokens(
  server: RunningServer,
  { host, messages }: CommandContext,
  reload: () => Promise<LoadedConfig>,
): Promise<void> {
  try {
    const { config } = await reload();
    server.replaceTokens(tokensOf(config));
    host.stderr.write(`${messages.tokensReloaded(config.service.tokens.length + (config.authToken === undefined ? 0 : 1))}\n`);
  } catch (error) {
    host.stderr.write(`${messages.warning(safeText(messages.tokensKept(error instanceof Error ? error.message : String(error))))}\n`);
  }
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** `ready`, or the code of what is missing. */
function agentStatus(runtime: Runtime): string {
  const missing = missingOf(runtime);
  if (missing === undefined) return 'ready';
  return isKwError(missing) ? missing.code : 'unavailable';
}

/** Why no question could be answered; undefined where it could. */
function missingOf({ models }: Runtime): unknown {
  try {
    models.check();
    return undefined;
  } catch (error) {
    return error;
  }
}
