import { AsyncLocalStorage } from 'node:async_hooks';

type RequestHeaders = Readonly<Record<string, string>>;

// Of the module: it holds nothing but what belongs to the call that asks.
const current = new AsyncLocalStorage<RequestHeaders>();

/** Headers that go with the request that is under way, such as `traceparent`. */
export function currentHeaders(): RequestHeaders | undefined {
  return current.getStore();
}

/** The same events; what is requested for them is sent with some headers more. */
export function withHeaders<T>(events: AsyncIterable<T>, headers: RequestHeaders | undefined): AsyncIterable<T> {
  if (headers === undefined) return events;
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = events[Symbol.asyncIterator]();
      return {
        next: () => current.run(headers, () => iterator.next()),
        return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
