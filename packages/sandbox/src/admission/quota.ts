import { forbidden } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { AdmissionPlugin, AdmissionRequest, Api } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, clone } from '../json.ts';
import { formatQuantity, isBinaryQuantity, parseQuantity } from '../schema/quantity.ts';

/** An amount of a resource that an object counts for. */
export type Usage = ReadonlyMap<string, bigint>;

const one = 10n ** 9n;

/** What an object counts for in a quota, by the names of quotas: `pods`, `requests.memory`, `count/services`, ... */
export function quotaUsage(storage: string, object: KubeObject): Usage {
  const usage = new Map<string, bigint>([[`count/${storage}`, one]]);
  const spec = specOf(object);
  switch (storage) {
    case 'pods': {
      const phase = statusOf(object).phase;
      if (phase === 'Succeeded' || phase === 'Failed') return usage;
      usage.set('pods', one);
      for (const [name, amount] of podResources(spec)) usage.set(name, amount);
      return usage;
    }
    case 'services': {
      usage.set('services', one);
      const ports = asMaps(spec.ports).length;
      if (spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false))
        usage.set('services.nodeports', BigInt(ports) * one);
      if (spec.type === 'LoadBalancer') usage.set('services.loadbalancers', one);
      return usage;
    }
    case 'persistentvolumeclaims': {
      usage.set('persistentvolumeclaims', one);
      const size = parseQuantity(asText(asMap(asMap(spec.resources).requests).storage)) ?? 0n;
      usage.set('requests.storage', size);
      const storageClass = asText(spec.storageClassName);
      if (storageClass !== '') {
        usage.set(`${storageClass}.storageclass.storage.k8s.io/requests.storage`, size);
        usage.set(`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`, one);
      }
      return usage;
    }
    default:
      usage.set(storage, one);
      return usage;
  }
}

function podResources(spec: JsonMap): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const part of ['requests', 'limits'] as const) {
    const total = new Map<string, bigint>();
    for (const container of asMaps(spec.containers)) {
      for (const [name, value] of Object.entries(asMap(asMap(container.resources)[part])))
        total.set(name, (total.get(name) ?? 0n) + (parseQuantity(asText(value)) ?? 0n));
    }
    for (const container of asMaps(spec.initContainers)) {
      for (const [name, value] of Object.entries(asMap(asMap(container.resources)[part]))) {
        const amount = parseQuantity(asText(value)) ?? 0n;
        if (amount > (total.get(name) ?? 0n)) total.set(name, amount);
      }
    }
    for (const [name, amount] of total) {
      sums.set(`${part}.${name}`, amount);
      if (part === 'requests') sums.set(name, amount);
    }
  }
  return sums;
}

/** Whether a quota's scopes take an object in. */
export function inScope(quota: KubeObject, storage: string, object: KubeObject): boolean {
  const scopes = asList(specOf(quota).scopes).map(asText);
  if (scopes.length === 0) return true;
  if (storage !== 'pods') return false;
  const spec = specOf(object);
  const bestEffort = statusOf(object).qosClass === 'BestEffort';
  const terminating = spec.activeDeadlineSeconds !== undefined;
  return scopes.every((scope) => {
    if (scope === 'BestEffort' || scope === 'NotBestEffort') return bestEffort === (scope === 'BestEffort');
    if (scope === 'Terminating' || scope === 'NotTerminating') return terminating === (scope === 'Terminating');
    return false;
  });
}

/** Resources that a pod must ask for where a quota counts them. */
const mustAsk = /^(requests\.|limits\.)?(cpu|memory)$/;

/** Refuses what exceeds a quota and counts what does not. */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(request, api) {
    if (request.operation === 'delete' || request.subresource !== undefined || !request.resource.namespaced) return;
    const quotas = api.list('resourcequotas', { namespace: request.namespace });
    if (quotas.length === 0 || request.resource.storage === 'resourcequotas') return;
    const before = request.old ? quotaUsage(request.resource.storage, request.old) : new Map<string, bigint>();
    const usage = quotaUsage(request.resource.storage, request.object);
    const counted = quotas.filter((quota) => inScope(quota, request.resource.storage, request.object));
    for (const quota of counted) check(request, quota, { usage, before });
    if (!request.dryRun) for (const quota of counted) count(api, quota, { usage, before });
  },
};

interface Delta {
  readonly usage: Usage;
  readonly before: Usage;
}

const quantity = (value: JsonMap[string]): bigint => parseQuantity(asText(value)) ?? 0n;

function deltas(quota: KubeObject, { usage, before }: Delta): { name: string; delta: bigint; hard: string; used: string }[] {
  const hard = asMap(statusOf(quota).hard ?? specOf(quota).hard);
  const used = asMap(statusOf(quota).used);
  return Object.keys(hard)
    .sort()
    .flatMap((name) => {
      const delta = (usage.get(name) ?? 0n) - (before.get(name) ?? 0n);
      return usage.has(name) && delta !== 0n ? [{ name, delta, hard: asText(hard[name]), used: asText(used[name]) || '0' }] : [];
    });
}

function check(request: AdmissionRequest, quota: KubeObject, delta: Delta): void {
  const name = quota.metadata.name ?? '';
  if (request.resource.storage === 'pods' && request.operation === 'create') {
    const hard = Object.keys(asMap(specOf(quota).hard))
      .filter((resource) => mustAsk.test(resource))
      .sort();
    const missing = hard
      .map((resource) => ({ resource, containers: withoutResource(specOf(request.object), resource) }))
      .filter(({ containers }) => containers.length > 0);
    if (missing.length > 0) {
      const text = missing.map(({ resource, containers }) => `${resource} for: ${containers.join(',')}`).join('; ');
      throw forbidden(request.resource, request.name, `failed quota: ${name}: must specify ${text}`);
    }
  }
  const over = deltas(quota, delta).filter((entry) => entry.delta > 0n && quantity(entry.used) + entry.delta > quantity(entry.hard));
  if (over.length === 0) return;
  const list = (value: (entry: (typeof over)[number]) => string): string => over.map((entry) => `${entry.name}=${value(entry)}`).join(',');
  throw forbidden(
    request.resource,
    request.name,
    `exceeded quota: ${name}, requested: ${list(({ delta: amount, hard }) => formatQuantity(amount, isBinaryQuantity(hard) ? 'binary' : 'decimal'))}, used: ${list(({ used }) => used)}, limited: ${list(({ hard }) => hard)}`,
  );
}

function withoutResource(spec: JsonMap, resource: string): string[] {
  const [part, name] = resource.includes('.') ? resource.split('.') : ['requests', resource];
  return [...asMaps(spec.containers), ...asMaps(spec.initContainers)]
    .filter((container) => asMap(asMap(container.resources)[part ?? ''])[name ?? ''] === undefined)
    .map((container) => asText(container.name));
}

/** The server writes the new usage with the object; the controller only corrects it. */
function count(api: Api, quota: KubeObject, delta: Delta): void {
  const changes = deltas(quota, delta);
  if (changes.length === 0 || statusOf(quota).hard === undefined) return;
  const next = clone(quota);
  const used = { ...asMap(statusOf(quota).used) };
  for (const { name, delta: amount, hard } of changes) {
    const binary = isBinaryQuantity(hard) || isBinaryQuantity(asText(used[name]));
    used[name] = formatQuantity(quantity(used[name]) + amount, binary ? 'binary' : 'decimal');
  }
  next.status = { ...statusOf(quota), used };
  api.update('resourcequotas', next, { subresource: 'status', fieldManager: 'kube-apiserver' });
}
