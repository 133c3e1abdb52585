import type {
  AgentEvent,
  Approve,
  OutputStore,
  Policy,
  Principal,
  RunInput,
  RunRef,
  Runs,
  SessionStore,
  TakeSlot,
  TargetSource,
  Redactor,
} from '@kw/agent';
import { createRedactor, createRuns, memoryOutputStore } from '@kw/agent';
import { preload } from '@kw/providers';
import { conduct } from './conduct.ts';
import type { ConductOptions } from './conduct.ts';
import type { Config } from './config/config.ts';
import { notKept, notWritten, outputsInMemory } from './config/notice.ts';
import { withFallback } from './fallback-outputs.ts';
import type { RuntimeHost } from './host.ts';
import type { ListedTool } from './listed-tool.ts';
import type { McpEquipmentOptions } from './mcp.ts';
import type { ServedEquipment, ServerScope } from './mcp-runs.ts';
import { createModels } from './models.ts';
import type { Models } from './models.ts';
import type { Logger } from './observe/logger.ts';
import { allObservers, observeStore } from './observe/observe-store.ts';
import type { Observer } from './observe/observer.ts';
import type { Observing, ObservingOptions } from './observe/start-observing.ts';
import { openStore, withoutLog } from './open-store.ts';
import type { OpenStore } from './open-store.ts';
import { localPrincipal } from './principal.ts';
import { createSecrets } from './secrets.ts';
import { rememberReaders } from './session-of-reader.ts';
import { allowedModel } from './team/allowed-model.ts';
import type { Team, TeamOptions } from './team/create-team.ts';
import { createTokenVault } from './token-vault.ts';
import type { TokenVault } from './token-vault.ts';
import { toolPlaces } from './tool-places.ts';
import { createEquipment } from './tools.ts';
import type { Equipment, EquipmentOverrides } from './tools.ts';
import { createSessionsApi } from './sessions/create-sessions-api.ts';
import { isBusy, openRunOf, sessionsOf } from './sessions/open-run.ts';
import type { SessionsApi } from './sessions/sessions-api.ts';
import { nodeSha256 } from './sha256.ts';

/** Everything concrete, put together once. */
export interface Runtime {
  readonly config: Config;
  readonly models: Models;
  readonly runs: Runs;
  readonly sessions: SessionStore;
  readonly outputs: OutputStore;
  /** Why nothing can be kept; then nothing may be changed either. */
  readonly broken?: string;
  /** Resolves where sessions can be written; rejects with the reason while that fails. */
  checkStore(): Promise<void>;
  /** The sessions of the user of this process. */
  readonly sessionsApi: SessionsApi;
  /** The sessions of somebody else, such as a user of the service. */
  sessionsApiOf(by: Principal): SessionsApi;
  /** Takes secrets out of what is shown or written. */
  readonly redactor: Redactor;
  /** Writes a line to the log, where there is one. */
  readonly log: Logger['log'];
  readonly targets: TargetSource;
  /** Where tokens that users bring along are kept, where their cluster is asked with them. */
  readonly vault?: TokenVault;
  /** What a service for several people holds them to; with {@link RuntimeOptions.actsForOthers}. */
  readonly team?: Team;
  /** The places of commands that run at once in this process; with {@link RuntimeOptions.actsForOthers}. */
  readonly takePlace?: TakeSlot;
  /** What the model may use, for people. */
  readonly tools: readonly ListedTool[];
  /** The user of this process. */
  readonly principal: Principal;
  /** What people should know before the first question. */
  readonly warnings: readonly string[];
  /** Starts a run, drives it here and gives its events. */
  run(input: RunInput, options?: ConductOptions): AsyncIterable<AgentEvent>;
  /** Goes on with a run here. */
  resume(run: RunRef, options?: ConductOptions): AsyncIterable<AgentEvent>;
  /** The run of a session that has not ended. */
  openRun(session: string): Promise<RunRef | 'unknown-session' | undefined>;
  /** True while another process drives a session, or seems to: one that was killed is waited for. */
  isBusy(session: string): Promise<boolean>;
  /** This user's latest session that has something open, or else the latest one. */
  latestSession(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** What may differ from the configuration. */
export interface RuntimeOptions extends EquipmentOverrides {
  /** Asks the person in front of this process. */
  readonly approve?: Approve;
  /** How long a question is waited for before its run parks, in milliseconds. */
  readonly approvalWaitMs?: number;
  /** How long a session is held without a sign of life, in milliseconds: after a crash another process must wait for so long. */
  readonly leaseTtlMs?: number;
  /** Takes what people should know later than {@link Runtime.warnings}: a log or a trace that can no longer be written. */
  readonly onWarning?: (message: string) => void;
  /** Sees what happens in this process, beside log and trace. */
  readonly observer?: Observer;
  /** Asks the person in front for what an MCP server wants to know; absent: it is asked in the log of the run, as an approval is. */
  readonly askForServer?: NonNullable<McpEquipmentOptions['ask']>;
  /** How long runs may go on when `drive` is told to stop, in milliseconds. */
  readonly drainMs?: number;
  /** Takes audit lines where they go to standard output. */
  readonly writeAudit?: (text: string) => void;
}

/** Puts the program together: model, clusters, tools, store, runs. Opens the store; asks no model and no cluster. */
export async function createRuntime(config: Config, host: RuntimeHost, options: RuntimeOptions = {}): Promise<Runtime> {
  const { approve, approvalWaitMs, leaseTtlMs, drainMs, onWarning, observer: others, askForServer, writeAudit, ...overrides } = options;
  void preload().catch(() => undefined); // the model's first request reports what is wrong
  const lateWarnings: string[] = [];
  const warn = (message: string): void => {
    if (onWarning === undefined) lateWarnings.push(message);
    else onWarning(message);
  };
  const observing = await observe(config, host, {
    redact: (text) => redactor.text(text),
    warn,
  });
  const observers = [observing?.observer, others].filter((one) => one !== undefined);
  const observer = observers.length > 1 ? allObservers(observers) : observers[0];
  const models = createModels(config, host, observer);
  const readers = rememberReaders();
  const opening = openStore(config, {
    onUnavailable: ({ message }) => {
      observing?.logger.log(0, 'store-unavailable', { error: message });
      if (overrides.actsForOthers === true) warn(notWritten(message)[config.language]); // a run tells its own person by itself
    },
  });
  const vault = config.service.clusterIdentity === 'pass-through' ? createTokenVault() : undefined;
  const own = createEquipment(config, host, {
    ...overrides,
    apiKeys: models.secrets,
    sessionOf: readers.sessionOf,
    ...(vault === undefined ? {} : { vault }),
  });
  const equipping = withServers(own, { config, host }, { warn, ...(askForServer === undefined ? {} : { ask: askForServer }) });
  const [equipment, store] = await Promise.all([equipping, opening]).catch(async (error: unknown) => {
    await opening.then(
      (opened) => opened.close(),
      () => undefined,
    );
    throw error;
  });
  const outputs = readers.watch(
    withFallback(store.outputs, { memory: memoryOutputStore(), warn: (reason) => warn(outputsInMemory(reason)[config.language]) }),
  );
  const team = overrides.actsForOthers === true ? await teamFor(config, { store, vault, host, write: writeAudit, warn }) : undefined;
  const takePlace = team === undefined ? undefined : toolPlaces(config.service.maxToolProcesses);
  const kept = team?.sessions ?? store.sessions;
  const sessions = observer === undefined ? kept : observeStore(kept, observer);
  const principal = localPrincipal(host);
  const secrets = createSecrets([...models.secrets, ...equipment.secrets], () => [...models.tokens(), ...equipment.learned()]);
  const targets = secrets.watch(equipment.targets);
  const redactor = createRedactor({ secrets: secrets.values, reveal: config.showSecrets });
  observing?.logger.log(1, 'start', { version: host.version, model: `${models.current.provider}/${models.current.id}` });
  const policy: Policy = { mode: config.permissions, rules: config.rules, allowDangerous: config.dangerouslyAllow };
  const made = createRuns({
    models: (ref) => models.lookup(allowedModel(config, ref)),
    tools: equipment.toolsNow,
    targets,
    store: sessions,
    outputs,
    redactor,
    sha256: nodeSha256,
    settings: {
      model: models.current,
      policy: store.broken === undefined ? policy : withoutLog(policy, store.broken),
      limits: {
        iterations: config.maxIterations,
        ...(config.maxTokens === undefined ? {} : { tokens: config.maxTokens }),
        ...(config.maxCost === undefined ? {} : { cost: config.maxCost }),
        ...(config.timeoutSeconds === undefined ? {} : { seconds: config.timeoutSeconds }),
      },
    },
    ...(approve === undefined ? {} : { approve }),
    ...(approvalWaitMs === undefined ? {} : { approvalWaitMs }),
    ...(leaseTtlMs === undefined ? {} : { leaseTtlMs }),
    ...(drainMs === undefined ? {} : { drainMs }),
    maxRunsAtOnce: config.maxConcurrentRuns,
    ...(takePlace === undefined ? {} : { takeSlot: slotsFor(equipment, takePlace) }),
  });
  // Secrets that somebody pastes or pipes in are known from then on, whichever way the question came.
  const runs: Runs = {
    ...made,
    start: (input, by) => {
      equipment.learnFrom(input.text);
      return made.start(input, by);
    },
  };
  const sessionsApiOf = (by: Principal): SessionsApi =>
    createSessionsApi({ store: sessions, outputs, redactor, by, language: config.language });
  return {
    config,
    models,
    runs,
    sessions,
    outputs,
    ...(store.broken === undefined ? {} : { broken: store.broken }),
    checkStore: store.check,
    sessionsApi: sessionsApiOf(principal),
    sessionsApiOf,
    redactor,
    log: (level, event, fields) => observing?.logger.log(level, event, fields),
    targets,
    ...(vault === undefined ? {} : { vault }),
    ...(team === undefined ? {} : { team }),
    ...(takePlace === undefined ? {} : { takePlace }),
    tools: equipment.listed,
    principal,
    warnings: [
      ...models.warnings,
      ...equipment.warnings,
      ...lateWarnings,
      ...(store.broken === undefined ? [] : [notKept(store.broken)[config.language]]),
    ],
    run: async function* (input, conducted) {
      const text = await equipment.expand(input.text, conducted?.signal);
      yield* conduct(runs, await runs.start({ ...input, text }, principal), principal, conducted);
    },
    resume: (run, conducted) => conduct(runs, run, principal, { ...(approve === undefined ? {} : { approve }), ...conducted }),
    openRun: (session) => openRunOf(sessions, session, principal),
    isBusy: (session) => isBusy(sessions, session),
    latestSession: () => sessionsOf(sessions, principal),
    close: async () => {
      await equipment.close();
      await store.close();
      await models.close();
      observer?.close();
      team?.close();
    },
  };
}

/** Commands of this machine take places; what servers do takes none. */
function slotsFor({ listed }: ServedEquipment, take: TakeSlot): TakeSlot {
  const starting = new Set(listed.filter(({ kind }) => kind !== 'mcp').map(({ name }) => name));
  return async (wish, signal) => (starting.has(wish.tool) ? take(wish, signal) : () => undefined);
}

interface TeamScope extends Pick<TeamOptions, 'warn'> {
  readonly store: OpenStore;
  readonly vault: TokenVault | undefined;
  readonly host: RuntimeHost;
  readonly write: TeamOptions['write'];
}

async function teamFor(config: Config, { store, vault, host, write, warn }: TeamScope): Promise<Team> {
  try {
    const { createTeam } = await import('./team/create-team.ts');
    const team = createTeam(config, {
      store: store.sessions,
      userId: host.userId,
      warn,
      ...(vault === undefined ? {} : { vault }),
      ...(write === undefined ? {} : { write }),
    });
    await team.killSwitch.state(); // before anything is driven
    return team;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Equipment with the tools of MCP servers, where they are wanted. */
async function withServers(
  own: Promise<Equipment>,
  surroundings: { readonly config: Config; readonly host: RuntimeHost },
  scope: ServerScope,
): Promise<ServedEquipment> {
  if (!surroundings.config.mcpClient) {
    const equipment = await own;
    return { ...equipment, toolsNow: () => equipment.tools, expand: async (text) => text };
  }
  const { equipWithServers } = await import('./mcp-runs.ts');
  return equipWithServers(own, surroundings, scope);
}

/** The log and the trace, where one was asked for. */
async function observe(config: Config, host: RuntimeHost, options: ObservingOptions): Promise<Observing | undefined> {
  if (!config.isLogged && config.tracePath === undefined) return undefined;
  const { startObserving } = await import('./observe/start-observing.ts');
  return startObserving(config, host, options);
}
