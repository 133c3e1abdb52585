/** Tells when something has come. */
export interface Arrivals {
  arrive(id: string): void;
  /** Resolves when it has come, at most a second later, or with the signal. */
  wait(id: string, signal: AbortSignal): Promise<void>;
}

const longestMs = 1_000;

/** Makes a place where one side waits for what the other side is to see first. */
export function createArrivals(): Arrivals {
  const arrived = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    arrive: (id) => {
      arrived.add(id);
      waiting.get(id)?.();
    },
    wait: (id, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(end, longestMs);
        if (arrived.has(id) || signal.aborted) return end();
        waiting.set(id, end);
        signal.addEventListener('abort', end, { once: true });
      }),
  };
}
