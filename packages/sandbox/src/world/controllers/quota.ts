import type { KubeObject } from '../../api/object.ts';
import { namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Change } from '../../api/types.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asText } from '../../json.ts';
import { formatQuantity, isBinaryQuantity, parseQuantity } from '../../schema/quantity.ts';
import type { Controller, WorldContext } from '../context.ts';
import { findKey, keyOf, writeStatus } from '../context.ts';
import { isEnded, texts } from '../pods.ts';
import { podResources } from '../scheduler/resources.ts';

const one = 1_000_000_000n;

/** Counts that a quota knows by a short name. */
const shortNames = new Map([
  ['pods', 'pods'],
  ['services', 'services'],
  ['configmaps', 'configmaps'],
  ['secrets', 'secrets'],
  ['persistentvolumeclaims', 'persistentvolumeclaims'],
  ['replicationcontrollers', 'replicationcontrollers'],
  ['resourcequotas', 'resourcequotas'],
]);

/** Keeps what ResourceQuotas say is used. */
export function quotas(context: WorldContext): Controller {
  const { api, cache } = context;
  return {
    name: 'resourcequota-controller',
    keys: (change) => keysFor(context, change),
    sync(key) {
      const quota = findKey(api, 'resourcequotas', key);
      if (!quota || quota.metadata.deletionTimestamp) return;
      const hard = texts(specOf(quota).hard);
      const used = Object.fromEntries(Object.keys(hard).map((name) => [name, usage(name)]));
      writeStatus(api, 'resourcequotas', quota, { hard, used });

      function usage(name: string): string {
        const before = asText(asMap(statusOf(quota ?? { apiVersion: '', kind: '', metadata: {} }).used)[name]);
        const { total, binary } = measure(name);
        return formatQuantity(total, binary || isBinaryQuantity(before) ? 'binary' : 'decimal');
      }
      function measure(name: string): { readonly total: bigint; readonly binary: boolean } {
        const namespace = namespaceOf(quota ?? { apiVersion: '', kind: '', metadata: {} });
        const counted = name.startsWith('count/') ? name.slice('count/'.length) : (shortNames.get(name) ?? '');
        if (counted === 'pods' && !name.startsWith('count/')) return { total: BigInt(livePods(namespace).length) * one, binary: false };
        if (counted !== '') return { total: BigInt(cache.inNamespace(counted, namespace).length) * one, binary: false };
        if (name.startsWith('services.')) {
          const services = cache.inNamespace('services', namespace);
          const type = name === 'services.nodeports' ? ['NodePort', 'LoadBalancer'] : ['LoadBalancer'];
          const matching = services.filter((service) => type.includes(asText(specOf(service).type)));
          const total =
            name === 'services.nodeports'
              ? matching.reduce((sum, service) => sum + asMaps(specOf(service).ports).length, 0)
              : matching.length;
          return { total: BigInt(total) * one, binary: false };
        }
        if (name.endsWith('requests.storage')) return storage(name, namespace);
        const part = name.startsWith('limits.') ? 'limits' : 'requests';
        const resource = name.replace(/^(requests|limits)\./, '');
        return sum(livePods(namespace).map((pod) => podResources(specOf(pod), part).get(resource)));
      }
      function livePods(namespace: string): KubeObject[] {
        return cache.inNamespace('pods', namespace).filter((pod) => !isEnded(pod));
      }
      function storage(name: string, namespace: string): { readonly total: bigint; readonly binary: boolean } {
        const className = name.includes('.storageclass.storage.k8s.io/') ? name.split('.storageclass.storage.k8s.io/')[0] : undefined;
        const claims = cache
          .inNamespace('persistentvolumeclaims', namespace)
          .filter((claim) => className === undefined || specOf(claim).storageClassName === className);
        return sum(claims.map((claim) => asText(asMap(asMap(specOf(claim).resources).requests).storage)));
      }
    },
  };
}

function sum(quantities: readonly (string | undefined)[]): { readonly total: bigint; readonly binary: boolean } {
  let total = 0n;
  let binary = false;
  for (const text of quantities) {
    if (text === undefined || text === '') continue;
    total += parseQuantity(text) ?? 0n;
    binary ||= isBinaryQuantity(text);
  }
  return { total, binary };
}

const shape = (object: KubeObject | undefined): string =>
  JSON.stringify([
    object ? isEnded(object) : null,
    asMap(object?.spec).containers,
    asMap(object?.spec).type,
    asMap(object?.spec).resources,
  ] satisfies (JsonMap[string] | null)[]);

function* keysFor({ cache }: WorldContext, { type, resource, object, previous }: Change): Iterable<string> {
  if (resource.storage === 'resourcequotas' && type !== 'deleted') yield keyOf(object);
  if (!resource.namespaced || resource.storage === 'events') return;
  if (type === 'modified' && shape(previous) === shape(object)) return;
  for (const quota of cache.inNamespace('resourcequotas', namespaceOf(object))) yield keyOf(quota);
}
