import { notFound } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import { matchesRequirements, parseLabelSelector } from '../api/selectors.ts';
import { timestamp } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asMaps, asText } from '../json.ts';
import { formatQuantity } from '../schema/quantity.ts';
import type { Column } from '../data.ts';
import { columnTable } from '../data.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { negotiate } from './negotiate.ts';
import { respond } from './respond.ts';

/** Over how long usage is measured, as metrics-server says. */
const windowText = '10.038s';

interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

const usageOf = ({ cpu, memory }: Usage): JsonMap => ({
  cpu: formatQuantity(BigInt(Math.round(cpu))),
  memory: `${Math.round(memory / 1024)}Ki`,
});

/** Answers metrics.k8s.io: what pods and nodes use now. */
export function handleMetrics(call: Call, info: ResourceInfo): ApiResponse {
  const { engine } = call.server;
  const requirements = parseLabelSelector(call.request.query.get('labelSelector') ?? '');
  const wanted = (object: KubeObject): boolean =>
    (call.info.name === '' || nameOf(object) === call.info.name) && matchesRequirements(object.metadata.labels, requirements);
  const objects: JsonMap[] =
    info.resource === 'nodes'
      ? engine
          .list('nodes')
          .filter(wanted)
          .map((node) => nodeMetrics(call, node))
      : engine
          .list('pods', { namespace: call.info.namespace })
          .filter(wanted)
          .flatMap((pod) => podMetrics(call, pod));
  const representation = negotiate(call.request.headers.get('accept'));
  const [first] = objects;
  if (call.info.name !== '' && !first) throw notFound({ group: '', resource: info.resource }, call.info.name);
  if (representation.as === 'table') return respond(call.request, 200, table(info, objects, representation.version));
  if (call.info.name !== '' && first) return respond(call.request, 200, first);
  return respond(call.request, 200, {
    kind: `${info.kind}List`,
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {},
    items: objects.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
  });
}

function base(call: Call, object: KubeObject, kind: string): JsonMap {
  const time = timestamp(call.server.engine.clock.now());
  const { labels } = object.metadata;
  const namespace = namespaceOf(object);
  return {
    kind,
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: { name: nameOf(object), ...(namespace === '' ? {} : { namespace }), creationTimestamp: time, ...(labels ? { labels } : {}) },
    timestamp: time,
    window: windowText,
  };
}

function podMetrics(call: Call, pod: KubeObject): JsonMap[] {
  if (statusOf(pod).phase !== 'Running') return [];
  const containers = asMaps(specOf(pod).containers).flatMap((container) => {
    const usage = call.server.kubelet.usage(pod, asText(container.name));
    return usage ? [{ name: asText(container.name), usage: usageOf({ cpu: usage.cpuNanocores, memory: usage.memoryBytes }) }] : [];
  });
  return containers.length === 0 ? [] : [{ ...base(call, pod, 'PodMetrics'), containers }];
}

function nodeMetrics(call: Call, node: KubeObject): JsonMap {
  const total = { cpu: 0, memory: 0 };
  for (const pod of call.server.engine.list('pods')) {
    if (specOf(pod).nodeName !== nameOf(node) || statusOf(pod).phase !== 'Running') continue;
    for (const container of asMaps(specOf(pod).containers)) {
      const usage = call.server.kubelet.usage(pod, asText(container.name));
      total.cpu += usage?.cpuNanocores ?? 0;
      total.memory += usage?.memoryBytes ?? 0;
    }
  }
  return { ...base(call, node, 'NodeMetrics'), usage: usageOf(total) };
}

function table(info: ResourceInfo, objects: readonly JsonMap[], version: string): JsonMap {
  const columns: readonly Column[] = columnTable()[`metrics.k8s.io/v1beta1/${info.resource}`] ?? [];
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: {},
    columnDefinitions: columns.map((column) => ({ ...column })),
    rows: objects.map((object) => ({
      cells: [asText(asMaps([object.metadata ?? {}])[0]?.name), '', '', windowText],
      object: { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata ?? {} },
    })),
  };
}
