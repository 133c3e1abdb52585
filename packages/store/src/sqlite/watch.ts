/** Waiting for changes by key, with hints from this process and a poll for those of others. */
export interface Watch {
  /** Resolves at a hint, an abort or after `timeoutMs`. */
  wait(key: string, options: { readonly signal?: AbortSignal | undefined; readonly timeoutMs: number }): Promise<void>;
  wake(key: string): void;
  /** Wakes all, for good. */
  close(): void;
}

/** What a poll finds. */
export interface Poll {
  /** Takes today's state as the one to compare with. */
  start(): void;
  /** Calls `wake` for each key that may have changed. */
  look(wake: (key: string) => void, all: () => void): void;
}

/** Waits of this length or more have no timer of their own: they end with a look at the clock, up to `sweepMs` late. */
const longMs = 500;
const sweepMs = 100;

interface Waiter {
  readonly done: () => void;
  /** On the monotonic clock; infinite where a timer watches over it. */
  readonly until: number;
}

/** Makes a watch that polls only while somebody waits. */
export function createWatch(poll: Poll, { intervalMs = 25 }: { readonly intervalMs?: number } = {}): Watch {
  const waiting = new Map<string, Set<Waiter>>();
  const byAbort = createAborts();
  let sweptAt = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let closed = false;

  const wake = (key: string): void => {
    for (const { done } of waiting.get(key) ?? []) done();
  };
  const sweep = (now: number): void => {
    sweptAt = now;
    for (const waiters of waiting.values()) for (const { done, until } of waiters) if (until <= now) done();
  };
  const wakeAll = (): void => {
    for (const key of waiting.keys()) wake(key);
  };
  /** Goes on for one more interval where nobody waits: whoever was woken mostly waits again at once. */
  const look = (): void => {
    if (waiting.size > 0) {
      const now = performance.now();
      if (now - sweptAt >= sweepMs) sweep(now);
      return poll.look(wake, wakeAll);
    }
    clearInterval(timer);
    timer = undefined;
  };

  return {
    wait: (key, { signal, timeoutMs }) =>
      new Promise((resolve) => {
        if (closed || signal?.aborted === true) return resolve();
        const done = (): void => {
          clearTimeout(timeout);
          if (signal !== undefined) byAbort.of(signal).delete(done);
          const others = waiting.get(key);
          others?.delete(waiter);
          if (others?.size === 0) waiting.delete(key);
          if (waiting.size === 0) timer?.unref();
          resolve();
        };
        const isLong = timeoutMs >= longMs;
        const timeout = isLong ? undefined : setTimeout(done, timeoutMs);
        const waiter: Waiter = { done, until: isLong ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY };
        if (signal !== undefined) byAbort.of(signal).add(done);
        if (timer === undefined) {
          poll.start();
          timer = setInterval(look, intervalMs);
        } else if (waiting.size === 0) timer.ref();
        const others = waiting.get(key);
        if (others === undefined) waiting.set(key, new Set([waiter]));
        else others.add(waiter);
      }),
    wake,
    close: () => {
      closed = true;
      wakeAll();
      clearInterval(timer);
    },
  };
}

/** Who is to be told of which abort. A signal has one listener for all its waits: to add and remove one each time costs more than the wait. */
function createAborts(): { of(signal: AbortSignal): Set<() => void> } {
  const known = new WeakMap<AbortSignal, Set<() => void>>();
  return {
    of: (signal) => {
      const before = known.get(signal);
      if (before !== undefined) return before;
      const waits = new Set<() => void>();
      known.set(signal, waits);
      signal.addEventListener('abort', () => {
        for (const done of waits) done();
      });
      return waits;
    },
  };
}
