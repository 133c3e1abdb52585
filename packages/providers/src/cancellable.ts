/** Makes an iterable whose `return()` does not wait for a pending `next()`: it aborts the signal that the generator was given. */
export function cancellable<T>(start: (signal: AbortSignal) => AsyncGenerator<T, void>, signal?: AbortSignal): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => {
      const left = new AbortController();
      const generator = start(signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]));
      return {
        next: () => generator.next(),
        return: async () => {
          left.abort(new DOMException('the reader left', 'AbortError'));
          await generator.return();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
