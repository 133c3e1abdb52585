import type { AgentEvent, Principal, RunRef, Runs } from '@kw/agent';

/** How a run is conducted. */
export interface ConductOptions {
  /** Cancels the run; its events go on to its end. */
  readonly signal?: AbortSignal;
}

/** Drives a run in this process and gives its events from the beginning, to its end or its parking. */
export async function* conduct(runs: Runs, run: RunRef, by: Principal, { signal }: ConductOptions = {}): AsyncGenerator<AgentEvent, void> {
  const failed = new AbortController();
  const done = new AbortController();
  const fail = (error: unknown): void => failed.abort(error);
  const cancel = (): void => {
    void runs.cancel(run, by).catch(fail);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  const driving = runs.driveSession(run.session, done.signal).catch(fail);
  try {
    yield* runs.follow(run, { by, untilParked: true, signal: failed.signal });
    failed.signal.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', cancel);
    done.abort();
    await driving;
  }
}
