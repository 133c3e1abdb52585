import { conditionOf, fieldsAt, isFields, isTrueAt, labelsAt, listAt, textAt, textsAt, timeAt } from './fields.ts';
import type { Fields } from './fields.ts';

/** What names an object; without a namespace it is one of the whole cluster. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** An owner reference. */
export interface OwnerRef extends ObjectRef {
  readonly uid: string;
  readonly isController: boolean;
}

/** A version of the API by which somebody wrote an object. */
export interface WrittenAs {
  /** Such as `kubectl-client-side-apply`. */
  readonly manager: string;
  readonly apiVersion: string;
}

/** An object as it was read, without what no condition looks at. */
export interface WorldObject extends ObjectRef {
  readonly apiVersion: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Without `last-applied-configuration` and other long ones. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt: number | undefined;
  /** Set once it is being deleted. */
  readonly deletedAt: number | undefined;
  readonly finalizers: readonly string[];
  readonly generation: number | undefined;
  readonly owners: readonly OwnerRef[];
  /** Who wrote it through another version of its API than the one by which it was read, by its managed fields. */
  readonly writtenAs: readonly WrittenAs[];
  /** Everything but the metadata: `spec`, `status`, and what else the kind has. */
  readonly body: Fields;
}

/** A longer annotation is a copy of something. */
const maxAnnotationLength = 400;

/** Takes an item of a list in; undefined for what has no name. */
export function toWorldObject(item: unknown, kind: string, apiVersion: string): WorldObject | undefined {
  if (!isFields(item)) return undefined;
  const metadata = fieldsAt(item, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === '') return undefined;
  const namespace = textAt(metadata, 'namespace');
  const { metadata: _metadata, kind: _kind, apiVersion: _apiVersion, ...body } = item;
  return {
    kind,
    apiVersion,
    ...(namespace === '' ? {} : { namespace }),
    name,
    uid: textAt(metadata, 'uid'),
    labels: labelsAt(metadata, 'labels'),
    annotations: Object.fromEntries(
      Object.entries(labelsAt(metadata, 'annotations')).filter(([, text]) => text.length <= maxAnnotationLength),
    ),
    createdAt: timeAt(metadata, 'creationTimestamp'),
    deletedAt: timeAt(metadata, 'deletionTimestamp'),
    finalizers: textsAt(metadata, 'finalizers'),
    generation: typeof metadata['generation'] === 'number' ? metadata['generation'] : undefined,
    owners: listAt(metadata, 'ownerReferences').map((owner) => ({
      kind: textAt(owner, 'kind'),
      // An owner is of the same namespace, or of the cluster; which of the two the reference does not say.
      ...(namespace === '' ? {} : { namespace }),
      name: textAt(owner, 'name'),
      uid: textAt(owner, 'uid'),
      isController: isTrueAt(owner, 'controller'),
    })),
    writtenAs: writtenAs(metadata, apiVersion),
    body,
  };
}

/** The newest word of each manager, where it is another version. */
function writtenAs(metadata: Fields, apiVersion: string): readonly WrittenAs[] {
  const newest = new Map<string, { readonly version: string; readonly at: number }>();
  for (const entry of listAt(metadata, 'managedFields')) {
    const manager = textAt(entry, 'manager');
    const at = timeAt(entry, 'time') ?? 0;
    if (at >= (newest.get(manager)?.at ?? 0)) newest.set(manager, { version: textAt(entry, 'apiVersion'), at });
  }
  const others = [...newest].filter(([, { version }]) => version !== '' && version !== apiVersion);
  return others.length === 0 ? none : others.map(([manager, { version }]) => ({ manager, apiVersion: version }));
}

const none: readonly WrittenAs[] = [];

/** `Pod/shop/web-1`, `Node/worker-1`: one text for each object. */
export function keyOf({ kind, namespace, name }: ObjectRef): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

/** The `status` of a condition: True, False, Unknown, or empty where the object has none of that type. */
export function conditionStatus(object: WorldObject, type: string): string {
  return textAt(conditionOf(object.body, type), 'status');
}
