import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf } from '../../api/object.ts';
import type { Change } from '../../api/types.ts';
import type { Owned } from '../cache.ts';
import type { Controller, WorldContext } from '../context.ts';
import { controllerManager, unless } from '../context.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

const keyFor = (storage: string, object: KubeObject): string => `${storage}|${namespaceOf(object)}|${nameOf(object)}`;

/** The garbage collector: what has lost all its owners goes, what is deleted in the foreground waits for its dependents. */
export function garbageCollector(context: WorldContext): Controller {
  const { api, cache } = context;
  return {
    name: 'garbage-collector',
    keys: (change) => keysFor(context, change),
    sync(key) {
      const [storage = '', namespace = '', name = ''] = key.split('|');
      const object = api.find(storage, name, namespace);
      if (!object) return;
      const finalizers = object.metadata.deletionTimestamp ? (object.metadata.finalizers ?? []) : [];
      if (finalizers.includes(orphan)) orphanDependents(context, storage, object);
      else if (finalizers.includes(foreground)) deleteDependents(context, storage, object);
      else if (!object.metadata.deletionTimestamp) judge(context, storage, object);
    },
  };
  function* keysFor({ cache: { owned } }: WorldContext, { type, resource: { storage }, object, previous }: Change): Iterable<string> {
    if (storage === 'events') return;
    if (type === 'deleted') {
      for (const dependent of owned(object.metadata.uid ?? '')) yield keyFor(dependent.storage, dependent.object);
      // An owner that waits in the foreground may have waited for this one.
      for (const owner of object.metadata.ownerReferences ?? []) {
        const found = findOwner(context, object, owner);
        if (found?.object.metadata.finalizers?.includes(foreground)) yield keyFor(found.storage, found.object);
      }
      return;
    }
    const doomed =
      object.metadata.deletionTimestamp !== undefined &&
      (object.metadata.finalizers ?? []).some((finalizer) => finalizer === foreground || finalizer === orphan);
    const owners = object.metadata.ownerReferences ?? [];
    const same = previous && JSON.stringify(previous.metadata.ownerReferences) === JSON.stringify(object.metadata.ownerReferences);
    if (doomed || (owners.length > 0 && !same && owners.some(({ uid }) => !cache.exists(uid)))) yield keyFor(storage, object);
  }
}

function findOwner(
  { api }: WorldContext,
  object: KubeObject,
  owner: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string },
): Owned | undefined {
  const info = api.registry.findKind(owner.apiVersion, owner.kind);
  const found = info && api.find(info.storage, owner.name, info.namespaced ? namespaceOf(object) : '');
  return info && found && found.metadata.uid === owner.uid ? { storage: info.storage, object: found } : undefined;
}

/** Deletes an object that has owners of which none exists; forgets those that are gone where others remain. */
function judge(context: WorldContext, storage: string, object: KubeObject): void {
  const { api, cache } = context;
  const owners = object.metadata.ownerReferences ?? [];
  const living = owners.filter(({ uid }) => cache.exists(uid));
  if (owners.length === 0 || living.length === owners.length) return;
  if (living.length > 0) {
    unless(['NotFound'], () =>
      api.update(storage, { ...object, metadata: { ...object.metadata, ownerReferences: living } }, { fieldManager: controllerManager }),
    );
    return;
  }
  const propagationPolicy = object.metadata.finalizers?.includes(orphan)
    ? 'Orphan'
    : object.metadata.finalizers?.includes(foreground)
      ? 'Foreground'
      : 'Background';
  unless(['NotFound', 'Conflict'], () =>
    api.delete(storage, nameOf(object), namespaceOf(object), { propagationPolicy, preconditions: { uid: object.metadata.uid ?? '' } }),
  );
}

function without(object: KubeObject, finalizer: string): KubeObject {
  return {
    ...object,
    metadata: { ...object.metadata, finalizers: (object.metadata.finalizers ?? []).filter((each) => each !== finalizer) },
  };
}

function orphanDependents({ api, cache }: WorldContext, storage: string, object: KubeObject): void {
  const uid = object.metadata.uid ?? '';
  for (const dependent of cache.owned(uid)) {
    const ownerReferences = (dependent.object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
    unless(['NotFound'], () =>
      api.update(
        dependent.storage,
        { ...dependent.object, metadata: { ...dependent.object.metadata, ownerReferences } },
        { fieldManager: controllerManager },
      ),
    );
  }
  unless(['NotFound'], () => api.update(storage, without(object, orphan), { fieldManager: controllerManager }));
}

function deleteDependents({ api, cache }: WorldContext, storage: string, object: KubeObject): void {
  const uid = object.metadata.uid ?? '';
  for (const dependent of cache.owned(uid)) {
    if (dependent.object.metadata.deletionTimestamp) continue;
    const others = (dependent.object.metadata.ownerReferences ?? []).some((owner) => owner.uid !== uid && cache.exists(owner.uid));
    if (others) continue;
    unless(['NotFound'], () =>
      api.delete(dependent.storage, nameOf(dependent.object), namespaceOf(dependent.object), { propagationPolicy: 'Foreground' }),
    );
  }
  const blocking = cache
    .owned(uid)
    .some(({ object: each }) => each.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true));
  if (!blocking) unless(['NotFound'], () => api.update(storage, without(object, foreground), { fieldManager: controllerManager }));
}
