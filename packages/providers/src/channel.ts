import { linkedAbort } from './abort.ts';

/** Where a producer puts what it makes. */
export interface Outlet<T> {
  give(value: T): void;
  /** Undefined while there is room; else resolves when the reader has taken what waits and asks for more. */
  room(): Promise<void> | undefined;
  /** Resolves when the reader has taken all and asks for more. */
  asked(): Promise<void>;
}

/** A producer that is this far ahead of its reader waits. */
const maxWaiting = 64;

/**
 * What a producer gives, as an iterable that begins it with the first `next()`. Its `return()` does not wait for a pending `next()`:
 * it aborts the signal that the producer was given. A chain of generators would do the same, and cost more for each value than all that is done with it.
 */
export function channel<T extends object>(
  produce: (outlet: Outlet<T>, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iterate(produce, signal) };
}

function iterate<T extends object>(
  produce: (outlet: Outlet<T>, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): AsyncIterator<T> {
  const values: T[] = [];
  const readers: PromiseWithResolvers<IteratorResult<T>>[] = [];
  let askers: (() => void)[] = [];
  let end: { readonly failure?: unknown } | undefined;
  let produced: Promise<void> | undefined;
  const { controller: left, letGo } = linkedAbort(...(signal === undefined ? [] : [signal]));

  const wake = (): void => {
    const woken = askers;
    askers = [];
    for (const resolve of woken) resolve();
  };
  const asked = (): Promise<void> =>
    new Promise((resolve) => {
      if (readers.length > 0 || end !== undefined || left.signal.aborted) resolve();
      else askers.push(resolve);
    });
  const outlet: Outlet<T> = {
    give: (value) => {
      const reader = readers.shift();
      if (reader === undefined) values.push(value);
      else reader.resolve({ done: false, value });
    },
    room: () => (values.length < maxWaiting ? undefined : asked()),
    asked,
  };
  const finish = (how: { readonly failure?: unknown }): void => {
    end ??= how;
    letGo();
    wake();
    for (const reader of readers.splice(0)) settle(reader);
  };
  /** A failure is told once; then there is nothing more. */
  const settle = (reader: PromiseWithResolvers<IteratorResult<T>>): void => {
    const failed = end !== undefined && 'failure' in end;
    if (failed) reader.reject(end?.failure);
    else reader.resolve({ done: true, value: undefined });
    if (failed) end = {};
  };
  const start = async (): Promise<void> => {
    try {
      await produce(outlet, left.signal);
      finish({});
    } catch (failure) {
      finish({ failure });
    }
  };
  left.signal.addEventListener('abort', wake);

  return {
    next: () => {
      produced ??= start();
      const value = values.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      const reader = Promise.withResolvers<IteratorResult<T>>();
      if (end === undefined) {
        readers.push(reader);
        wake();
      } else settle(reader);
      return reader.promise;
    },
    return: async () => {
      produced ??= Promise.resolve();
      left.abort(new DOMException('the reader left', 'AbortError'));
      values.length = 0;
      await produced;
      finish({});
      return { done: true, value: undefined };
    },
  };
}
