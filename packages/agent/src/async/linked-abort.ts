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
