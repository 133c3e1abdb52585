import type { Json, JsonMap } from '../json.ts';
import { asMap, isMap } from '../json.ts';

/** Labels and annotations. */
export interface StringMap extends JsonMap {
  [key: string]: string | undefined;
}

/** Who owns an object: the garbage collector follows it. */
export interface OwnerReference extends JsonMap {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** metadata of an object. */
export interface ObjectMeta extends JsonMap {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: StringMap;
  annotations?: StringMap;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: JsonMap[];
}

/** A Kubernetes object. What stands in the store is never edited: clone it, edit the clone, hand it to the API. */
export interface KubeObject extends JsonMap {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** True where a JSON value has the outline of an object: apiVersion, kind and metadata. */
export function isObject(value: Json | undefined): value is KubeObject {
  return isMap(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && isMap(value['metadata']);
}

/** The object's name, "" where it has none yet. */
export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? '';
}

/** The object's namespace, "" for what is in none. */
export function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? '';
}

/** spec as a map, empty where there is none. */
export function specOf(object: KubeObject): JsonMap {
  return asMap(object['spec']);
}

/** status as a map, empty where there is none. */
export function statusOf(object: KubeObject): JsonMap {
  return asMap(object['status']);
}

/** The owner that controls the object, undefined for none. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}
