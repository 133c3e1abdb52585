import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Change } from '../../api/types.ts';
import type { Json, JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, asText, equal } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { controllerManager, findKey, keyOf, splitKey, unless, write } from '../context.ts';
import { isReady, ownerReference, texts } from '../pods.ts';

/** One pod behind a Service. */
interface Backend {
  readonly pod: KubeObject;
  readonly ip: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly ports: readonly JsonMap[];
}

/** EndpointSlices (and Endpoints) of Services with a selector. */
export function endpoints(context: WorldContext): Controller {
  const { api } = context;
  return {
    name: 'endpointslice-controller',
    keys: (change) => keysFor(context, change),
    sync(key) {
      const service = findKey(api, 'services', key);
      const { namespace, name } = splitKey(key);
      if (!service) {
        unless(['NotFound'], () => api.delete('endpoints', name, namespace));
        return;
      }
      if (service.metadata.deletionTimestamp || !isSelecting(service)) return;
      const backends = backendsOf(context, service);
      writeSlice(context, service, backends);
      writeEndpoints(context, service, backends);
    },
  };
}

const isSelecting = (service: KubeObject): boolean =>
  Object.keys(asMap(specOf(service).selector)).length > 0 && specOf(service).type !== 'ExternalName';

function* keysFor({ cache }: WorldContext, { resource, object, previous }: Change): Iterable<string> {
  if (resource.storage === 'services') yield keyOf(object);
  if (resource.storage !== 'pods') return;
  const shown = (pod: KubeObject | undefined): Json => [
    asText(statusOf(pod ?? object).podIP),
    pod ? isReady(pod) : false,
    pod?.metadata.deletionTimestamp ?? '',
    { ...pod?.metadata.labels },
    asText(statusOf(pod ?? object).phase),
  ];
  if (previous && previous !== object && object.metadata.deletionTimestamp === undefined && equal(shown(previous), shown(object))) return;
  for (const service of cache.inNamespace('services', namespaceOf(object))) {
    if (isSelecting(service) && [object, previous].some((pod) => pod && selects(service, pod))) yield keyOf(service);
  }
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  return Object.entries(texts(specOf(service).selector)).every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function targetPort(pod: KubeObject, port: JsonMap): number | undefined {
  const target = port.targetPort;
  if (typeof target === 'number') return target;
  for (const container of asMaps(specOf(pod).containers)) {
    for (const named of asMaps(container.ports))
      if (named.name === target && (named.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return asNumber(named.containerPort);
  }
  return undefined;
}

function backendsOf({ cache }: WorldContext, service: KubeObject): Backend[] {
  const found: Backend[] = [];
  for (const pod of cache.inNamespace('pods', namespaceOf(service))) {
    const status = statusOf(pod);
    const ip = asText(status.podIP);
    if (ip === '' || !selects(service, pod) || status.phase === 'Succeeded' || status.phase === 'Failed') continue;
    const ports = asMaps(specOf(service).ports).flatMap((port): JsonMap[] => {
      const number = targetPort(pod, port);
      const name = asText(port.name);
      return number === undefined
        ? []
        : [
            {
              ...(name === '' ? {} : { name }),
              port: number,
              protocol: asText(port.protocol) || 'TCP',
              ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
            },
          ];
    });
    const ready = isReady(pod) || specOf(service).publishNotReadyAddresses === true;
    found.push({ pod, ip, ready, terminating: pod.metadata.deletionTimestamp !== undefined, ports });
  }
  return found;
}

const targetRef = (pod: KubeObject): JsonMap => ({ kind: 'Pod', namespace: namespaceOf(pod), name: nameOf(pod), uid: pod.metadata.uid });

function hostname(pod: KubeObject, service: KubeObject): JsonMap {
  const { hostname: host, subdomain } = specOf(pod);
  return asText(host) !== '' && subdomain === nameOf(service) ? { hostname: asText(host) } : {};
}

const headless = (service: KubeObject): Record<string, string> =>
  specOf(service).clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};

function writeSlice({ api, cache }: WorldContext, service: KubeObject, backends: readonly Backend[]): void {
  const namespace = namespaceOf(service);
  const labels = {
    ...texts(service.metadata.labels),
    ...headless(service),
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': nameOf(service),
  };
  const entries = backends.map(({ pod, ip, ready, terminating }): JsonMap => {
    const node = asText(specOf(pod).nodeName);
    const zone = api.find('nodes', node)?.metadata.labels?.['topology.kubernetes.io/zone'];
    return {
      addresses: [ip],
      conditions: { ready: ready && !terminating, serving: ready, terminating },
      ...hostname(pod, service),
      targetRef: targetRef(pod),
      nodeName: node,
      ...(zone === undefined ? {} : { zone }),
    };
  });
  const ports = backends[0]?.ports.map((port): JsonMap => ({ name: '', ...port })) ?? null;
  const content = { addressType: 'IPv4', endpoints: entries.length > 0 ? entries : null, ports: ports && ports.length > 0 ? ports : null };
  const [slice] = cache
    .controlled('endpointslices.discovery.k8s.io', service.metadata.uid ?? '')
    .filter((each) => !each.metadata.deletionTimestamp);
  if (slice) {
    write(api, 'endpointslices.discovery.k8s.io', { ...slice, ...content, metadata: { ...slice.metadata, labels } });
    return;
  }
  unless(['Forbidden'], () =>
    api.create(
      'endpointslices.discovery.k8s.io',
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { generateName: `${nameOf(service)}-`, namespace, labels, ownerReferences: [ownerReference(service)] },
        ...content,
      },
      { fieldManager: controllerManager },
    ),
  );
}

function subsetsOf(service: KubeObject, backends: readonly Backend[]): JsonMap[] {
  const groups = Map.groupBy(
    backends.filter(({ terminating }) => !terminating),
    ({ ports }) => JSON.stringify(ports),
  );
  return [...groups.values()].flatMap((group): JsonMap[] => {
    const address = ({ pod, ip }: Backend): JsonMap => ({
      ip,
      ...hostname(pod, service),
      nodeName: asText(specOf(pod).nodeName),
      targetRef: targetRef(pod),
    });
    const sorted = group.toSorted((a, b) => (a.ip < b.ip ? -1 : 1));
    const ready = sorted.filter((backend) => backend.ready).map(address);
    const notReady = sorted.filter((backend) => !backend.ready).map(address);
    const ports = group[0]?.ports ?? [];
    return [
      {
        ...(ready.length > 0 ? { addresses: ready } : {}),
        ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
        ...(ports.length > 0 ? { ports: [...ports] } : {}),
      },
    ];
  });
}

function writeEndpoints({ api }: WorldContext, service: KubeObject, backends: readonly Backend[]): void {
  const labels = { ...texts(service.metadata.labels), 'endpoints.kubernetes.io/managed-by': 'endpoint-controller', ...headless(service) };
  const subsets = subsetsOf(service, backends);
  const old = api.find('endpoints', nameOf(service), namespaceOf(service));
  if (old) {
    const { subsets: _, ...rest } = old;
    const next: KubeObject = {
      ...rest,
      apiVersion: old.apiVersion,
      kind: old.kind,
      metadata: { ...old.metadata, labels },
      ...(subsets.length > 0 ? { subsets } : {}),
    };
    write(api, 'endpoints', next);
    return;
  }
  const metadata = { name: nameOf(service), namespace: namespaceOf(service), labels };
  unless(['Forbidden'], () =>
    api.create(
      'endpoints',
      { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length > 0 ? { subsets } : {}) },
      { fieldManager: controllerManager },
    ),
  );
}
