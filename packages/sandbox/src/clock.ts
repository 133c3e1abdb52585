/** Where the sandbox gets its time from and hangs its timers on. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs the task once, `ms` milliseconds later; the answer cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves the time forward and runs every task that falls due, in order. */
  advance(ms: number): void;
  /** Milliseconds until the next task, undefined when there is none. */
  next(): number | undefined;
}

/** The clock of the machine; its timers do not keep the process alive. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, task) {
      const timer = setTimeout(task, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that stands at `start` (milliseconds since the epoch) until it is advanced. */
export function manualClock(start: number = Date.UTC(2026, 0, 5, 8)): ManualClock {
  let time = start;
  let order = 0;
  const timers = new Set<Timer>();
  const first = (): Timer | undefined => {
    let best: Timer | undefined;
    for (const timer of timers) {
      if (!best || timer.due < best.due || (timer.due === best.due && timer.order < best.order)) best = timer;
    }
    return best;
  };
  return {
    now: () => time,
    after(ms, task) {
      const timer = { due: time + Math.max(0, ms), order: order++, task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const end = time + ms;
      for (let timer = first(); timer && timer.due <= end; timer = first()) {
        timers.delete(timer);
        time = Math.max(time, timer.due);
        timer.task();
      }
      time = end;
    },
    next() {
      const timer = first();
      return timer && Math.max(0, timer.due - time);
    },
  };
}

/** A time as the API writes it: RFC 3339, UTC, whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** A time as leases and events write it: RFC 3339, UTC, microseconds. */
export function microTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
