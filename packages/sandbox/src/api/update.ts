import { applyDefaults } from '../builtin/defaults.ts';
import { timestamp } from '../clock.ts';
import type { Manager } from '../fields/managed.ts';
import { afterUpdate, managedFields, managersOf } from '../fields/managed.ts';
import type { JsonMap } from '../json.ts';
import { clone, equal } from '../json.ts';
import { normalize, readObject, shapeOf } from './body.ts';
import type { Core } from './context.ts';
import { admissionRequest, admitMutating, admitValidating } from './context.ts';
import { createObject } from './create.ts';
import { ApiError, badRequest, conflict, modified, notFound } from './errors.ts';
import { invalidObject } from './field-errors.ts';
import type { KubeObject } from './object.ts';
import { nameOf, namespaceOf } from './object.ts';
import type { ResourceInfo } from './registry.ts';
import { apiVersionOf } from './registry.ts';
import { isHeld, prepareUpdate } from './strategy.ts';
import type { WriteOptions } from './types.ts';

/** Where a write goes. */
export interface Target {
  readonly info: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
}

/** What a PUT creates where there is none. */
const createdByUpdate = new Set([
  'endpoints',
  'events',
  'limitranges',
  'services',
  'leases.coordination.k8s.io',
  'runtimeclasses.node.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
]);

/** Replaces an object with what a request carries. */
export function updateObject(core: Core, target: Target, body: JsonMap, options: WriteOptions = {}): KubeObject {
  const { info, namespace, name } = target;
  const object = clone(readObject(info, body, options));
  const given = nameOf(object);
  if (given !== '' && given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  if (given === '') throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (info.namespaced) {
    const in_ = namespaceOf(object);
    if (in_ !== '' && in_ !== namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    object.metadata.namespace = namespace;
  } else delete object.metadata.namespace;
  const old = core.store.get(info.storage, namespace, name);
  if (old) return replaceObject(core, target, { old, object }, options);
  if (!createdByUpdate.has(info.storage) || options.subresource) throw notFound(info, name);
  return createObject(core, { info, namespace }, body, options);
}

interface Replacement {
  readonly old: KubeObject;
  /** Read and named, not yet defaulted; edited on the way. */
  readonly object: KubeObject;
  /** The managers of its fields where they are already known (apply). */
  readonly managers?: readonly Manager[];
}

/** Stores a new state of an object through defaults, admission and validation; nothing happens when nothing changes. */
export function replaceObject(core: Core, target: Target, { old, object, managers }: Replacement, options: WriteOptions): KubeObject {
  const { info, namespace, name } = target;
  const { metadata } = object;
  if (metadata.uid && metadata.uid !== old.metadata.uid) {
    const key = `/registry/${info.group === '' || info.group.endsWith('.k8s.io') || !info.group.includes('.') ? '' : `${info.group}/`}${info.resource}/${namespace === '' ? '' : `${namespace}/`}${name}`;
    throw conflict(
      info,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (metadata.resourceVersion && !/^\d+$/.test(metadata.resourceVersion))
    throw new ApiError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(metadata.resourceVersion)}: invalid syntax`);
  if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(info, name, modified);
  applyDefaults(info, object);
  // What admission and the kind's own preparation change belongs to nobody.
  const fields = updatedFields(core, info, { old, object: normalize(info, object), managers }, options);
  prepareUpdate(info, object, old, options.subresource);
  admitMutating(core, admissionRequest({ operation: 'update', resource: info, object, old, namespace, name }, options));
  if (fields) metadata.managedFields = fields;
  else delete metadata.managedFields;
  const ready = normalize(info, object);
  const errors = core.validate(info, ready, old, options.subresource);
  if (errors.length > 0) throw invalidObject(info, name, errors);
  admitValidating(core, admissionRequest({ operation: 'update', resource: info, object: ready, old, namespace, name }, options));
  const final = normalize(info, ready);
  if (old.metadata.resourceVersion) final.metadata.resourceVersion = old.metadata.resourceVersion;
  if (equal(unversioned(final), unversioned(old))) return old;
  if (options.dryRun) return final;
  if (final.metadata.deletionTimestamp && !isHeld(final) && (final.metadata.deletionGracePeriodSeconds ?? 0) === 0)
    return core.store.remove(info, final);
  return core.store.put(info, final);
}

/** Times of managedFields do not make a change: a write that changes nothing else is none. */
function unversioned(object: KubeObject): JsonMap {
  const { resourceVersion: _version, managedFields: fields, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, managedFields: fields?.map(({ time: _time, ...field }) => field) } };
}

function updatedFields(
  core: Core,
  info: ResourceInfo,
  change: { readonly old: KubeObject; readonly object: KubeObject; readonly managers: readonly Manager[] | undefined },
  options: WriteOptions,
): JsonMap[] | undefined {
  const { old, object } = change;
  if (options.subresource === 'binding') return old.metadata.managedFields;
  // The real server forgets the time of a change of scale.
  const time = options.subresource === 'scale' ? '' : timestamp(core.clock.now());
  const actor = {
    manager: options.fieldManager ?? 'sandbox',
    apiVersion: apiVersionOf(info),
    subresource: options.subresource ?? '',
    time,
  };
  // A request may clear the whole list; what it says besides is not believed.
  const cleared = Array.isArray(object.metadata.managedFields) && object.metadata.managedFields.length === 0;
  const managers =
    change.managers ??
    afterUpdate(cleared ? [] : managersOf(old), actor, {
      shape: shapeOf(info),
      before: old,
      after: object,
      hasStatus: info.subresources.has('status'),
    });
  return managedFields(managers);
}
