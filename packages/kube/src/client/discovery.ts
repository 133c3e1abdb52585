import { isKubeError } from '../errors.ts';
import { isRecord } from './object.ts';
import { records, textOf, texts } from './answer.ts';
import type { Send } from './answer.ts';
import type { ApiResource, ApiResources } from './resource.ts';
import { discoverLegacy } from './discovery-legacy.ts';
import type { KubeRequest } from './types.ts';

const aggregated = ['v2', 'v2beta1'].map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
const accept = [...aggregated, 'application/json'].join(',');

/** Asks a server for everything it serves: two requests where it has aggregated discovery (Kubernetes 1.26), one per group version else. */
export async function discoverResources(send: Send, options: Pick<KubeRequest, 'signal'>): Promise<ApiResources> {
  const [core, groups] = await Promise.all([ask('/api'), ask('/apis')]);
  const answers = [core, groups].filter((answer) => answer !== undefined);
  if (answers.every(isAggregated)) {
    const found = answers.map(readAggregated);
    return { resources: found.flatMap(({ resources }) => resources), failures: found.flatMap(({ failures }) => failures) };
  }
  return discoverLegacy(send, { core, groups, signal: options.signal });

  async function ask(path: string): Promise<unknown> {
    try {
      const { text } = await send({ path, accept, ...options });
      return JSON.parse(text);
    } catch (error) {
      // A server may have only one of the two.
      if (isKubeError(error, 'not-found')) return undefined;
      throw error;
    }
  }
}

function isAggregated(answer: unknown): answer is Readonly<Record<string, unknown>> {
  return isRecord(answer) && answer['kind'] === 'APIGroupDiscoveryList';
}

function readAggregated(answer: Readonly<Record<string, unknown>>): ApiResources {
  const versions = records(answer['items']).flatMap((item) => {
    const group = textOf(isRecord(item['metadata']) ? item['metadata']['name'] : undefined);
    return records(item['versions']).map((version) => ({
      group,
      version: textOf(version['version']),
      isStale: version['freshness'] === 'Stale',
      resources: records(version['resources']),
    }));
  });
  return {
    resources: versions.flatMap(({ group, version, resources }) => resources.flatMap((resource) => readResource(group, version, resource))),
    failures: versions
      .filter(({ isStale }) => isStale)
      .map(({ group, version }) => ({
        groupVersion: group === '' ? version : `${group}/${version}`,
        message: 'its server does not answer; what is known of it is old',
      })),
  };
}

function readResource(group: string, version: string, resource: Readonly<Record<string, unknown>>): readonly ApiResource[] {
  const kind = isRecord(resource['responseKind']) ? textOf(resource['responseKind']['kind']) : '';
  const name = textOf(resource['resource']);
  if (name === '' || kind === '') return [];
  return [
    {
      group,
      version,
      resource: name,
      kind,
      singular: textOf(resource['singularResource']) || kind.toLowerCase(),
      shortNames: texts(resource['shortNames']),
      categories: texts(resource['categories']),
      namespaced: resource['scope'] === 'Namespaced',
      verbs: texts(resource['verbs']),
      subresources: records(resource['subresources']).map((below) => textOf(below['subresource'])),
    },
  ];
}
