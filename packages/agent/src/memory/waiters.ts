/** People who wait for a key to be woken. */
export interface Waiters {
  wait(key: string, options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<void>;
  wake(key: string): void;
}

/** Makes an empty waiting room. */
export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wait: (key, { signal, timeoutMs }) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const others = waiting.get(key) ?? new Set();
        waiting.set(key, others);
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          others.delete(done);
          if (others.size === 0 && waiting.get(key) === others) waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        signal?.addEventListener('abort', done);
        others.add(done);
      }),
    wake: (key) => {
      for (const done of waiting.get(key) ?? []) done();
    },
  };
}
