import { timestamp } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asText, clone } from '../json.ts';
import type { Core } from './context.ts';
import { admissionRequest, admitValidating } from './context.ts';
import { conflict, notFound } from './errors.ts';
import type { KubeObject } from './object.ts';
import { defaultPropagation, isHeld } from './strategy.ts';
import type { DeleteOptions } from './types.ts';
import type { Target } from './update.ts';

/** The state of an object after a deletion, and whether it is gone. */
export interface Deletion {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** The policies and the finalizers that carry them out. */
const policyFinalizers = { Orphan: 'orphan', Foreground: 'foregroundDeletion' } as const;

/** Deletes an object, or marks it where something holds it: a grace period, finalizers, dependents. */
export function deleteObject(core: Core, { info, namespace, name }: Target, options: DeleteOptions = {}): Deletion {
  const old = core.store.get(info.storage, namespace, name);
  if (!old) throw notFound(info, name);
  const { preconditions } = options;
  if (preconditions?.uid && preconditions.uid !== old.metadata.uid) {
    throw conflict(
      { group: info.group, resource: info.kind },
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(
      { group: info.group, resource: info.kind },
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`,
    );
  }
  admitValidating(core, admissionRequest({ operation: 'delete', resource: info, object: old, old, namespace, name }, options));
  const object = marked(core, old, options);
  const grace = object.metadata.deletionGracePeriodSeconds ?? 0;
  if (!isHeld(object) && grace === 0) {
    // Only pods are marked before they go.
    const last = object.kind === 'Pod' ? object : old;
    return { object: options.dryRun ? last : core.store.remove(info, last), gone: true };
  }
  const same =
    old.metadata.deletionTimestamp !== undefined &&
    asText(old.metadata.deletionTimestamp) === object.metadata.deletionTimestamp &&
    JSON.stringify(old) === JSON.stringify(object);
  if (same || options.dryRun) return { object: options.dryRun ? object : old, gone: false };
  return { object: core.store.put(info, object), gone: false };
}

function marked(core: Core, old: KubeObject, options: DeleteOptions): KubeObject {
  const object = clone(old);
  const { metadata } = object;
  const grace = graceOf(old, options);
  const before = metadata.deletionTimestamp;
  const policy = options.propagationPolicy ?? (before ? undefined : defaultPropagation(object.kind));
  const finalizers = new Set(metadata.finalizers ?? []);
  if (policy) {
    finalizers.delete(policyFinalizers.Orphan);
    finalizers.delete(policyFinalizers.Foreground);
    if (policy === 'Orphan' || policy === 'Foreground') finalizers.add(policyFinalizers[policy]);
  }
  if (finalizers.size > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  const shorter = before !== undefined && grace < (metadata.deletionGracePeriodSeconds ?? 0);
  if (before === undefined || shorter) {
    metadata.deletionTimestamp = timestamp(core.clock.now() + grace * 1000);
    if (object.kind !== 'Namespace') metadata.deletionGracePeriodSeconds = grace;
    if (before === undefined && metadata.generation) metadata.generation += 1;
  }
  if (object.kind === 'Namespace') object.status = { ...asMap(object.status), phase: 'Terminating' };
  return ordered(object);
}

/** Only pods end gracefully; one that never ran or has ended goes at once. */
function graceOf(object: KubeObject, options: DeleteOptions): number {
  if (object.kind !== 'Pod') return 0;
  const spec = asMap(object.spec);
  const phase = asMap(object.status).phase;
  if (asText(spec.nodeName) === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const wanted =
    options.gracePeriodSeconds ?? (typeof spec.terminationGracePeriodSeconds === 'number' ? spec.terminationGracePeriodSeconds : 30);
  return Math.max(0, wanted);
}

/** metadata in the order in which the server writes it. */
function ordered(object: KubeObject): KubeObject {
  const order = [
    'name',
    'generateName',
    'namespace',
    'selfLink',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'labels',
    'annotations',
    'ownerReferences',
    'finalizers',
    'managedFields',
  ];
  const metadata: KubeObject['metadata'] = {};
  for (const key of order) {
    const value = object.metadata[key];
    if (value !== undefined) metadata[key] = value;
  }
  return { ...object, metadata };
}

/** The Status that answers a deletion. */
export function deletedStatus(target: Target, object: KubeObject): JsonMap {
  const { info, name } = target;
  const details: JsonMap = { name, ...(info.group === '' ? {} : { group: info.group }), kind: info.resource, uid: object.metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
