import type { ReadTable } from '@kw/runtime';

/** A table with thousands of sockets costs milliseconds of the kernel: it is read at most so often. */
const apartMs = 50;
/** The same where new connections come without end. */
const busyApartMs = 250;
/** So much of the time may go into readings, and so much at once before they become rare. */
const share = 0.02;
const burstMs = 50;

/**
 * Reads a table once for all who ask while they wait: nobody is given one whose reading began before the question.
 * Who asks after a rest does not wait.
 */
export function shareTable(readTable: ReadTable, monotonic: () => number = () => performance.now()): ReadTable {
  const next = new Map<string, Promise<string>>();
  const readAt = new Map<string, number>();
  let spentMs = 0;
  let spentAt = monotonic();

  const spent = (): number => Math.max(0, spentMs - (monotonic() - spentAt) * share);
  const spend = (ms: number): void => {
    spentMs = spent() + ms;
    spentAt = monotonic();
  };
  const read = async (path: string): Promise<string> => {
    const apart = spent() > burstMs ? busyApartMs : apartMs;
    const rest = (readAt.get(path) ?? Number.NEGATIVE_INFINITY) + apart - monotonic();
    await new Promise<void>((resolve) => {
      if (rest > 0) setTimeout(resolve, rest);
      else setImmediate(resolve);
    });
    next.delete(path); // whoever asks from now on must see what is there from now on
    const started = monotonic();
    readAt.set(path, started);
    try {
      return await readTable(path);
    } finally {
      spend(monotonic() - started);
    }
  };

  return (path) => {
    const waiting = next.get(path) ?? read(path);
    next.set(path, waiting);
    return waiting;
  };
}
