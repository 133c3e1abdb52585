/** Runs one thing at a time, in the order in which they came. */
export type Mutex = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a free mutex. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined); // whoever asked for the work has its failure
    return next;
  };
}
