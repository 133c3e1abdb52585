import type { Principal, RunLimits, Runs, SessionStore } from '@kw/agent';
import { isKwError, KwError } from '@kw/agent';
import { bilingualError } from '../bilingual-error.ts';
import type { Config } from '../config/config.ts';
import { openAppendFile } from '../observe/append-file.ts';
import { openRunOf } from '../sessions/open-run.ts';
import type { TokenVault } from '../token-vault.ts';
import type { AuditSink } from './audit.ts';
import { who } from './audit.ts';
import { holdBudgets } from './hold-budgets.ts';
import { createKillSwitch } from './kill-switch.ts';
import type { KillState, KillSwitch } from './kill-switch.ts';
import { createRunPlaces } from './run-places.ts';
import type { Spending, Spent } from './spending.ts';
import { createSpending } from './spending.ts';
import { teamStore, tokenAtHand } from './team-store.ts';

/** What a service for several people holds them to. */
export interface Team {
  readonly sessions: SessionStore;
  readonly killSwitch: KillSwitch;
  /** Whether this person may ask, and how far. Throws KwError `stopped` or `budget-spent`. */
  admit(by: Principal): Promise<{ readonly limits?: Partial<RunLimits> }>;
  /** Throws KwError `stopped` while the kill switch is on. */
  checkRunning(): Promise<void>;
  /** Cancels what runs or is to run here while the kill switch is on, until the signal is aborted. */
  guard(runs: Runs, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** What a team is made of. */
export interface TeamOptions {
  readonly store: SessionStore;
  readonly vault?: TokenVault;
  readonly userId: number | undefined;
  /** Takes audit lines where they go to standard output. */
  readonly write?: (text: string) => void;
  readonly warn: (message: string) => void;
  readonly now?: () => number;
}

/** Makes what the configuration asks for. Throws KwError `bad-configuration` where the audit log can not be written: it was asked for by name. */
export function createTeam(config: Config, { store, vault, userId, write, warn, now = Date.now }: TeamOptions): Team {
  const { service, stateDirectory } = config;
  const killSwitch = createKillSwitch(service.killSwitch);
  const audit = service.auditLog === undefined ? undefined : openAudit(service.auditLog, userId, write);
  const hasBudget = service.dailyTokens !== undefined || service.dailyCost !== undefined;
  const spending = hasBudget ? createSpending(`${stateDirectory}/usage`, now) : undefined;
  const { sessions, driven } = teamStore(store, {
    places: createRunPlaces(store),
    isStopped: () => killSwitch.lastSeen().active,
    warn,
    now,
    ...(audit !== undefined && { audit }),
    ...(spending !== undefined && { spending }),
    ...(vault !== undefined && { mayDrive: tokenAtHand((by) => vault.has(by)) }),
  });
  const checkRunning = async (): Promise<void> => {
    const state = await killSwitch.state();
    if (state.active) throw stopped(state);
  };
  return {
    sessions,
    killSwitch: {
      ...killSwitch,
      set: async (active, options) => {
        const state = await killSwitch.set(active, options);
        const record = { time: new Date(now()).toISOString(), type: 'kill-switch', by: who(options.by), active, reason: options.reason };
        audit?.write(`${JSON.stringify(record)}\n`);
        return state;
      },
    },
    checkRunning,
    admit: async (by) => {
      await checkRunning();
      return spending === undefined ? {} : { limits: await limitsOf(by, spending, config) };
    },
    guard: async (runs, signal) => {
      const cancel = (session: string, reason: string): Promise<void> =>
        cancelOpen(session, { runs, store, reason }).catch(() => undefined); // it is looked at again
      const hold = async (): Promise<void> => {
        if (spending === undefined) return;
        await holdBudgets({
          driven,
          ownerOf: async (session) => (await store.get(session))?.owner,
          spentBy: (person) => whySpent(person, spending, config),
          cancel,
        }).catch(() => undefined); // a store or a ledger that is not there for a moment
      };
      const timer = setInterval(() => void hold(), holdMs);
      timer.unref();
      try {
        await killSwitch.watch(async (state) => {
          const waiting = await store.claimable(maxCancelled).catch(() => []); // begun, and driven by nobody yet
          await Promise.all([...new Set([...driven(), ...waiting])].map((session) => cancel(session, stopped(state).message)));
        }, signal);
      } finally {
        clearInterval(timer);
      }
    },
    close: () => audit?.close(),
  };
}

const maxCancelled = 1_000;
const holdMs = 1_000;

async function whySpent(by: Principal, spending: Spending, config: Config): Promise<string | undefined> {
  try {
    await limitsOf(by, spending, config);
    return undefined;
  } catch (error) {
    if (isKwError(error) && error.code === 'budget-spent') return error.message;
    throw error;
  }
}

function stopped({ reason }: KillState): KwError {
  return new KwError(
    'stopped',
    `The service was stopped by its kill switch${reason === undefined ? '' : `: ${reason}`}. Nothing runs until it is switched off.`,
  );
}

async function cancelOpen(
  session: string,
  { runs, store, reason }: { readonly runs: Runs; readonly store: SessionStore; readonly reason: string },
): Promise<void> {
  const owner = (await store.get(session))?.owner;
  if (owner === undefined) return;
  const run = await openRunOf(store, session, owner);
  if (run !== undefined && run !== 'unknown-session') await runs.cancel(run, owner, reason);
}

/** What is left of the day, as limits of the next run. */
async function limitsOf(by: Principal, spending: Spending, { service, maxTokens, maxCost }: Config): Promise<Partial<RunLimits>> {
  const spent = await spending.of(by);
  const { dailyTokens, dailyCost } = service;
  const money = mostOf(spent);
  const untilMs = spending.untilTomorrow();
  if (dailyTokens !== undefined && spent.tokens >= dailyTokens)
    throw budgetSpent(untilMs, {
      en: `${spent.tokens} of ${dailyTokens} tokens`,
      zh: `${spent.tokens}/${dailyTokens} 个令牌`,
      setting: 'daily-tokens',
    });
  if (dailyCost !== undefined && money.amount >= dailyCost)
    throw budgetSpent(untilMs, {
      en: `${money.amount.toFixed(4)} of ${dailyCost} ${money.currency}`,
      zh: `${money.amount.toFixed(4)}/${dailyCost} ${money.currency}`,
      setting: 'daily-cost',
    });
  return {
    ...(dailyTokens !== undefined && { tokens: Math.min(maxTokens ?? Number.POSITIVE_INFINITY, dailyTokens - spent.tokens) }),
    ...(dailyCost !== undefined && { cost: Math.min(maxCost ?? Number.POSITIVE_INFINITY, dailyCost - money.amount) }),
  };
}

/** The currency of which most was spent: sums of several are not added up. */
function mostOf({ money }: Spent): { readonly amount: number; readonly currency: string } {
  const [most] = [...money].toSorted(([, a], [, b]) => b - a);
  return { amount: most?.[1] ?? 0, currency: most?.[0] ?? '' };
}

function budgetSpent(
  untilMs: number,
  { en, zh, setting }: { readonly en: string; readonly zh: string; readonly setting: string },
): KwError {
  const seconds = Math.max(1, Math.ceil(untilMs / 1000));
  return bilingualError(
    'budget-spent',
    {
      en: `Your budget of today is spent: ${en}. It begins anew at 00:00 UTC; whoever runs the service can raise ${setting}.`,
      zh: `今天的额度已用完：${zh}。UTC 零点重新开始；服务管理员可调高 ${setting}。`,
    },
    { details: { retryAfterSeconds: seconds } },
  );
}

function openAudit(place: string, userId: number | undefined, write: TeamOptions['write']): AuditSink {
  if (place === '-') return { write: (line) => write?.(line), close: () => undefined };
  try {
    const file = openAppendFile(place, userId);
    return {
      write: (line) => {
        file.write(line);
        file.flush();
      },
      close: () => file.close(),
    };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw bilingualError('bad-configuration', { en: `audit-log: ${said}`, zh: `audit-log:${said}` }, { cause });
  }
}
