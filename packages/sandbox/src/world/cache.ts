import type { KubeObject } from '../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf } from '../api/object.ts';
import type { Api, Change } from '../api/types.ts';
import { asText } from '../json.ts';

/** What the controllers look things up in: the store's objects by namespace, owner and node, kept up to date by its changes. */
export interface Cache {
  /** Takes a change in; to be called for every change, in order. */
  take(change: Change): void;
  /** The objects of a resource in a namespace, oldest first. */
  inNamespace(storage: string, namespace: string): KubeObject[];
  /** The objects of a resource, oldest first. */
  all(storage: string): KubeObject[];
  /** The objects that name an owner, with the resource they belong to. */
  owned(uid: string): Owned[];
  /** The objects of one resource that an owner controls. */
  controlled(storage: string, uid: string): KubeObject[];
  /** Pods of a namespace that nobody controls. */
  orphans(namespace: string): KubeObject[];
  /** Pods bound to a node. */
  onNode(node: string): KubeObject[];
  /** Whether an object with that uid exists. */
  exists(uid: string): boolean;
}

/** An object and the resource it belongs to. */
export interface Owned {
  readonly storage: string;
  readonly object: KubeObject;
}

type Index<T> = Map<string, Map<string, T>>;

function put<T>(index: Index<T>, key: string, id: string, value: T): void {
  const shelf = index.get(key);
  if (shelf) shelf.set(id, value);
  else index.set(key, new Map([[id, value]]));
}

function drop<T>(index: Index<T>, key: string, id: string): void {
  const shelf = index.get(key);
  shelf?.delete(id);
  if (shelf?.size === 0) index.delete(key);
}

/** A cache of what stands in the API now. */
export function createCache(api: Api): Cache {
  const byNamespace: Index<KubeObject> = new Map();
  const byOwner: Index<Owned> = new Map();
  const byNode: Index<KubeObject> = new Map();
  const loose: Index<KubeObject> = new Map();
  const all: Index<KubeObject> = new Map();
  const uids = new Set<string>();

  const remove = (storage: string, object: KubeObject): void => {
    const id = `${storage}/${namespaceOf(object)}/${nameOf(object)}`;
    drop(all, storage, id);
    drop(byNamespace, `${storage}/${namespaceOf(object)}`, id);
    for (const owner of object.metadata.ownerReferences ?? []) drop(byOwner, owner.uid, id);
    uids.delete(object.metadata.uid ?? '');
    if (storage !== 'pods') return;
    drop(loose, namespaceOf(object), id);
    drop(byNode, asText(specOf(object).nodeName), id);
  };
  const add = (storage: string, object: KubeObject): void => {
    const id = `${storage}/${namespaceOf(object)}/${nameOf(object)}`;
    put(all, storage, id, object);
    put(byNamespace, `${storage}/${namespaceOf(object)}`, id, object);
    for (const owner of object.metadata.ownerReferences ?? []) put(byOwner, owner.uid, id, { storage, object });
    uids.add(object.metadata.uid ?? '');
    if (storage !== 'pods') return;
    if (!controllerOf(object)) put(loose, namespaceOf(object), id, object);
    const node = asText(specOf(object).nodeName);
    if (node !== '') put(byNode, node, id, object);
  };
  /** The ownership and the node rarely change: then the new object only takes the old one's place. */
  const replace = (storage: string, previous: KubeObject, object: KubeObject): void => {
    const moved =
      previous.metadata.uid !== object.metadata.uid ||
      JSON.stringify(previous.metadata.ownerReferences) !== JSON.stringify(object.metadata.ownerReferences) ||
      (storage === 'pods' && specOf(previous).nodeName !== specOf(object).nodeName);
    if (moved) remove(storage, previous);
    add(storage, object);
  };
  for (const storage of new Set(api.registry.all().map((info) => info.storage)))
    for (const object of api.list(storage)) add(storage, object);

  return {
    take({ type, resource, object, previous }) {
      if (type === 'deleted') remove(resource.storage, previous ?? object);
      else if (previous) replace(resource.storage, previous, object);
      else add(resource.storage, object);
    },
    inNamespace: (storage, namespace) => [...(byNamespace.get(`${storage}/${namespace}`)?.values() ?? [])],
    all: (storage) => [...(all.get(storage)?.values() ?? [])],
    owned: (uid) => [...(byOwner.get(uid)?.values() ?? [])],
    controlled: (storage, uid) =>
      [...(byOwner.get(uid)?.values() ?? [])]
        .filter((entry) => entry.storage === storage && controllerOf(entry.object)?.uid === uid)
        .map(({ object }) => object),
    orphans: (namespace) => [...(loose.get(namespace)?.values() ?? [])],
    onNode: (node) => [...(byNode.get(node)?.values() ?? [])],
    exists: (uid) => uids.has(uid),
  };
}
