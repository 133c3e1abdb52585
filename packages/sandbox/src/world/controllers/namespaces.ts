import { isApiError } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { nameOf, specOf, statusOf } from '../../api/object.ts';
import { timestamp } from '../../clock.ts';
import { asList, asMaps } from '../../json.ts';
import { withCondition } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { controllerManager, keyOf, unless, writeStatus } from '../context.ts';

/** Ends namespaces: deletes what is in them, then lets them go. */
export function namespaces(context: WorldContext): Controller {
  const { api, cache } = context;
  const name = 'namespace-controller';
  return {
    name,
    *keys({ type, resource, object }) {
      if (resource.storage === 'namespaces') {
        if (type !== 'deleted' && object.metadata.deletionTimestamp) yield keyOf(object);
        return;
      }
      const namespace = object.metadata.namespace;
      if (!namespace || !(type === 'deleted' || type === 'added')) return;
      if (api.find('namespaces', namespace)?.metadata.deletionTimestamp) yield `/${namespace}`;
    },
    sync(key) {
      const namespace = api.find('namespaces', key.slice(1));
      if (!namespace?.metadata.deletionTimestamp) return;
      const left = empty(context, nameOf(namespace));
      if (left.length > 0) {
        describe(context, namespace, left);
        return;
      }
      if (!asList(specOf(namespace).finalizers).includes('kubernetes')) return;
      const finalizers = asList(specOf(namespace).finalizers).filter((finalizer) => finalizer !== 'kubernetes');
      unless(['NotFound'], () =>
        api.update(
          'namespaces',
          { ...namespace, spec: { ...specOf(namespace), finalizers } },
          { subresource: 'finalize', fieldManager: controllerManager },
        ),
      );
    },
  };

  /** Deletes everything in the namespace; the objects that something holds. */
  function empty({ api: server }: WorldContext, namespace: string): KubeObject[] {
    const left: KubeObject[] = [];
    const storages = new Set(
      server.registry
        .all()
        .filter((info) => info.namespaced)
        .map((info) => info.storage),
    );
    for (const storage of storages) {
      for (const object of cache.inNamespace(storage, namespace)) {
        if (!object.metadata.deletionTimestamp) {
          try {
            server.delete(storage, nameOf(object), namespace, { propagationPolicy: 'Background' });
          } catch (error) {
            if (!isApiError(error)) throw error;
          }
        }
      }
      left.push(...cache.inNamespace(storage, namespace));
    }
    return left;
  }
}

/** Says in the conditions what holds a namespace. */
function describe({ api }: WorldContext, namespace: KubeObject, left: readonly KubeObject[]): void {
  const now = timestamp(api.clock.now());
  const held = left.filter((object) => (object.metadata.finalizers ?? []).length > 0);
  const counts = new Map<string, number>();
  for (const object of left) {
    const info = api.registry.findKind(object.apiVersion, object.kind);
    const resource = info ? `${info.resource}.${info.group}` : object.kind;
    counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }
  const finalizers = new Map<string, number>();
  for (const object of held)
    for (const finalizer of object.metadata.finalizers ?? []) finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
  const list = (entries: ReadonlyMap<string, number>, text: (name: string, count: number) => string): string =>
    [...entries]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => text(name, count))
      .join(', ');
  let conditions = asMaps(statusOf(namespace).conditions);
  const set = (type: string, status: 'True' | 'False', reason: string, message: string): void => {
    conditions = withCondition(conditions, { type, status, reason, message }, now);
  };
  set('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered');
  set('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed');
  set('NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization');
  set(
    'NamespaceContentRemaining',
    'True',
    'SomeResourcesRemain',
    `Some resources are remaining: ${list(counts, (name, count) => `${name} has ${count} resource instances`)}`,
  );
  if (finalizers.size > 0) {
    const message = `Some content in the namespace has finalizers remaining: ${list(finalizers, (name, count) => `${name} in ${count} resource instances`)}`;
    set('NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain', message);
  } else set('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished');
  writeStatus(api, 'namespaces', namespace, { ...statusOf(namespace), conditions });
}
