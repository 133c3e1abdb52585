import type { ChatModel } from '@kw/providers';
import { type Clock, systemClock } from '../clock.ts';
import { defined } from '../defined.ts';
import type { RunLimits, RunSettings } from '../entry.ts';
import { createExecutor } from '../executor/executor.ts';
import type { TakeSlot } from '../executor/slots.ts';
import { type Random, systemRandom } from '../ids.ts';
import { createLogReader } from '../log/log-reader.ts';
import { createMessageRedactor } from '../loop/redact-message.ts';
import type { Approve } from '../loop/scope.ts';
import { memorySessionStore } from '../memory/memory-session-store.ts';
import { memoryOutputStore } from '../output/memory-output-store.ts';
import { readOutputTool } from '../output/read-output.ts';
import type { Sha256 } from '../output/sha256.ts';
import type { OutputStore } from '../output-store.ts';
import { createRedactor, type Redactor } from '../redact/redactor.ts';
import type { Runs } from '../runs.ts';
import type { SessionStore } from '../session-store.ts';
import type { TargetSource } from '../target.ts';
import type { Tool } from '../tool.ts';
import { answerApproval } from './answer.ts';
import { cancelRun } from './cancel.ts';
import { driveAll, driveOne } from './claim.ts';
import type { RunsDeps } from './deps.ts';
import { checkCursor } from './follow-cursor.ts';
import { followRun } from './follow.ts';
import { compactSession } from './compact.ts';
import { grantsOf, revokeGrant } from './grants.ts';
import { withOverlay } from './overlay-store.ts';
import { startRun } from './start.ts';
import { stateOf } from './state.ts';

/** What runs are made of. */
export interface RunsOptions {
  /** The model of a run by its reference; may throw KwError, which is then the run's outcome. */
  readonly models: (ref: { readonly provider: string; readonly id: string }) => ChatModel | Promise<ChatModel>;
  /** The tools, or what they are at the moment; `read_output` is added. */
  readonly tools: readonly Tool[] | (() => readonly Tool[]);
  /** What a run is made with where its input says nothing else. */
  readonly settings: Pick<RunSettings, 'model'> & {
    readonly [K in keyof RunSettings]?: K extends 'limits' ? { readonly [L in keyof RunLimits]?: RunLimits[L] } : RunSettings[K];
  };
  /** Default: in memory. */
  readonly store?: SessionStore;
  /** Default: in memory. */
  readonly outputs?: OutputStore;
  /** Default: the first tool's. */
  readonly targets?: TargetSource;
  readonly redactor?: Redactor;
  /** Answers questions in this process. */
  readonly approve?: Approve;
  /** How long an open question is waited for before the run parks. Default 60 s. */
  readonly approvalWaitMs?: number;
  /** How long a question stays open. Default 10 min. */
  readonly approvalTtlMs?: number;
  /** How long a session stays held when its process dies; before a change it is 12 s. Default 4 s, renewed at each third. */
  readonly leaseTtlMs?: number;
  /** How often the store is looked at where no hint comes. Default 1 s. */
  readonly pollMs?: number;
  /** Default 64. */
  readonly maxRunsAtOnce?: number;
  /** How long `drive` lets runs go on after its signal was aborted. Default 0. */
  readonly drainMs?: number;
  /** Gives each call its place among those that run at once, such as {@link fairSlots} does. Default: all run at once. */
  readonly takeSlot?: TakeSlot;
  /** Makes digests of outputs, such as Node's; default a portable one, which takes longer over gigabytes. */
  readonly sha256?: () => Sha256;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Limits where nothing else is said. */
export const defaultLimits: RunLimits = { iterations: 20, equalCalls: 5 };

/** Makes runs over a store: start, follow, answer, cancel and drive, in any process that has the same store. */
export function createRuns(options: RunsOptions): Runs {
  const deps = depsOf(options);
  return {
    start: (input, by) => startRun(input, by, deps),
    follow: (run, follow = {}) => followRun(run, follow, deps),
    checkCursor: (session, cursor) => checkCursor(session, cursor, deps),
    answer: (approvalId, decision, by) => answerApproval(approvalId, { decision, by }, deps),
    cancel: (run, by, reason = 'cancelled by the user') => cancelRun(run, { by, reason }, deps),
    drive: (signal) => driveAll(deps, signal),
    driveSession: (session, signal) => driveOne(session, deps, signal),
    state: (run, by) => stateOf(run, by, deps),
    grants: (session, by) => grantsOf(session, by, deps),
    revokeGrant: (session, grantId, by) => revokeGrant(session, { grantId, by }, deps),
    compact: (session, by, { signal } = {}) => compactSession(session, { by, signal }, deps),
  };
}

function depsOf(options: RunsOptions): RunsDeps {
  const { outputs = memoryOutputStore(), redactor = createRedactor(), clock = systemClock, random = systemRandom } = options;
  const store = withOverlay(options.store ?? memorySessionStore(), clock);
  const given = options.tools;
  const reader = readOutputTool();
  const tools = (): readonly Tool[] => withReader(typeof given === 'function' ? given() : given, reader);
  const targets = options.targets ?? tools().find((tool) => tool.targets !== undefined)?.targets;
  return {
    store,
    logs: createLogReader(store),
    outputs,
    redactor,
    redactMessage: createMessageRedactor(redactor),
    clock,
    random,
    tools,
    models: options.models,
    executor: createExecutor(),
    settings: settingsOf(options.settings),
    approvalWaitMs: options.approvalWaitMs ?? 60_000,
    approvalTtlMs: options.approvalTtlMs ?? 600_000,
    leaseTtlMs: options.leaseTtlMs ?? 4_000,
    pollMs: options.pollMs ?? 1_000,
    maxRunsAtOnce: options.maxRunsAtOnce ?? 64,
    drainMs: options.drainMs ?? 0,
    unwritable: store.unwritable,
    ...defined({ targets, approve: options.approve, sha256: options.sha256, takeSlot: options.takeSlot }),
  };
}

function settingsOf({ limits, ...settings }: RunsOptions['settings']): RunSettings {
  return {
    policy: { mode: 'ask-writes', rules: [] },
    approvals: 'ask',
    ...defined(settings),
    limits: { ...defaultLimits, ...defined({ ...limits }) },
  };
}

function withReader(tools: readonly Tool[], reader: Tool): readonly Tool[] {
  return tools.some((tool) => tool.name === reader.name) ? tools : [...tools, reader];
}
