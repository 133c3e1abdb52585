import type { JsonMap } from '../json.ts';
import { asMaps, asText, asList } from '../json.ts';
import { noSuchResource } from './errors.ts';

/** A subresource: status, scale, log, ... */
export interface SubresourceInfo {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
}

/** A resource in one version of its group. */
export interface ResourceInfo {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: ReadonlyMap<string, SubresourceInfo>;
  /** Where its objects stand: `deployments.apps`; versions and `events.k8s.io` share one. */
  readonly storage: string;
  /** The schema of a custom resource and what else its definition says; undefined for what is built in. */
  readonly custom?: JsonMap;
}

/** All resources that the server has now. */
export interface Registry {
  /** `pods`, `deployments.apps`: the version that is stored. Throws 404 for an unknown one. */
  resource(name: string): ResourceInfo;
  /** By group, version and plural name. */
  find(group: string, version: string, resource: string): ResourceInfo | undefined;
  /** By apiVersion and kind. */
  findKind(apiVersion: string, kind: string): ResourceInfo | undefined;
  /** All versions of all resources. */
  all(): readonly ResourceInfo[];
  /** Adds or replaces the versions of one resource (a custom one). */
  set(storage: string, infos: readonly ResourceInfo[]): void;
  /** Forgets a resource. */
  remove(storage: string): void;
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Versions of one resource that are stored in another version or group than their own. */
const sharedStorage = new Map([
  ['autoscaling/v1/horizontalpodautoscalers', 'autoscaling/v2/horizontalpodautoscalers'],
  ['events.k8s.io/v1/events', '/v1/events'],
]);

const key = (group: string, version: string, resource: string): string => `${group}/${version}/${resource}`;

/** The resources in a document of aggregated discovery (`APIGroupDiscoveryList`). */
export function resourcesOfDiscovery(document: JsonMap): ResourceInfo[] {
  const infos: ResourceInfo[] = [];
  for (const item of asMaps(document['items'])) {
    const group = asText(asMaps([item['metadata'] ?? {}])[0]?.['name']);
    for (const entry of asMaps(item['versions'])) {
      const version = asText(entry['version']);
      for (const described of asMaps(entry['resources'])) infos.push(resourceOf(described, group, version));
    }
  }
  return infos;
}

function resourceOf(described: JsonMap, group: string, version: string): ResourceInfo {
  const resource = asText(described['resource']);
  const texts = (field: string): string[] => asList(described[field]).map(asText);
  const subresources = asMaps(described['subresources']).map((sub): SubresourceInfo => {
    const response = asMaps([sub['responseKind'] ?? {}])[0] ?? {};
    const name = asText(sub['subresource']);
    return {
      name,
      kind: asText(response['kind']),
      group: asText(response['group']) || (asText(response['version']) === '' ? group : ''),
      version: asText(response['version']) || version,
      verbs: asList(sub['verbs']).map(asText),
    };
  });
  const [storageGroup, , storageResource] = (sharedStorage.get(key(group, version, resource)) ?? key(group, version, resource)).split('/');
  return {
    group,
    version,
    resource,
    singular: asText(described['singularResource']),
    kind: asText(asMaps([described['responseKind'] ?? {}])[0]?.['kind']),
    namespaced: described['scope'] === 'Namespaced',
    verbs: texts('verbs'),
    shortNames: texts('shortNames'),
    categories: texts('categories'),
    subresources: new Map(subresources.map((sub) => [sub.name, sub])),
    storage: storageGroup ? `${storageResource}.${storageGroup}` : (storageResource ?? resource),
  };
}

/** A registry that starts with these resources. */
export function createRegistry(builtIn: readonly ResourceInfo[]): Registry {
  const byKey = new Map<string, ResourceInfo>();
  const byKind = new Map<string, ResourceInfo>();
  const byStorage = new Map<string, readonly ResourceInfo[]>();
  const index = (): void => {
    byKey.clear();
    byKind.clear();
    for (const info of [...byStorage.values()].flat()) {
      byKey.set(key(info.group, info.version, info.resource), info);
      if (!byKind.has(`${apiVersionOf(info)}/${info.kind}`)) byKind.set(`${apiVersionOf(info)}/${info.kind}`, info);
    }
  };
  for (const info of builtIn) byStorage.set(info.storage, [...(byStorage.get(info.storage) ?? []), info]);
  index();
  const stored = (storage: string): ResourceInfo | undefined => {
    const infos = byStorage.get(storage) ?? [];
    return infos.find((info) => !sharedStorage.has(key(info.group, info.version, info.resource))) ?? infos[0];
  };
  return {
    resource(name) {
      const info = stored(name);
      if (!info) throw noSuchResource();
      return info;
    },
    find: (group, version, resource) => byKey.get(key(group, version, resource)),
    findKind: (apiVersion, kind) => byKind.get(`${apiVersion}/${kind}`),
    all: () => [...byStorage.values()].flat(),
    set(storage, infos) {
      byStorage.set(storage, infos);
      index();
    },
    remove(storage) {
      byStorage.delete(storage);
      index();
    },
  };
}
