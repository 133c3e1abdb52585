import type { Engine } from '../api/engine.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { ResourceInfo, SubresourceInfo } from '../api/registry.ts';
import type { Change } from '../api/types.ts';
import { timestamp } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, clone, equal, isMap } from '../json.ts';

const storage = 'customresourcedefinitions.apiextensions.k8s.io';
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** Serves the resources of CustomResourceDefinitions as they come and go. The answer ends it. */
export function serveDefinitions(engine: Engine): () => void {
  for (const definition of engine.list(storage)) establish(engine, definition);
  return engine.watch((change) => {
    if (change.resource.storage !== storage) return;
    if (change.type === 'deleted') cleanUp(engine, change);
    else if (!change.object.metadata.deletionTimestamp) establish(engine, change.object);
  });
}

function establish(engine: Engine, definition: KubeObject): void {
  const name = definition.metadata.name ?? '';
  engine.registry.set(name, infosOf(definition));
  const status = statusOf(definition);
  const names = specOf(definition).names;
  const stored = asMaps(specOf(definition).versions).find((version) => version.storage === true);
  if (equal(status.acceptedNames, names) && asList(status.conditions).length === 2) return;
  const now = timestamp(engine.clock.now());
  const condition = (type: string, reason: string, message: string): JsonMap => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  });
  const next = clone(definition);
  next.status = {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: names,
    storedVersions: [...new Set([...asList(status.storedVersions).map(asText), asText(stored?.name)])],
  };
  engine.update(storage, next, { subresource: 'status', fieldManager: 'kube-apiserver' });
}

/** The objects of a definition go with it, whatever holds them. */
function cleanUp(engine: Engine, { object }: Change): void {
  const name = object.metadata.name ?? '';
  const info = engine.registry.all().find((other) => other.storage === name);
  if (info) for (const item of engine.store.list(name)) engine.store.remove(info, item);
  engine.registry.remove(name);
}

/** The resources that a definition describes, one for each served version, the stored one first. */
export function infosOf(definition: KubeObject): ResourceInfo[] {
  const spec = specOf(definition);
  const names = asMap(spec.names);
  const versions = asMaps(spec.versions).filter(({ served }) => served === true);
  return versions
    .toSorted((a, b) => Number(b.storage === true) - Number(a.storage === true))
    .map((version) => ({
      group: asText(spec.group),
      version: asText(version.name),
      resource: asText(names.plural),
      singular: asText(names.singular),
      kind: asText(names.kind),
      namespaced: spec.scope === 'Namespaced',
      verbs,
      shortNames: asList(names.shortNames).map(asText),
      categories: asList(names.categories).map(asText),
      subresources: subresourcesOf(asText(spec.group), asText(version.name), asText(names.kind), version.subresources),
      storage: definition.metadata.name ?? '',
      custom: asMap(at(version, 'schema', 'openAPIV3Schema')),
    }));
}

function subresourcesOf(group: string, version: string, kind: string, given: JsonMap[string]): ReadonlyMap<string, SubresourceInfo> {
  const access = ['get', 'patch', 'update'];
  const found: SubresourceInfo[] = [];
  if (isMap(given) && given.status !== undefined) found.push({ name: 'status', kind, group, version, verbs: access });
  if (isMap(given) && isMap(given.scale)) found.push({ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: access });
  return new Map(found.map((subresource) => [subresource.name, subresource]));
}
