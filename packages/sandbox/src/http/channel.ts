/** A queue from a callback to one reader. */
export interface Channel<T> extends AsyncIterable<T> {
  send(value: T): void;
  /** What was sent is still read, then the reading ends. */
  end(): void;
}

/** An empty channel. */
export function createChannel<T>(): Channel<T> {
  const queue: T[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    send(value) {
      if (ended) return;
      queue.push(value);
      ring();
    },
    end() {
      ended = true;
      ring();
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        for (let value = queue.shift(); value !== undefined; value = queue.shift()) yield value;
        if (ended) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
