import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf } from '../../api/object.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asNumber, clone, equal } from '../../json.ts';
import type { WorldContext } from '../context.ts';
import { controllerManager, unless, write } from '../context.ts';
import { nameHash } from '../hash.ts';
import { ownerReference, texts } from '../pods.ts';

/** How StatefulSets and DaemonSets label their revisions. */
export interface RevisionStyle {
  /** `controller.kubernetes.io/hash` or `controller-revision-hash`. */
  readonly label: string;
}

/** The ControllerRevisions of an object, oldest first. */
export function revisionsOf({ cache }: WorldContext, owner: KubeObject): KubeObject[] {
  return cache.controlled('controllerrevisions.apps', owner.metadata.uid ?? '').sort((a, b) => asNumber(a.revision) - asNumber(b.revision));
}

function dataOf(owner: KubeObject): JsonMap {
  return { spec: { template: { ...asMap(clone(specOf(owner).template)), $patch: 'replace' } } };
}

/** The revision of the present template: found by equality, raised to the newest, or made. */
export function currentRevision(context: WorldContext, owner: KubeObject, { label }: RevisionStyle): KubeObject {
  const { api } = context;
  const all = revisionsOf(context, owner);
  const data = dataOf(owner);
  const newest = Math.max(0, ...all.map((revision) => asNumber(revision.revision)));
  const found = all.find((revision) => equal(asMap(revision.data), data));
  if (found)
    return asNumber(found.revision) === newest ? found : write(api, 'controllerrevisions.apps', { ...found, revision: newest + 1 });
  const hash = nameHash(data);
  return api.create(
    'controllerrevisions.apps',
    {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${nameOf(owner)}-${hash}`,
        namespace: namespaceOf(owner),
        labels: { ...texts(asMap(asMap(specOf(owner).template).metadata).labels), [label]: hash },
        annotations: texts(owner.metadata.annotations),
        ownerReferences: [ownerReference(owner)],
      },
      data,
      revision: newest + 1,
    },
    { fieldManager: controllerManager },
  );
}

/** Deletes the oldest revisions beyond the limit that no pod is of. */
export function trimRevisions(context: WorldContext, owner: KubeObject, live: ReadonlySet<string>): void {
  const limit = asNumber(specOf(owner).revisionHistoryLimit, 10);
  const dead = revisionsOf(context, owner).filter((revision) => !live.has(nameOf(revision)));
  for (const revision of dead.slice(0, Math.max(0, dead.length - limit))) {
    unless(['NotFound'], () => context.api.delete('controllerrevisions.apps', nameOf(revision), namespaceOf(revision)));
  }
}
