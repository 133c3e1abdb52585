import { reasonOf } from '../text.ts';
import { records, textOf, texts } from './answer.ts';
import type { Send } from './answer.ts';
import { isRecord } from './object.ts';
import type { ApiResource, ApiResources } from './resource.ts';

const maxParallel = 8;

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Discovery for servers that answer /api with APIVersions and /apis with APIGroupList: one request per group version, a broken group is a failure of its own. */
export async function discoverLegacy(
  send: Send,
  from: { readonly core: unknown; readonly groups: unknown; readonly signal?: AbortSignal | undefined },
): Promise<ApiResources> {
  const { core, groups, signal } = from;
  const versions = [...coreVersions(core), ...groupVersions(groups)];
  const found: ApiResources[] = [];
  for (let start = 0; start < versions.length; start += maxParallel) {
    const batch = versions.slice(start, start + maxParallel);
    found.push(...(await Promise.all(batch.map((version) => discoverVersion(send, version, signal)))));
  }
  return { resources: found.flatMap(({ resources }) => resources), failures: found.flatMap(({ failures }) => failures) };
}

function coreVersions(answer: unknown): readonly GroupVersion[] {
  return isRecord(answer) ? texts(answer['versions']).map((version) => ({ group: '', version })) : [];
}

function groupVersions(answer: unknown): readonly GroupVersion[] {
  if (!isRecord(answer)) return [];
  return records(answer['groups']).flatMap((group) => {
    const preferred = isRecord(group['preferredVersion']) ? textOf(group['preferredVersion']['version']) : '';
    const all = records(group['versions']).map(({ version }) => textOf(version));
    const ordered = [...new Set([...(all.includes(preferred) ? [preferred] : []), ...all])];
    return ordered.map((version) => ({ group: textOf(group['name']), version }));
  });
}

async function discoverVersion(send: Send, { group, version }: GroupVersion, signal: AbortSignal | undefined): Promise<ApiResources> {
  const groupVersion = group === '' ? version : `${group}/${version}`;
  try {
    const { text } = await send({ path: group === '' ? `/api/${version}` : `/apis/${groupVersion}`, signal });
    const answer: unknown = JSON.parse(text);
    return { resources: readResources(isRecord(answer) ? records(answer['resources']) : [], { group, version }), failures: [] };
  } catch (error) {
    signal?.throwIfAborted();
    return { resources: [], failures: [{ groupVersion, message: reasonOf(error) }] };
  }
}

function readResources(entries: readonly Readonly<Record<string, unknown>>[], { group, version }: GroupVersion): readonly ApiResource[] {
  const names = entries.map(({ name }) => textOf(name));
  return entries.flatMap((entry) => {
    const resource = textOf(entry['name']);
    const kind = textOf(entry['kind']);
    if (resource === '' || resource.includes('/')) return [];
    return [
      {
        group,
        version,
        resource,
        kind,
        singular: textOf(entry['singularName']) || kind.toLowerCase(),
        shortNames: texts(entry['shortNames']),
        categories: texts(entry['categories']),
        namespaced: entry['namespaced'] === true,
        verbs: texts(entry['verbs']),
        subresources: names.filter((name) => name.startsWith(`${resource}/`)).map((name) => name.slice(resource.length + 1)),
      },
    ];
  });
}
