/** How long each phase of an answer may take, in milliseconds. */
export interface Timeouts {
  /** From the request to the answer's headers. */
  readonly headersMs: number;
  /** From the headers to the first text, reasoning or call; comments do not count. */
  readonly firstContentMs: number;
  /** Between two pieces of content. */
  readonly idleMs: number;
  /** From the end of the answer to the end of the stream. */
  readonly endMs: number;
}

/** Times that suit vendors with queues and models that think. */
export const defaultTimeouts: Timeouts = { headersMs: 60_000, firstContentMs: 180_000, idleMs: 60_000, endMs: 2_000 };

/** A phase of an answer. */
export type Phase = 'headers' | 'first-content' | 'idle' | 'end';

/** One timer that is moved on by what arrives. */
export interface Watchdog {
  /** A phase begins, or goes on because something arrived. */
  enter(phase: Phase): void;
  /** The reader is busy: time does not count until what is returned is called. */
  hold(): () => void;
  stop(): void;
}

/** Calls `expired` once when a phase takes longer than it may. */
export function startWatchdog(timeouts: Timeouts, monotonic: () => number, expired: (phase: Phase, afterMs: number) => void): Watchdog {
  let phase: Phase = 'headers';
  let since = monotonic();
  let held = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limitOf = (): number => limits(timeouts)[phase];
  const arm = (ms: number): void => {
    timer = setTimeout(check, Math.max(1, ms));
  };
  // Entering a phase costs no timer: the running one looks when it fires whether there is time left.
  const check = (): void => {
    const left = held ? limitOf() : since + limitOf() - monotonic();
    if (left > 0) arm(left);
    else expired(phase, limitOf());
  };
  arm(limitOf());
  return {
    enter: (next) => {
      const sooner = limits(timeouts)[next] < limitOf();
      phase = next;
      held = false;
      since = monotonic();
      if (!sooner) return;
      clearTimeout(timer);
      arm(limitOf());
    },
    hold: () => {
      held = true;
      return () => {
        held = false;
        since = monotonic();
      };
    },
    stop: () => clearTimeout(timer),
  };
}

function limits({ headersMs, firstContentMs, idleMs, endMs }: Timeouts): Readonly<Record<Phase, number>> {
  return { headers: headersMs, 'first-content': firstContentMs, idle: idleMs, end: endMs };
}
