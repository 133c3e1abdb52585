import type { Clock } from '../clock.ts';

/** Keys to be looked at, each once, in the order in which they came. */
export interface WorkQueue {
  add(controller: string, key: string): void;
  /** Runs up to `limit` entries; true where some are left. */
  run(limit: number): boolean;
  size(): number;
}

/** The first wait after a failure and the longest, in milliseconds (those of client-go's default rate limiter). */
const firstRetryMs = 5;
const longestRetryMs = 1_000_000;

/** What a queue needs. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly sync: (controller: string, key: string) => void;
  /** Whether a failure is one of the API's: it is tried again, others end the process. */
  readonly expected: (error: unknown) => boolean;
  /** Tries again later. */
  readonly retry: (ms: number, task: () => void) => void;
  /** Is called when the first entry comes into an empty queue. */
  readonly wake: () => void;
}

/** A queue that tries failed entries again, each time after twice the time. */
export function createWorkQueue({ sync, expected, retry, wake }: WorkQueueOptions): WorkQueue {
  const entries = new Map<string, readonly [controller: string, key: string]>();
  const failures = new Map<string, number>();
  const add = (controller: string, key: string): void => {
    const id = `${controller} ${key}`;
    if (entries.has(id)) return;
    entries.set(id, [controller, key]);
    if (entries.size === 1) wake();
  };
  const one = (id: string, controller: string, key: string): void => {
    try {
      sync(controller, key);
      failures.delete(id);
    } catch (error) {
      if (!expected(error)) throw error;
      const count = failures.get(id) ?? 0;
      failures.set(id, count + 1);
      retry(Math.min(firstRetryMs * 2 ** count, longestRetryMs), () => add(controller, key));
    }
  };
  return {
    add,
    size: () => entries.size,
    run(limit) {
      let left = limit;
      for (const [id, [controller, key]] of entries) {
        if (left-- <= 0) break;
        entries.delete(id);
        one(id, controller, key);
      }
      return entries.size > 0;
    },
  };
}
