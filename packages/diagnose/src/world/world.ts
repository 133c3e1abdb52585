import { createEventIndex } from './event.ts';
import type { EventIndex, WorldEvent } from './event.ts';
import { createPodFinder } from './pod-finder.ts';
import type { PodFinder } from './pod-finder.ts';
import { matchesLabels } from './selector.ts';
import { keyOf } from './world-object.ts';
import type { ObjectRef, WorldObject } from './world-object.ts';

/** Objects of a kind that could not be read. */
export interface NotRead {
  readonly kind: string;
  /** Absent: in no namespace; {@link otherNamespaces}: in all but those that were. */
  readonly namespace?: string;
  /** `forbidden`, `timeout`, ...: the code of the error. */
  readonly code: string;
  readonly message: string;
}

/** Stands for the namespaces whose names are not known, or that are too many. */
export const otherNamespaces = '*';

/** What became of the reading of a kind. */
export type Reading = 'read' | 'absent' | 'not-asked' | 'failed';

/** Whether there is an object: `missing` is said only where it would have been seen. */
export type Lookup =
  | { readonly type: 'found'; readonly object: WorldObject }
  | { readonly type: 'missing' }
  | { readonly type: 'unknown'; readonly why: string };

/** Everything that was read of a cluster, once. */
export interface World {
  /** The time of the reading, in milliseconds. */
  readonly now: number;
  /** The server's version, such as `v1.36.3`. */
  readonly serverVersion?: string;
  /** The namespace that was read; absent: all. */
  readonly namespace?: string;
  readonly notRead: readonly NotRead[];
  all(kind: string): readonly WorldObject[];
  inNamespace(kind: string, namespace: string | undefined): readonly WorldObject[];
  /** Looks an object up; never `missing` for what could not be read. */
  lookup(kind: string, namespace: string | undefined, name: string): Lookup;
  /** Whether all objects of a kind (in that namespace) are here, so that what is not here does not exist. */
  canSee(kind: string, namespace?: string): boolean;
  /** The objects whose controller, or any owner, this one is. */
  ownedBy(owner: WorldObject, kind: string): readonly WorldObject[];
  /** Controllers above an object, the nearest first; also such as could not be read. */
  ownersOf(object: WorldObject): readonly ObjectRef[];
  /** The object that a reference means, where it was read. */
  find(ref: ObjectRef): WorldObject | undefined;
  /** What was told about an object, the newest last. */
  events(ref: ObjectRef): readonly WorldEvent[];
  /** Everything about which something was told, with what was told: for what shows at objects of any kind. */
  allEvents(): Iterable<{ readonly about: ObjectRef; readonly events: readonly WorldEvent[] }>;
  /** Pods by what selects or mounts them; those that have ended are left out. */
  readonly pods: PodFinder;
  /** The objects of a kind with these labels; a selector without any selects none here. */
  withLabels(kind: string, namespace: string, labels: Readonly<Record<string, string>>): readonly WorldObject[];
}

/** What a world is made of. */
export interface WorldParts {
  readonly now: number;
  readonly serverVersion?: string | undefined;
  readonly namespace?: string | undefined;
  readonly objects: ReadonlyMap<string, readonly WorldObject[]>;
  readonly events?: EventIndex;
  /** What became of each kind; one that is not named was not asked for. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** For kinds that were read namespace by namespace: where. */
  readonly readNamespaces?: ReadonlyMap<string, ReadonlySet<string>>;
  readonly notRead: readonly NotRead[];
}

/** Puts a world together and makes its indexes. */
export function createWorld(parts: WorldParts): World {
  const { now, serverVersion, namespace: scope, objects, readings, readNamespaces, notRead } = parts;
  const events = parts.events ?? createEventIndex().index;
  const byKey = new Map<string, WorldObject>();
  const byUid = new Map<string, WorldObject>();
  const byNamespace = new Map<string, WorldObject[]>();
  const byOwner = new Map<string, WorldObject[]>();
  for (const list of objects.values()) {
    for (const object of list) {
      byKey.set(keyOf(object), object);
      if (object.uid !== '') byUid.set(object.uid, object);
      push(byNamespace, `${object.kind}/${object.namespace ?? ''}`, object);
      for (const owner of object.owners) push(byOwner, owner.uid, object);
    }
  }
  const all = (kind: string): readonly WorldObject[] => objects.get(kind) ?? [];
  const inNamespace = (kind: string, namespace: string | undefined): readonly WorldObject[] =>
    byNamespace.get(`${kind}/${namespace ?? ''}`) ?? [];

  function blindness(kind: string, namespace: string | undefined): string | undefined {
    const reading = readings.get(kind) ?? 'not-asked';
    if (reading === 'absent') return undefined;
    if (reading === 'not-asked') return `${kind} was not read`;
    if (scope !== undefined && namespace !== undefined && namespace !== scope) return `only namespace ${scope} was read`;
    const failed = notRead.find((each) => each.kind === kind && (each.namespace === undefined || each.namespace === namespace));
    if (reading === 'failed' || failed !== undefined) return failed?.message ?? `${kind} could not be read`;
    const namespaces = readNamespaces?.get(kind);
    if (namespaces === undefined) return undefined;
    return namespace !== undefined && namespaces.has(namespace) ? undefined : `${kind} was not read in all namespaces`;
  }

  return {
    now,
    pods: createPodFinder({ all, inNamespace }),
    ...(serverVersion === undefined ? {} : { serverVersion }),
    ...(scope === undefined ? {} : { namespace: scope }),
    notRead,
    all,
    inNamespace,
    lookup: (kind, namespace, name) => {
      const object = byKey.get(keyOf({ kind, ...(namespace === undefined ? {} : { namespace }), name }));
      if (object !== undefined) return { type: 'found', object };
      const why = blindness(kind, namespace);
      return why === undefined ? { type: 'missing' } : { type: 'unknown', why };
    },
    canSee: (kind, namespace) => blindness(kind, namespace) === undefined,
    ownedBy: (owner, kind) => (owner.uid === '' ? [] : (byOwner.get(owner.uid) ?? []).filter((object) => object.kind === kind)),
    ownersOf: (object) => ownersOf(object, byUid),
    find: (ref) => byKey.get(keyOf(ref)),
    events: (ref) => events.get(keyOf(ref)) ?? [],
    allEvents: () => [...events].map(([key, told]) => ({ about: refOfKey(key), events: told })),
    withLabels: (kind, namespace, labels) =>
      Object.keys(labels).length === 0 ? [] : inNamespace(kind, namespace).filter((object) => matchesLabels(object.labels, labels)),
  };
}

function refOfKey(key: string): ObjectRef {
  const [kind = '', first = '', second] = key.split('/');
  return second === undefined ? { kind, name: first } : { kind, namespace: first, name: second };
}

function push<K>(map: Map<K, WorldObject[]>, key: K, object: WorldObject): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [object]);
  else list.push(object);
}

const maxOwners = 6;

function ownersOf(object: WorldObject, byUid: ReadonlyMap<string, WorldObject>): readonly ObjectRef[] {
  const chain: ObjectRef[] = [];
  let at: WorldObject | undefined = object;
  while (at !== undefined && chain.length < maxOwners) {
    const owner: WorldObject['owners'][number] | undefined = at.owners.find(({ isController }) => isController);
    // A node owns its static pods, and they are not its fault.
    if (owner === undefined || owner.kind === 'Node') break;
    const found = byUid.get(owner.uid);
    const { kind, namespace, name } = found ?? owner;
    chain.push({ kind, ...(namespace === undefined ? {} : { namespace }), name });
    if (found === undefined) chain.push(...deploymentOf(owner, object));
    at = found;
  }
  return chain;
}

/** The Deployment of a ReplicaSet that could not be read: its name ends with the hash that its pods carry. */
function deploymentOf({ kind, namespace, name }: ObjectRef, pod: WorldObject): readonly ObjectRef[] {
  const hash = pod.labels['pod-template-hash'];
  if (kind !== 'ReplicaSet' || hash === undefined || !name.endsWith(`-${hash}`)) return [];
  return [{ kind: 'Deployment', ...(namespace === undefined ? {} : { namespace }), name: name.slice(0, -hash.length - 1) }];
}
