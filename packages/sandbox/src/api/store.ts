import type { KubeObject } from './object.ts';
import { nameOf, namespaceOf } from './object.ts';
import type { ResourceInfo } from './registry.ts';
import type { Change } from './types.ts';

/** How many changes a watch or an exact list can look back. */
export const historyLength = 20_000;

/** Objects with versions, a history, and listeners. Objects go in and out as they are: nobody edits them afterwards. */
export interface Store {
  resourceVersion(): number;
  get(storage: string, namespace: string, name: string): KubeObject | undefined;
  /** In the order of namespace and name. */
  list(storage: string, namespace?: string): readonly KubeObject[];
  /** Stores the object under the next version, which it writes into it. */
  put(resource: ResourceInfo, object: KubeObject): KubeObject;
  /** Deletes; the object as it was, with the version of its deletion. */
  remove(resource: ResourceInfo, object: KubeObject): KubeObject;
  /** Changes after a version, undefined when the history does not reach back that far. */
  since(version: number, storage?: string): readonly Change[] | undefined;
  /** The objects as they were at a version, undefined when the history does not reach back that far. */
  listAt(version: number, storage: string, namespace?: string): readonly KubeObject[] | undefined;
  watch(listener: (change: Change) => void): () => void;
}

interface Shelf {
  readonly objects: Map<string, KubeObject>;
  sorted: string[] | undefined;
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** The object with its version, in the place where the server writes it: after the uid. */
function versioned(object: KubeObject, version: number): KubeObject {
  const metadata: KubeObject['metadata'] = {};
  const before = new Set(['name', 'generateName', 'namespace', 'selfLink', 'uid']);
  for (const key of before) if (object.metadata[key] !== undefined) metadata[key] = object.metadata[key];
  metadata.resourceVersion = String(version);
  for (const key of Object.keys(object.metadata)) if (key !== 'resourceVersion' && !before.has(key)) metadata[key] = object.metadata[key];
  return { ...object, metadata };
}

/** An empty store. */
export function createStore(): Store {
  const shelves = new Map<string, Shelf>();
  const history: Change[] = [];
  let forgotten = 0;
  const listeners = new Set<(change: Change) => void>();
  const undelivered: Change[] = [];
  let delivering = false;
  let version = 1;

  const shelfOf = (storage: string): Shelf => {
    let shelf = shelves.get(storage);
    if (!shelf) shelves.set(storage, (shelf = { objects: new Map(), sorted: undefined }));
    return shelf;
  };

  // A listener that writes must not make a later one hear the second change before the first.
  const tell = (change: Change): void => {
    history.push(change);
    if (history.length > historyLength) forgotten = history.shift()?.resourceVersion ?? forgotten;
    undelivered.push(change);
    if (delivering) return;
    delivering = true;
    try {
      for (let next = undelivered.shift(); next; next = undelivered.shift()) {
        // oxlint-disable-next-line no-useless-spread -- a listener that comes in the meantime must not hear of this change
        for (const listener of [...listeners]) if (listeners.has(listener)) listener(next);
      }
    } finally {
      delivering = false;
    }
  };

  const list = (storage: string, namespace?: string): readonly KubeObject[] => {
    const shelf = shelfOf(storage);
    shelf.sorted ??= [...shelf.objects.keys()].sort();
    const found: KubeObject[] = [];
    for (const key of shelf.sorted) {
      const object = shelf.objects.get(key);
      if (object && (!namespace || namespaceOf(object) === namespace)) found.push(object);
    }
    return found;
  };

  return {
    resourceVersion: () => version,
    get: (storage, namespace, name) => shelves.get(storage)?.objects.get(keyOf(namespace, name)),
    list,
    put(resource, object) {
      const shelf = shelfOf(resource.storage);
      const key = keyOf(namespaceOf(object), nameOf(object));
      const previous = shelf.objects.get(key);
      version++;
      const stored = versioned(object, version);
      shelf.objects.set(key, stored);
      if (!previous) shelf.sorted = undefined;
      tell({ type: previous ? 'modified' : 'added', resource, object: stored, previous, resourceVersion: version });
      return stored;
    },
    remove(resource, object) {
      const shelf = shelfOf(resource.storage);
      const key = keyOf(namespaceOf(object), nameOf(object));
      const previous = shelf.objects.get(key);
      version++;
      const last = versioned(object, version);
      if (!previous) return last;
      shelf.objects.delete(key);
      shelf.sorted = undefined;
      tell({ type: 'deleted', resource, object: last, previous, resourceVersion: version });
      return last;
    },
    since(from, storage) {
      if (from < forgotten) return undefined;
      let start = history.length;
      while (start > 0 && (history[start - 1]?.resourceVersion ?? 0) > from) start--;
      const changes = history.slice(start);
      return storage ? changes.filter((change) => change.resource.storage === storage) : changes;
    },
    listAt(at, storage, namespace) {
      if (at < forgotten) return undefined;
      const objects = new Map(shelfOf(storage).objects);
      for (let index = history.length - 1; index >= 0; index--) {
        const change = history[index];
        if (!change || change.resourceVersion <= at) break;
        if (change.resource.storage !== storage) continue;
        const key = keyOf(namespaceOf(change.object), nameOf(change.object));
        if (change.previous) objects.set(key, change.previous);
        else objects.delete(key);
      }
      return [...objects.keys()]
        .sort()
        .flatMap((key) => objects.get(key) ?? [])
        .filter((object) => !namespace || namespaceOf(object) === namespace);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
