import type { Clock } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asText } from '../json.ts';
import type { Random } from '../random.ts';
import type { Core } from './context.ts';
import { createObject } from './create.ts';
import { deleteObject } from './delete.ts';
import type { Deletion } from './delete.ts';
import type { FieldError } from './field-errors.ts';
import type { KubeObject } from './object.ts';
import { patchObject } from './patch.ts';
import type { Registry, ResourceInfo } from './registry.ts';
import { fieldMatcher, matchesRequirements, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { Store } from './store.ts';
import { createStore } from './store.ts';
import type { AdmissionPlugin, Api, DeleteOptions, Patch, Selection, WriteOptions } from './types.ts';
import type { Target } from './update.ts';
import { updateObject } from './update.ts';

/** The API with the parts that HTTP needs besides: versions of resources and the store. */
export interface Engine extends Api {
  readonly store: Store;
  createIn(info: ResourceInfo, namespace: string, body: JsonMap, options: WriteOptions): KubeObject;
  updateAt(target: Target, body: JsonMap, options: WriteOptions): KubeObject;
  patchAt(target: Target, patch: Patch, options: WriteOptions): KubeObject;
  deleteAt(target: Target, options: DeleteOptions): Deletion;
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
  readonly plugins: readonly AdmissionPlugin[];
  readonly validate: (info: ResourceInfo, object: KubeObject, old: KubeObject | undefined, subresource: string | undefined) => FieldError[];
}

/** A test of objects against a selection; throws 400 for a selector that can't be read. */
export function selectionTest(storage: string, { labelSelector, fieldSelector }: Selection): (object: KubeObject) => boolean {
  const requirements = labelSelector ? parseLabelSelector(labelSelector) : [];
  const fields = fieldSelector ? fieldMatcher(storage, parseFieldSelector(fieldSelector)) : undefined;
  return (object) => matchesRequirements(object.metadata.labels, requirements) && (fields === undefined || fields(object));
}

/** An API server over an empty store. */
export function createEngine(options: EngineOptions): Engine {
  const store = createStore();
  const core: Core = { ...options, store, api: () => engine };
  const { registry } = options;
  const target = (resource: string, name: string, namespace: string | undefined): Target => {
    const info = registry.resource(resource);
    return { info, name, namespace: info.namespaced ? (namespace ?? '') : '' };
  };
  const engine: Engine = {
    clock: options.clock,
    random: options.random,
    registry,
    store,
    resourceVersion: store.resourceVersion,
    find: (resource, name, namespace) => store.get(registry.resource(resource).storage, namespace ?? '', name),
    list(resource, selection = {}) {
      const { storage } = registry.resource(resource);
      const objects = store.list(storage, selection.namespace);
      if (!selection.labelSelector && !selection.fieldSelector) return [...objects];
      return objects.filter(selectionTest(storage, selection));
    },
    create(resource, object, write = {}) {
      const info = registry.resource(resource);
      return createObject(core, { info, namespace: info.namespaced ? asText(asMap(object.metadata).namespace) : '' }, object, write);
    },
    update(resource, object, write = {}) {
      const metadata = asMap(object.metadata);
      return updateObject(core, target(resource, asText(metadata.name), asText(metadata.namespace)), object, write);
    },
    // oxlint-disable-next-line max-params -- the same row as find and delete: what, which, where, how
    patch: (resource, name, namespace, patch, write = {}) => patchObject(core, target(resource, name, namespace), patch, write),
    delete: (resource, name, namespace, write = {}) => deleteObject(core, target(resource, name, namespace), write).object,
    watch: store.watch,
    createIn: (info, namespace, body, write) => createObject(core, { info, namespace }, body, write),
    updateAt: (at, body, write) => updateObject(core, at, body, write),
    patchAt: (at, patch, write) => patchObject(core, at, patch, write),
    deleteAt: (at, write) => deleteObject(core, at, write),
  };
  return engine;
}
