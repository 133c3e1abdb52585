/** Asks at most once a minute, and answers at once with what is known. */
export interface Cached {
  /** What is known of a thing. A first answer is waited for some seconds, a newer one only a moment; empty on failure. */
  readonly get: (key: string, load: (signal: AbortSignal) => Promise<readonly string[]>) => Promise<readonly string[]>;
  /** Ends what is under way. */
  readonly close: () => void;
}

/** Times of a cache, in milliseconds. */
export interface CachedOptions {
  readonly monotonic: () => number;
  /** For how long an answer holds. Default a minute. */
  readonly ttlMs?: number;
  /** For how long a first answer is waited for; whoever waits may leave. Default 5,000. */
  readonly waitMs?: number;
}

interface Entry {
  readonly at: number;
  readonly words: Promise<readonly string[]>;
  /** What was known before, while the new answer is under way. */
  readonly known: readonly string[];
}

/** For how long a newer answer is waited for. */
const newerMs = 300;
/** A request that takes longer is given up. */
const loadMs = 10_000;

/** Makes a cache over slow lists. */
export function createCached({ monotonic, ttlMs = 60_000, waitMs = 5_000 }: CachedOptions): Cached {
  const closing = new AbortController();
  const entries = new Map<string, Entry>();
  const start = (key: string, load: (signal: AbortSignal) => Promise<readonly string[]>): Entry => {
    const known: { words: readonly string[] } = { words: entries.get(key)?.known ?? [] };
    const words = load(AbortSignal.any([closing.signal, AbortSignal.timeout(loadMs)])).then(
      (found) => {
        entries.set(key, { at: monotonic(), words: Promise.resolve(found), known: found });
        return found;
      },
      () => known.words, // silent: completion is a convenience
    );
    return { at: monotonic(), words, known: known.words };
  };
  return {
    get: async (key, load) => {
      let entry = entries.get(key);
      if (entry === undefined || monotonic() - entry.at > ttlMs) {
        entry = start(key, load);
        entries.set(key, entry);
      }
      const { words, known } = entry;
      return first(words, known.length > 0 ? Math.min(waitMs, newerMs) : waitMs, known);
    },
    close: () => closing.abort(),
  };
}

function first<T>(value: Promise<T>, milliseconds: number, otherwise: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), milliseconds);
    void value.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
