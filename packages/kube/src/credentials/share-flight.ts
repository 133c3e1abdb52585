/** One running task that several callers wait for. */
export interface SharedFlight<Value> {
  /** Starts the task, or waits for the one under way. Leaving by one's own signal ends the task only where nobody else waits. */
  join(signal?: AbortSignal): Promise<Value>;
  /** Aborts the task under way. */
  close(): void;
}

/** Shares one run of a task between all who ask while it runs. */
export function shareFlight<Value>(task: (signal: AbortSignal) => Promise<Value>): SharedFlight<Value> {
  let flight: { readonly result: Promise<Value>; readonly abort: AbortController; waiting: number } | undefined;
  return {
    join: async (signal) => {
      signal?.throwIfAborted();
      const mine = (flight ??= launch());
      mine.waiting += 1;
      try {
        return await raceAbort(mine.result, signal);
      } finally {
        mine.waiting -= 1;
        if (mine.waiting === 0) {
          mine.abort.abort();
          if (flight === mine) flight = undefined;
        }
      }
    },
    close: () => flight?.abort.abort(),
  };

  function launch(): NonNullable<typeof flight> {
    const abort = new AbortController();
    const result = task(abort.signal);
    const launched = { result, abort, waiting: 0 };
    const land = (): void => {
      if (flight === launched) flight = undefined;
    };
    result.then(land, land);
    return launched;
  }
}

/** Waits for a promise, but leaves with the signal's reason as soon as it is aborted. */
export async function raceAbort<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const { promise: left, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, left]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
