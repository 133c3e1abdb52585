/** So long one turn of the event loop works on what came; then connections are accepted and others have their turn. */
const sliceMs = 5;
/** A turn does at least this part of what waits, so that nothing waits for many turns on a machine that is too busy. */
const part = 1 / 2;

/** Runs things in the order in which they were given. */
export type Slices = (run: () => void) => void;

/**
 * Makes it. What comes at once from hundreds of connections is worked on in slices: the event loop accepts one connection a turn,
 * so that a turn that takes all of it would let new readers wait for seconds. What comes alone waits for nothing.
 */
export function createSlices(monotonic: () => number = () => performance.now()): Slices {
  let waiting: (() => void)[] = [];
  let isPlanned = false;

  const work = async (): Promise<void> => {
    const until = monotonic() + sliceMs;
    const atLeast = waiting.length * part;
    let done = 0;
    for (const run of waiting) {
      run();
      done += 1;
      await Promise.resolve(); // what it woke works now, and counts
      if (done >= atLeast && monotonic() >= until) break;
    }
    waiting = waiting.slice(done);
    isPlanned = waiting.length > 0;
    if (isPlanned) plan();
  };
  const plan = (): void => {
    setImmediate(() => void work());
  };

  return (run) => {
    waiting.push(run);
    if (isPlanned) return;
    isPlanned = true;
    plan();
  };
}
