/** Waits for one promise after the other, each no longer than a signal lets. */
export interface AbortRace {
  /** The promise's outcome, or a rejection with the signal's own reason as soon as it is aborted. One at a time. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** To be called when nothing is waited for any more. */
  leave(): void;
}

/** Listens to a signal once for many waits: a listener for each piece of an answer would cost more than reading it. */
export function createAbortRace(signal: AbortSignal): AbortRace {
  let refuse: ((reason: unknown) => void) | undefined;
  const abort = (): void => refuse?.(signal.reason);
  signal.addEventListener('abort', abort);
  return {
    race: (promise) =>
      new Promise((resolve, reject) => {
        refuse = reject;
        promise.then(resolve, reject);
        if (signal.aborted) abort();
      }),
    leave: () => signal.removeEventListener('abort', abort),
  };
}
