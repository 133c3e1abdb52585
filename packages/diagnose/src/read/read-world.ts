import { apiPath } from '@kw/kube';
import type { KubeClient } from '@kw/kube';
import { listAt, textAt } from '../world/fields.ts';
import { createEventIndex } from '../world/event.ts';
import { kindSources } from '../world/kinds.ts';
import { createTrim } from '../world/trim.ts';
import { createWorld } from '../world/world.ts';
import type { World } from '../world/world.ts';
import { readKind } from './read-kind.ts';
import type { KindRead, VisibleNamespaces } from './read-kind.ts';

/** What is to be read. */
export interface WorldWish {
  /** Names of {@link kindSources}. */
  readonly kinds: readonly string[];
  /** Absent: all namespaces, or those that may be read. */
  readonly namespace?: string | undefined;
  /** Where to look first when a kind may not be listed in all namespaces: the target's own. */
  readonly home?: string | undefined;
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

/** How far a reading is. */
export interface ReadProgress {
  readonly type: 'progress';
  /** What is being done, such as `reading pods`. */
  readonly kinds: readonly string[];
  readonly kindsDone: number;
  readonly kindsInAll: number;
  readonly objects: number;
}

const atOnce = 4;
const maxNamespaces = 100;
const progressEveryMs = 250;

/** Reads each kind once, four at a time, and gives the world; tells every quarter of a second how far it is. */
export async function* readWorld(client: KubeClient, wish: WorldWish): AsyncGenerator<ReadProgress, World, undefined> {
  const { kinds, namespace, home, now, signal } = wish;
  const discovered = await client.resources({ signal });
  const ending = new AbortController();
  const stop = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  const events = createEventIndex();
  const waiting = kinds.flatMap((kind) => {
    const source = kindSources.get(kind);
    return source === undefined ? [] : [{ kind, source }];
  });
  const inAll = waiting.length;
  const reading = new Map<string, Promise<KindRead>>();
  const done: KindRead[] = [];
  let objects = 0;
  let namespaces: Promise<VisibleNamespaces> | undefined;
  const scope = {
    client,
    discovered,
    namespace,
    otherwise: () => (namespaces ??= visibleNamespaces(client, home, stop)),
    trim: createTrim(),
    events,
    signal: stop,
    onObject: () => {
      objects += 1;
    },
  };
  try {
    while (waiting.length > 0 || reading.size > 0) {
      while (reading.size < atOnce) {
        const next = waiting.shift();
        if (next === undefined) break;
        reading.set(next.kind, readKind(next.kind, next.source, scope));
      }
      const finished = await firstOf([...reading.values()]);
      if (finished !== undefined) {
        reading.delete(finished.kind);
        done.push(finished);
      }
      yield { type: 'progress', kinds: [...reading.keys()], kindsDone: done.length, kindsInAll: inAll, objects };
    }
  } finally {
    ending.abort();
    await Promise.allSettled(reading.values());
  }
  const version = await client.serverVersion({ signal }).catch(() => undefined); // some proxies refuse it, and nothing hangs on it
  signal?.throwIfAborted();
  return createWorld({
    now,
    namespace,
    serverVersion: version?.gitVersion,
    objects: new Map(done.map(({ kind, objects: list }) => [kind, list])),
    events: events.index,
    readings: new Map(done.map(({ kind, reading: state }) => [kind, state])),
    readNamespaces: new Map(done.flatMap(({ kind, namespaces: read }) => (read === undefined ? [] : [[kind, read] as const]))),
    notRead: done.flatMap(({ notRead }) => notRead),
  });
}

/** The first reading that ends, or undefined after a quarter of a second. */
async function firstOf(readings: readonly Promise<KindRead>[]): Promise<KindRead | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tick = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), progressEveryMs);
  });
  try {
    return await Promise.race([...readings, tick]);
  } finally {
    clearTimeout(timer);
  }
}

/** Namespaces to try one by one: the target's own, then those that can be listed. */
async function visibleNamespaces(client: KubeClient, home: string | undefined, signal: AbortSignal): Promise<VisibleNamespaces> {
  const own = home === undefined ? [] : [home];
  try {
    const list = await client.json({
      path: apiPath({ group: '', version: 'v1', resource: 'namespaces' }),
      query: { limit: maxNamespaces },
      signal,
    });
    const all = [...new Set([...own, ...listAt(list, 'items').map((item) => textAt(item, 'metadata.name'))])];
    const names = all.slice(0, maxNamespaces);
    return { names, areAll: names.length === all.length && textAt(list, 'metadata.continue') === '' };
  } catch {
    signal.throwIfAborted();
    return { names: own, areAll: false }; // whoever may not list namespaces has at least the one that the context names
  }
}
