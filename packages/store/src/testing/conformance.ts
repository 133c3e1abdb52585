/** One behaviour that any implementation must show. `run` throws where it does not. */
export interface ConformanceCase {
  /** A sentence. */
  readonly name: string;
  run(): Promise<void>;
}

/** A clock that stands until it is moved. */
export interface ManualClock {
  readonly now: () => number;
  readonly advance: (ms: number) => void;
}

/** Makes a clock that stands at 2026-01-01. */
export function manualClock(): ManualClock {
  let time = Date.UTC(2026, 0, 1);
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}
