import type { ReadTable } from '@kw/runtime';

/** A table with thousands of sockets costs milliseconds of the kernel: it is read at most so often. */
const apartMs = 50;

/**
 * Reads a table once for all who ask while they wait: nobody is given one whose reading began before the question.
 * Who asks after a rest does not wait.
 */
export function shareTable(readTable: ReadTable, monotonic: () => number = () => performance.now()): ReadTable {
  const next = new Map<string, Promise<string>>();
  const readAt = new Map<string, number>();

  const read = async (path: string): Promise<string> => {
    const rest = (readAt.get(path) ?? Number.NEGATIVE_INFINITY) + apartMs - monotonic();
    await new Promise<void>((resolve) => {
      if (rest > 0) setTimeout(resolve, rest);
      else setImmediate(resolve);
    });
    next.delete(path); // whoever asks from now on must see what is there from now on
    readAt.set(path, monotonic());
    return readTable(path);
  };

  return (path) => {
    const waiting = next.get(path) ?? read(path);
    next.set(path, waiting);
    return waiting;
  };
}
