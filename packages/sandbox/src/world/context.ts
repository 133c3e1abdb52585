import type { KubeObject } from '../api/object.ts';
import type { Api, Change } from '../api/types.ts';
import { isApiError } from '../api/errors.ts';
import type { Json, JsonMap } from '../json.ts';
import { equal } from '../json.ts';
import type { Cache } from './cache.ts';
import type { EventRecorder } from './events.ts';
import type { Timers } from './timers.ts';

/** What every part of the world works with. */
export interface WorldContext {
  readonly api: Api;
  readonly cache: Cache;
  readonly events: EventRecorder;
  readonly timers: Timers;
  /** Puts a key on a controller's queue. */
  enqueue(controller: string, key: string): void;
  /** Puts a key on a controller's queue after some time; an earlier one for the same key stands. */
  later(controller: string, key: string, ms: number): void;
}

/** A part of the world: told of changes, it names keys; asked for a key, it brings the state nearer to what is wanted. */
export interface Controller {
  readonly name: string;
  /** The keys to look at after a change. */
  keys(change: Change): Iterable<string>;
  /** Looks at a key once; a failure is tried again later. */
  sync(key: string): void;
}

/** `namespace/name`, or `/name` for what is in no namespace. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** The two parts of a key. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const cut = key.indexOf('/');
  return { namespace: key.slice(0, cut), name: key.slice(cut + 1) };
}

/** The object under a key. */
export function findKey(api: Api, resource: string, key: string): KubeObject | undefined {
  const { namespace, name } = splitKey(key);
  return api.find(resource, name, namespace);
}

/** Who writes what controllers write. */
export const controllerManager = 'kube-controller-manager';

/** Writes the status unless it is what it was; the object as it stands then. */
export function writeStatus(api: Api, resource: string, object: KubeObject, status: JsonMap): KubeObject {
  return writeStatusAs(controllerManager, api, { resource, object, status });
}

/** The same under another name than the controllers'. */
export function writeStatusAs(
  fieldManager: string,
  api: Api,
  { resource, object, status }: { readonly resource: string; readonly object: KubeObject; readonly status: JsonMap },
): KubeObject {
  if (equal(object.status, status)) return object;
  return api.update(resource, { ...object, status }, { subresource: 'status', fieldManager });
}

/** Writes the object as a controller, unless it is what stands there. */
export function write(api: Api, resource: string, object: KubeObject): KubeObject {
  const standing = api.find(resource, object.metadata.name ?? '', object.metadata.namespace);
  if (standing && equal(standing, object)) return standing;
  return api.update(resource, object, { fieldManager: controllerManager });
}

/** Does something and takes the refusals of the given reasons for an answer. */
export function unless<T>(reasons: readonly string[], act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (isApiError(error) && reasons.includes(error.reason)) return undefined;
    throw error;
  }
}

/** Values without what is undefined: what a Go client would leave out. */
export function compact(fields: Readonly<Record<string, Json | undefined>>): JsonMap {
  const kept: JsonMap = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** A count as Go leaves it out: undefined for 0. */
export function count(value: number): number | undefined {
  return value === 0 ? undefined : value;
}
