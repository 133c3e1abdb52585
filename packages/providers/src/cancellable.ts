import { linkedAbort } from './abort.ts';

/** Makes an iterable whose `return()` does not wait for a pending `next()`: it aborts the signal that the generator was given. */
export function cancellable<T>(start: (signal: AbortSignal) => AsyncGenerator<T, void>, signal?: AbortSignal): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => {
      const { controller: left, letGo } = linkedAbort(...(signal === undefined ? [] : [signal]));
      const generator = start(left.signal);
      return {
        next: async () => {
          const next = await generator.next();
          if (next.done === true) letGo();
          return next;
        },
        return: async () => {
          left.abort(new DOMException('the reader left', 'AbortError'));
          letGo();
          await generator.return();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
