/** So long one turn of the event loop works on what came; then connections are accepted and others have their turn. */
const sliceMs = 5;
/** A turn does at least this part of what waits, so that nothing waits for many turns on a machine that is too busy. */
const part = 1 / 2;

/** Runs things in the order in which they were given: at once while this turn has time, else in one of the next. */
export type Slices = (run: () => void) => void;

/**
 * Makes it. What comes at once from hundreds of connections is worked on in slices: the event loop accepts one connection a turn,
 * so that a turn that takes all of it would let new readers wait for seconds. What comes alone waits for nothing.
 */
export function createSlices(monotonic: () => number = () => performance.now()): Slices {
  let waiting: (() => void)[] = [];
  let isTurn = false;
  let until = 0;

  const begin = (): void => {
    isTurn = true;
    until = monotonic() + sliceMs;
  };
  const end = (): void => {
    isTurn = false;
    if (waiting.length > 0) void work();
  };
  const work = async (): Promise<void> => {
    begin();
    const atLeast = waiting.length * part;
    let done = 0;
    for (const run of waiting) {
      run();
      done += 1;
      await Promise.resolve(); // what it woke works now, and counts
      if (done >= atLeast && monotonic() >= until) break;
    }
    waiting = waiting.slice(done);
    setImmediate(end);
  };

  return (run) => {
    if (waiting.length > 0) {
      waiting.push(run);
      return;
    }
    if (!isTurn) {
      begin();
      setImmediate(end);
    }
    if (monotonic() < until) run();
    else waiting.push(run);
  };
}
