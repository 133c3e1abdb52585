import { type Clock, systemClock } from '../clock.ts';

/** The host's clock, moved forward by hand: sleeps are real, `now` jumps. */
export interface ShiftedClock extends Clock {
  advance(ms: number): void;
}

/** Makes a clock that can be moved forward, to let leases and approvals run out. */
export function shiftedClock(): ShiftedClock {
  let shift = 0;
  return {
    now: () => systemClock.now() + shift,
    sleep: systemClock.sleep,
    advance: (ms) => {
      shift += ms;
    },
  };
}

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves the time on and wakes who has slept enough. */
  advance(ms: number): void;
}

/** Makes a clock that starts at `start` milliseconds since the epoch. */
export function manualClock(start = 0): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { until: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake);
      }),
    advance: (ms) => {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
    },
  };
}
