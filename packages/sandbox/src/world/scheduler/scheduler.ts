import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Change } from '../../api/types.ts';
import { timestamp } from '../../clock.ts';
import { asList, asMap, asMaps, asNumber, asText, equal } from '../../json.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import { withCondition } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { findKey, keyOf, unless, write, writeStatusAs } from '../context.ts';
import { isEnded, texts } from '../pods.ts';
import type { Placed } from './affinity.ts';
import { preference } from './affinity.ts';
import type { Load, Obstacle } from './filters.ts';
import { claimObstacle, loadOf, obstacle, siblings, waitsForPod } from './filters.ts';
import { podAmounts } from './resources.ts';

const component = 'default-scheduler';
/** Pods that nobody helps are looked at again after this time. */
const flushMs = 300_000;
/** How long a pod that failed waits before a change that may help it is acted on. */
const backoffMs = 1000;

/** The scheduler: filters nodes, prefers the emptier ones, binds; or says why no node takes the pod. */
export function scheduler(context: WorldContext): Controller {
  const { api } = context;
  /** Pods that no node took, by key. */
  const waiting = new Set<string>();
  return {
    name: component,
    *keys(change) {
      const { resource, object, type } = change;
      if (resource.storage === 'pods' && type === 'added' && isPending(object)) yield keyOf(object);
      if (resource.storage === 'pods' && type === 'deleted') waiting.delete(keyOf(object));
      if (
        resource.storage === 'pods' &&
        type === 'modified' &&
        isPending(object) &&
        !equal(asList(specOf(object).schedulingGates), asList(specOf(change.previous ?? object).schedulingGates))
      )
        yield keyOf(object);
      if (waiting.size > 0 && mayHelp(change)) for (const key of waiting) context.later(component, key, backoffMs);
    },
    sync(key) {
      const pod = findKey(api, 'pods', key);
      if (!pod || !isPending(pod)) {
        waiting.delete(key);
        return;
      }
      if (asList(specOf(pod).schedulingGates).length > 0) return;
      if (schedule(context, pod)) waiting.delete(key);
      else {
        waiting.add(key);
        context.later(component, key, flushMs);
      }
    },
  };
}

function isPending(pod: KubeObject): boolean {
  return (
    asText(specOf(pod).nodeName) === '' &&
    !pod.metadata.deletionTimestamp &&
    !isEnded(pod) &&
    (asText(specOf(pod).schedulerName) || component) === component
  );
}

/** Changes after which a pod may fit that did not before. */
function mayHelp({ type, resource: { storage }, object, previous }: Change): boolean {
  if (storage === 'pods')
    return (
      asText(specOf(object).nodeName) !== '' && (type === 'deleted' || (isEnded(object) && previous !== undefined && !isEnded(previous)))
    );
  if (storage === 'nodes') {
    if (type !== 'modified') return type === 'added';
    return !(
      equal(object.spec, previous?.spec) &&
      equal(object.metadata.labels, previous?.metadata.labels) &&
      equal(statusOf(object).allocatable, asMap(previous?.status).allocatable)
    );
  }
  if (storage === 'persistentvolumeclaims') return type !== 'modified' || statusOf(object).phase !== asMap(previous?.status).phase;
  return storage === 'storageclasses.storage.k8s.io' && type === 'added';
}

function allPlaced({ cache }: WorldContext, nodes: readonly KubeObject[]): Placed[] {
  return nodes.flatMap((node) => cache.onNode(nameOf(node)).flatMap((pod) => (isEnded(pod) ? [] : [{ pod, node }])));
}

function schedule(context: WorldContext, pod: KubeObject): boolean {
  const { cache } = context;
  const nodes = cache.all('nodes');
  if (nodes.length === 0) return refuse(context, pod, 'no nodes available to schedule pods');
  const heading = `0/${nodes.length} nodes are available: `;
  const missing = claimObstacle(context, pod);
  if (missing) return refuse(context, pod, `${heading}${missing}. not found`);
  const placed = allPlaced(context, nodes);
  const loads = new Map(nodes.map((node) => [node, loadOf(context, node)]));
  const obstacles: Obstacle[] = [];
  const fitting: { readonly node: KubeObject; readonly load: Load }[] = [];
  for (const node of nodes) {
    const load = loads.get(node) ?? { used: new Map(), pods: 0 };
    const found = obstacle(context, pod, node, { nodes, placed, load });
    if (found) obstacles.push(found);
    else fitting.push({ node, load });
  }
  const best = fitting
    .map(({ node, load }) => ({ node, score: score(pod, node, placed, load) }))
    .toSorted((a, b) => b.score - a.score || (nameOf(a.node) < nameOf(b.node) ? -1 : 1))[0];
  if (!best) return refuse(context, pod, `${heading}${explain(obstacles)}`);
  bindClaims(context, pod, best.node);
  bindPod(context, pod, best.node);
  return true;
}

/** Emptier nodes, fewer pods of the same kind and what the pod prefers. */
function score(pod: KubeObject, node: KubeObject, placed: readonly Placed[], load: Load): number {
  const allocatable = asMap(statusOf(node).allocatable);
  const requests = podAmounts(specOf(pod));
  const free = ['cpu', 'memory'].map((name) => {
    const total = Number(parseQuantity(asText(allocatable[name])) ?? 0n);
    const used = Number((load.used.get(name) ?? 0n) + (requests.get(name) ?? 0n));
    return total === 0 ? 0 : (total - used) / total;
  });
  const soft = asMaps(specOf(node).taints).filter(({ effect }) => effect === 'PreferNoSchedule').length;
  return (
    preference(specOf(pod), node) +
    free.reduce((sum, part) => sum + part, 0) * 50 -
    siblings(pod, node, placed) * 40 -
    load.pods / 100 -
    soft * 300
  );
}

function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(', ');
}

/** The scheduler's sentence about why no node is available, and whether preemption would help. */
function explain(obstacles: readonly Obstacle[]): string {
  const reasons = counted(obstacles.flatMap(({ reasons: each }) => each));
  const preemption = counted(
    obstacles.map(({ resolvable }) =>
      resolvable ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
    ),
  );
  return `${reasons}. no new claims to deallocate, preemption: 0/${obstacles.length} nodes are available: ${preemption}.`;
}

function refuse({ api, events }: WorldContext, pod: KubeObject, message: string): false {
  const happening = { object: pod, type: 'Warning' as const, reason: 'FailedScheduling', message, component, action: 'Scheduling' };
  events.series(happening);
  const conditions = withCondition(
    asMaps(statusOf(pod).conditions),
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    timestamp(api.clock.now()),
  ).map((condition) =>
    condition.type === 'PodScheduled' ? { ...condition, observedGeneration: asNumber(pod.metadata.generation, 1) } : condition,
  );
  writeStatusAs('kube-scheduler', api, { resource: 'pods', object: pod, status: { ...statusOf(pod), conditions } });
  return false;
}

/** Tells the provisioner which node a claim is wanted on. */
function bindClaims({ api }: WorldContext, pod: KubeObject, node: KubeObject): void {
  for (const volume of asMaps(specOf(pod).volumes)) {
    const claim = api.find('persistentvolumeclaims', asText(asMap(volume.persistentVolumeClaim).claimName), namespaceOf(pod));
    if (!claim || statusOf(claim).phase === 'Bound') continue;
    if (!waitsForPod(api.find('storageclasses.storage.k8s.io', asText(specOf(claim).storageClassName)))) continue;
    const annotations = { ...texts(claim.metadata.annotations), 'volume.kubernetes.io/selected-node': nameOf(node) };
    write(api, 'persistentvolumeclaims', { ...claim, metadata: { ...claim.metadata, annotations } });
  }
}

const topologyLabels = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'];

function bindPod({ api, events }: WorldContext, pod: KubeObject, node: KubeObject): void {
  const now = timestamp(api.clock.now());
  const { PodScheduled: _, ...others } = Object.fromEntries(
    asMaps(statusOf(pod).conditions).map((condition) => [asText(condition.type), condition]),
  );
  const conditions = [...Object.values(others), { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now }];
  const labels = { ...pod.metadata.labels };
  for (const label of topologyLabels) {
    const value = node.metadata.labels?.[label];
    if (value !== undefined) labels[label] = value;
  }
  const next = {
    ...pod,
    metadata: { ...pod.metadata, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: { ...specOf(pod), nodeName: nameOf(node) },
    status: { ...statusOf(pod), conditions },
  };
  const bound = unless(['NotFound'], () => api.update('pods', next, { subresource: 'binding', fieldManager: 'kube-scheduler' }));
  if (!bound) return;
  const message = `Successfully assigned ${namespaceOf(pod)}/${nameOf(pod)} to ${nameOf(node)}`;
  events.series({ object: pod, type: 'Normal', reason: 'Scheduled', message, component, action: 'Binding' });
}
