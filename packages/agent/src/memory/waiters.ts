/** People who wait for a key to be woken. */
export interface Waiters {
  wait(key: string, options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<void>;
  /** Has `woken` called at each waking until it leaves by what this returns. */
  join(key: string, woken: () => void): () => void;
  wake(key: string): void;
}

/** Makes an empty waiting room. */
export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>();
  const join = (key: string, woken: () => void): (() => void) => {
    const others = waiting.get(key) ?? new Set();
    waiting.set(key, others);
    others.add(woken);
    return () => {
      others.delete(woken);
      if (others.size === 0 && waiting.get(key) === others) waiting.delete(key);
    };
  };
  return {
    join,
    wait: (key, { signal, timeoutMs }) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          leave();
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        signal?.addEventListener('abort', done);
        const leave = join(key, done);
      }),
    wake: (key) => {
      for (const done of waiting.get(key) ?? []) done();
    },
  };
}
