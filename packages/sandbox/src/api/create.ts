import { applyDefaults } from '../builtin/defaults.ts';
import { timestamp } from '../clock.ts';
import { afterUpdate, managedFields } from '../fields/managed.ts';
import type { JsonMap } from '../json.ts';
import { clone } from '../json.ts';
import { normalize, readObject, shapeOf } from './body.ts';
import type { Core } from './context.ts';
import { admissionRequest, admitMutating, admitValidating } from './context.ts';
import { ApiError, alreadyExists, badRequest } from './errors.ts';
import { invalidObject } from './field-errors.ts';
import type { KubeObject } from './object.ts';
import { nameOf } from './object.ts';
import type { ResourceInfo } from './registry.ts';
import { apiVersionOf } from './registry.ts';
import { prepareCreate } from './strategy.ts';
import type { WriteOptions } from './types.ts';

/** The longest part of generateName that is kept. */
const maxGeneratedLength = 63 - 5;

/** Where an object is created; the namespace is "" for none. */
export interface Place {
  readonly info: ResourceInfo;
  readonly namespace: string;
}

/** Creates an object in a namespace ("" for none) through defaults, admission and validation. */
export function createObject(core: Core, { info, namespace }: Place, body: JsonMap, options: WriteOptions = {}): KubeObject {
  const anonymous = body.apiVersion === undefined || body.kind === undefined;
  const object = clone(readObject(info, body, options));
  placeInNamespace(info, object, namespace);
  const { metadata } = object;
  if (metadata.resourceVersion) throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  applyDefaults(info, object);
  // What admission and the kind's own preparation add belongs to nobody.
  const managers = metadata.managedFields ?? (anonymous ? undefined : createdFields(core, info, normalize(info, object), options));
  admitMutating(
    core,
    admissionRequest({ operation: 'create', resource: info, object, old: undefined, namespace, name: nameOf(object) }, options),
  );
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  metadata.uid = core.random.uid();
  metadata.creationTimestamp = timestamp(core.clock.now());
  if (!metadata.name && metadata.generateName)
    metadata.name = `${metadata.generateName.slice(0, maxGeneratedLength)}${core.random.suffix(5)}`;
  prepareCreate(info, object);
  if (managers) metadata.managedFields = managers;
  else delete metadata.managedFields;
  const ready = normalize(info, object);
  const errors = core.validate(info, ready, undefined, undefined);
  if (errors.length > 0) throw invalidObject(info, nameOf(ready), errors);
  admitValidating(
    core,
    admissionRequest({ operation: 'create', resource: info, object: ready, old: undefined, namespace, name: nameOf(ready) }, options),
  );
  if (core.store.get(info.storage, namespace, nameOf(ready))) throw alreadyExists(info, nameOf(ready));
  const final = normalize(info, ready);
  return options.dryRun ? final : core.store.put(info, final);
}

function placeInNamespace(info: ResourceInfo, object: KubeObject, namespace: string): void {
  const given = object.metadata.namespace ?? '';
  if (!info.namespaced) {
    if (given !== '') delete object.metadata.namespace;
    return;
  }
  if (given !== '' && given !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  object.metadata.namespace = namespace;
}

function createdFields(core: Core, info: ResourceInfo, object: KubeObject, options: WriteOptions): JsonMap[] | undefined {
  const shape = shapeOf(info);
  const zero = normalize(info, { apiVersion: object.apiVersion, kind: object.kind, metadata: {} });
  const managers = afterUpdate(
    [],
    {
      manager: options.fieldManager ?? 'sandbox',
      apiVersion: apiVersionOf(info),
      subresource: options.subresource ?? '',
      time: timestamp(core.clock.now()),
    },
    { shape, before: zero, after: object, hasStatus: info.subresources.has('status') },
  );
  return managedFields(managers);
}
