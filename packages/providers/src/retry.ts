import { wordsOf } from './explain-error.ts';
import type { Failure, RetryClass } from './failure.ts';
import type { Language } from './language.ts';
import { formatWait } from './retry-after.ts';
import type { Words } from './words/words.ts';

/** How often and how long one kind of failure is repeated. */
export interface RetryBudget {
  readonly attempts: number;
  readonly budgetMs: number;
}

/** The budgets of the kinds of failure that may pass. */
export interface RetryLimits {
  /** 429, 5xx and 529. */
  readonly busy: RetryBudget;
  /** No connection, or one that broke before the answer. */
  readonly connection: RetryBudget;
  /** An answer that broke off, or was empty. */
  readonly interrupted: RetryBudget;
  /** The first wait; each further one is twice as long. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** At most 5 attempts in 60 s, 3 in 20 s, and 2. */
export const defaultRetryLimits: RetryLimits = {
  busy: { attempts: 5, budgetMs: 58_000 },
  connection: { attempts: 3, budgetMs: 19_000 },
  interrupted: { attempts: 2, budgetMs: 600_000 },
  baseDelayMs: 500,
  maxDelayMs: 8_000,
};

/** What was tried so far; a value, never changed. */
export interface RetryTally {
  /** When the first attempt began, and the one that just failed, on the monotonic clock. */
  readonly startedMs: number;
  readonly attemptStartedMs: number;
  readonly attempts: number;
  readonly byClass: Readonly<Record<RetryClass, number>>;
}

/** When and with what chance the decision is made. */
export interface RetryConditions {
  readonly nowMs: number;
  readonly random: () => number;
  readonly limits?: RetryLimits;
}

/** The tally before the first attempt. */
export function startTally(nowMs: number): RetryTally {
  return { startedMs: nowMs, attemptStartedMs: nowMs, attempts: 1, byClass: { never: 0, busy: 0, connection: 0, interrupted: 0 } };
}

/** The tally when the next attempt begins. */
export function nextTally(tally: RetryTally, failed: RetryClass, nowMs: number): RetryTally {
  return {
    ...tally,
    attemptStartedMs: nowMs,
    attempts: tally.attempts + 1,
    byClass: { ...tally.byClass, [failed]: tally.byClass[failed] + 1 },
  };
}

/**
 * The one decision: how long to wait before the next attempt, in milliseconds, or undefined to give up.
 * A wait that the vendor asks for is kept, with up to a tenth more so that clients do not come back together;
 * one that does not fit the budget is not begun, and no attempt that would probably end after it.
 */
export function retryDelay(
  failure: Failure,
  tally: RetryTally,
  { nowMs, random, limits = defaultRetryLimits }: RetryConditions,
): number | undefined {
  if (failure.retry === 'never') return undefined;
  const { attempts, budgetMs } = limits[failure.retry];
  if (tally.byClass[failure.retry] + 1 >= attempts || tally.attempts >= Math.max(attempts, limits.busy.attempts)) return undefined;
  const backoff = Math.min(limits.maxDelayMs, limits.baseDelayMs * 2 ** tally.byClass[failure.retry]);
  const asked = failure.retryAfterMs;
  const delay = asked === undefined ? backoff * (0.5 + random() / 2) : asked * (1 + random() / 10);
  const lastAttemptMs = failure.retry === 'interrupted' ? 0 : nowMs - tally.attemptStartedMs;
  return nowMs - tally.startedMs + delay + lastAttemptMs > budgetMs ? undefined : Math.round(delay);
}

/** What is told to people while a retry waits. */
export function retryMessage(failure: Failure, delayMs: number, language: Language = 'en'): string {
  const { retry } = wordsOf(language);
  const when = delayMs < 1 ? retry.now : retry.in(formatWait(delayMs));
  return `${reasonOf(failure, retry)}${language === 'zh' ? '，' : ', '}${when}`;
}

function reasonOf(failure: Failure, retry: Words['retry']): string {
  switch (failure.code) {
    case 'rate-limited':
      return retry.rateLimited;
    case 'overloaded':
      return retry.overloaded;
    case 'server-error':
      return retry.serverError;
    case 'empty-answer':
      return retry.empty;
    default:
      return failure.retry === 'connection' ? retry.noConnection : retry.brokeOff;
  }
}
