import type { Clock } from '../clock.ts';

/** Timers of the world. Those that bring it forward are counted, so that it is known when it rests. */
export interface Timers {
  /** Runs a task later that leads to a new state; a world with one of these pending is not settled. */
  after(ms: number, task: () => void): () => void;
  /** Runs a task later that only repeats what is known: probes, back-offs, retries. */
  background(ms: number, task: () => void): () => void;
  /** How many tasks are pending that lead to a new state. */
  pending(): number;
  /** Cancels everything. */
  stop(): void;
}

/** Timers on a clock. */
export function createTimers(clock: Clock): Timers {
  const cancels = new Set<() => void>();
  let pending = 0;
  const start = (ms: number, task: () => void, counts: boolean): (() => void) => {
    let open = true;
    const close = (): void => {
      if (!open) return;
      open = false;
      cancels.delete(cancel);
      if (counts) pending--;
    };
    const stopTimer = clock.after(ms, () => {
      if (!open) return;
      close();
      task();
    });
    const cancel = (): void => {
      close();
      stopTimer();
    };
    cancels.add(cancel);
    if (counts) pending++;
    return cancel;
  };
  return {
    after: (ms, task) => start(ms, task, true),
    background: (ms, task) => start(ms, task, false),
    pending: () => pending,
    stop: () => {
      for (const cancel of cancels) cancel();
    },
  };
}
