/** Waits for a promise, but no longer than a signal lets: rejects with the signal's own reason. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) {
      abort();
      promise.catch(() => {}); // nobody listens to it any more
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits; rejects with the signal's own reason when it is aborted. */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A controller that is aborted with the first of some signals, for their reason, until it is let go. */
export interface LinkedAbort {
  readonly controller: AbortController;
  letGo(): void;
}

/** Links by hand what `AbortSignal.any` links: a signal made of several looks at each of its parts each time that it is asked. */
export function linkedAbort(...signals: readonly AbortSignal[]): LinkedAbort {
  const controller = new AbortController();
  const links = signals.map((signal) => {
    const abort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    return () => signal.removeEventListener('abort', abort);
  });
  return {
    controller,
    letGo: () => {
      for (const unlink of links) unlink();
    },
  };
}
