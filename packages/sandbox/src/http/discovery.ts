import type { ResourceInfo } from '../api/registry.ts';
import { apiVersionOf } from '../api/registry.ts';
import { discoveryTable } from '../data.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asMaps, asText } from '../json.ts';
import type { Call, Server } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { respond } from './respond.ts';

const aggregatedTypes = /application\/json;[^,]*as=APIGroupDiscoveryList/;

function wantsAggregated({ request }: Call): { contentType: string; version: string } | undefined {
  for (const part of (request.headers.get('accept') ?? '').split(',')) {
    if (!aggregatedTypes.test(part)) continue;
    const version = part.match(/v=(v2beta1|v2)\b/)?.[1];
    if (version) return { contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`, version };
  }
  return undefined;
}

/** Custom groups after the built-in ones, as aggregated discovery lists them. */
function customGroups({ engine }: Server): JsonMap[] {
  const groups = new Map<string, Map<string, ResourceInfo[]>>();
  for (const info of engine.registry.all()) {
    if (!info.custom) continue;
    const versions = groups.get(info.group) ?? new Map<string, ResourceInfo[]>();
    versions.set(info.version, [...(versions.get(info.version) ?? []), info]);
    groups.set(info.group, versions);
  }
  return [...groups].map(([name, versions]) => ({
    metadata: { name },
    versions: [...versions].map(([version, infos]) => ({ version, resources: infos.map(describe), freshness: 'Current' })),
  }));
}

function describe(info: ResourceInfo): JsonMap {
  return {
    resource: info.resource,
    responseKind: { group: info.group, version: info.version, kind: info.kind },
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: [...info.verbs],
    ...(info.shortNames.length > 0 ? { shortNames: [...info.shortNames] } : {}),
    ...(info.categories.length > 0 ? { categories: [...info.categories] } : {}),
    ...(info.subresources.size > 0
      ? {
          subresources: [...info.subresources.values()].map(({ name, kind, group, version, verbs }) => ({
            subresource: name,
            responseKind: { group, version, kind },
            verbs: [...verbs],
          })),
        }
      : {}),
  };
}

/** The groups of /apis in the order of the server. */
function groupsOf(server: Server): JsonMap[] {
  return [...asMaps(discoveryTable().apis.items), ...customGroups(server)];
}

const groupName = (group: JsonMap): string => asText(asMap(group.metadata).name);

/** Answers /api and /apis. */
export function discoveryRoot(call: Call, root: 'api' | 'apis'): ApiResponse {
  const aggregated = wantsAggregated(call);
  if (aggregated) {
    const document = root === 'api' ? discoveryTable().api : { ...discoveryTable().apis, items: groupsOf(call.server) };
    const response = respond(call.request, 200, { ...document, apiVersion: `apidiscovery.k8s.io/${aggregated.version}` });
    return { ...response, headers: [['content-type', aggregated.contentType]] };
  }
  if (root === 'api') {
    const host = call.request.headers.get('host') ?? '127.0.0.1';
    return respond(call.request, 200, {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
    });
  }
  return respond(call.request, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(call.server).map(groupDocument) });
}

function groupDocument(group: JsonMap): JsonMap {
  const name = groupName(group);
  const versions = asMaps(group.versions).map(({ version }): JsonMap => ({ groupVersion: `${name}/${asText(version)}`, version }));
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

/** Answers /apis/GROUP; undefined for one that is not there. */
export function discoveryGroup(call: Call, name: string): ApiResponse | undefined {
  const group = groupsOf(call.server).find((entry) => groupName(entry) === name);
  return group && respond(call.request, 200, { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) });
}

/** Answers /api/v1 and /apis/GROUP/VERSION; undefined for one that is not there. */
export function discoveryVersion(call: Call, group: string, version: string): ApiResponse | undefined {
  const found = (group === '' ? asMaps(discoveryTable().api.items) : groupsOf(call.server)).find(
    (entry) => group === '' || groupName(entry) === group,
  );
  const described = asMaps(found?.versions).find((entry) => entry.version === version);
  if (!described) return undefined;
  const resources = asMaps(described.resources).flatMap((entry) => resourceDocuments(entry, { group, version }));
  return respond(call.request, 200, {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf({ group, version }),
    resources,
  });
}

function resourceDocuments(entry: JsonMap, own: { readonly group: string; readonly version: string }): Json[] {
  const kindOf = (value: Json | undefined): JsonMap => {
    const { group, version, kind } = asMap(value);
    const foreign = asText(version) !== '' && (group !== own.group || version !== own.version);
    return { ...(foreign ? { group: group ?? '', version: version ?? '' } : {}), kind: kind ?? '' };
  };
  const namespaced = entry.scope === 'Namespaced';
  const optional = (name: string): JsonMap => (entry[name] === undefined ? {} : { [name]: entry[name] });
  const main: JsonMap = {
    name: asText(entry.resource),
    singularName: asText(entry.singularResource),
    namespaced,
    ...kindOf(entry.responseKind),
    verbs: entry.verbs ?? [],
    ...optional('shortNames'),
    ...optional('categories'),
  };
  const subresources = asMaps(entry.subresources).map((sub): JsonMap => ({
    name: `${asText(entry.resource)}/${asText(sub.subresource)}`,
    singularName: '',
    namespaced,
    ...kindOf(sub.responseKind),
    verbs: sub.verbs ?? [],
  }));
  return [main, ...subresources];
}
