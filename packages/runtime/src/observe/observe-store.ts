import type { SessionStore } from '@kw/agent';
import type { Observer } from './observer.ts';

const version = 1;

/** A store of which each entry is told to an observer, once, when it is durable. */
export function observeStore(store: SessionStore, observer: Observer, now: () => number = Date.now): SessionStore {
  return {
    ...store,
    append: async (session, entries, options) => {
      const result = await store.append(session, entries, options);
      if (result.type === 'appended') {
        const at = now();
        entries.forEach((entry, index) => observer.entry(session, { seq: result.head - entries.length + index + 1, version, at, entry }));
      }
      return result;
    },
  };
}

/** Several observers as one. */
export function allObservers(observers: readonly Observer[]): Observer {
  const beginners = observers.flatMap(({ begin }) => (begin === undefined ? [] : [begin]));
  return {
    ...(beginners.length > 0 && {
      begin: (request) => {
        const open = beginners.map((begin) => begin(request));
        return { headers: Object.assign({}, ...open.map(({ headers }) => headers)), end: (ended) => open.forEach(({ end }) => end(ended)) };
      },
    }),
    entry: (session, stored) => observers.forEach((observer) => observer.entry(session, stored)),
    request: (request) => observers.forEach((observer) => observer.request(request)),
    exchange: (exchange) => observers.forEach((observer) => observer.exchange(exchange)),
    close: () => observers.forEach((observer) => observer.close()),
  };
}
