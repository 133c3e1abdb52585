import { isApiError } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Change } from '../../api/types.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, asText, clone } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { compact, controllerManager, count, findKey, keyOf, unless, writeStatus } from '../context.ts';
import { isAvailable, isEnded, isReady, podOf, resolveIntOrPercent } from '../pods.ts';
import { matchesNode } from '../scheduler/affinity.ts';
import { untolerated } from '../scheduler/taints.ts';
import { currentRevision, trimRevisions } from './revisions.ts';

const resource = 'daemonsets.apps';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** Every daemon bears these taints. */
const daemonTolerations: readonly JsonMap[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

/** DaemonSets: a pod on every node that takes it. */
export function daemonSets(context: WorldContext): Controller {
  const { api, cache } = context;
  return {
    name: 'daemonset-controller',
    keys: (change) => keysFor(context, change),
    sync(key) {
      const set = findKey(api, resource, key);
      if (!set || set.metadata.deletionTimestamp) return;
      const revision = currentRevision(context, set, { label: 'controller-revision-hash' });
      const hash = revision.metadata.labels?.['controller-revision-hash'] ?? '';
      let failure: Error | undefined;
      try {
        place(context, set, hash);
        update(context, set, hash);
      } catch (error) {
        if (!isApiError(error)) throw error;
        if (!(error instanceof Error)) throw error;
        failure = error;
        context.events.record({
          object: set,
          type: 'Warning',
          reason: 'FailedCreate',
          message: `Error creating: ${error.message}`,
          component: 'daemonset-controller',
        });
      }
      const live = findKey(api, resource, key);
      if (live) writeStatus(api, resource, live, statusFor(context, live, hash));
      const names = cache
        .controlled('pods', set.metadata.uid ?? '')
        .map((pod) => `${nameOf(set)}-${pod.metadata.labels?.['controller-revision-hash'] ?? ''}`);
      trimRevisions(context, set, new Set([nameOf(revision), ...names]));
      if (failure) throw failure;
    },
  };
}

function* keysFor({ cache }: WorldContext, { type, resource: info, object, previous }: Change): Iterable<string> {
  if (info.storage === resource) yield keyOf(object);
  const owner = info.storage === 'pods' ? controllerOf(object) : undefined;
  if (owner?.kind === 'DaemonSet') yield `${namespaceOf(object)}/${owner.name}`;
  if (info.storage !== 'nodes') return;
  const same =
    type === 'modified' &&
    JSON.stringify([object.spec, object.metadata.labels]) === JSON.stringify([previous?.spec, previous?.metadata.labels]);
  if (!same) for (const set of cache.all(resource)) yield keyOf(set);
}

const nodeOf = (pod: KubeObject): string => {
  const bound = asText(specOf(pod).nodeName);
  if (bound !== '') return bound;
  const required = asMap(asMap(asMap(specOf(pod).affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution);
  for (const term of asMaps(required.nodeSelectorTerms)) {
    for (const field of asMaps(term.matchFields))
      if (field.key === 'metadata.name' && Array.isArray(field.values)) return asText(field.values[0]);
  }
  return '';
};

function podSpec(set: KubeObject, node?: string): JsonMap {
  const spec = clone(asMap(asMap(specOf(set).template).spec));
  const known = asMaps(spec.tolerations);
  const more =
    spec.hostNetwork === true ? [{ key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' }] : [];
  spec.tolerations = [
    ...known,
    ...[...daemonTolerations, ...more].filter((added) => !known.some(({ key, effect }) => key === added.key && effect === added.effect)),
  ];
  if (node === undefined) return spec;
  const affinity = asMap(spec.affinity);
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  // The term with the node's name takes the place of what the template requires: that was judged already.
  spec.affinity = {
    ...affinity,
    nodeAffinity: { ...asMap(affinity.nodeAffinity), requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  };
  return spec;
}

/** Nodes that should run the daemon. */
function eligible({ cache }: WorldContext, set: KubeObject): KubeObject[] {
  const spec = podSpec(set);
  return cache.all('nodes').filter((node) => {
    const { unschedulable: _, ...rest } = specOf(node);
    return matchesNode(spec, node) && !untolerated(spec, { ...node, spec: rest }, ['NoSchedule', 'NoExecute']);
  });
}

function place(context: WorldContext, set: KubeObject, hash: string): void {
  const { api, cache, events } = context;
  const nodes = new Set(eligible(context, set).map(nameOf));
  const taken = new Set<string>();
  const remove = (pod: KubeObject): void => {
    unless(['NotFound'], () => api.delete('pods', nameOf(pod), namespaceOf(pod)));
    events.record({
      object: set,
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${nameOf(pod)}`,
      component: 'daemonset-controller',
    });
  };
  for (const pod of cache.controlled('pods', set.metadata.uid ?? '')) {
    const node = nodeOf(pod);
    if (pod.metadata.deletionTimestamp) taken.add(node);
    else if (!nodes.has(node) || taken.has(node) || isEnded(pod)) remove(pod);
    else taken.add(node);
  }
  for (const node of nodes) {
    if (taken.has(node)) continue;
    const generation = set.metadata.annotations?.[generationAnnotation] ?? String(set.metadata.generation ?? 1);
    const pod = podOf(set, specOf(set).template, { labels: { 'controller-revision-hash': hash, 'pod-template-generation': generation } });
    const created = api.create('pods', { ...pod, spec: podSpec(set, node) }, { fieldManager: controllerManager });
    events.record({
      object: set,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${nameOf(created)}`,
      component: 'daemonset-controller',
    });
  }
}

/** Takes away pods of an old revision, as many as may be unavailable. */
function update({ api, cache, events }: WorldContext, set: KubeObject, hash: string): void {
  const strategy = asMap(specOf(set).updateStrategy);
  if (strategy.type === 'OnDelete') return;
  const pods = cache.controlled('pods', set.metadata.uid ?? '');
  const allowed = Math.max(1, resolveIntOrPercent(asMap(strategy.rollingUpdate).maxUnavailable ?? 1, pods.length, Math.ceil));
  const seconds = asNumber(specOf(set).minReadySeconds);
  const old = pods.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] !== hash && !pod.metadata.deletionTimestamp);
  const good = (pod: KubeObject): boolean => !pod.metadata.deletionTimestamp && isAvailable(pod, seconds, api.clock.now());
  let budget = allowed - pods.filter((pod) => !good(pod)).length;
  for (const pod of [...old.filter((each) => !good(each)), ...old.filter(good)]) {
    if (good(pod) && budget-- <= 0) break;
    unless(['NotFound'], () => api.delete('pods', nameOf(pod), namespaceOf(pod)));
    events.record({
      object: set,
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${nameOf(pod)}`,
      component: 'daemonset-controller',
    });
  }
}

function statusFor(context: WorldContext, set: KubeObject, hash: string): JsonMap {
  const nodes = new Set(eligible(context, set).map(nameOf));
  const seconds = asNumber(specOf(set).minReadySeconds);
  const pods = context.cache.controlled('pods', set.metadata.uid ?? '').filter((pod) => !pod.metadata.deletionTimestamp);
  const placed = pods.filter((pod) => nodes.has(nodeOf(pod)));
  const available = placed.filter((pod) => isAvailable(pod, seconds, context.api.clock.now())).length;
  return compact({
    currentNumberScheduled: placed.length,
    numberMisscheduled: pods.length - placed.length,
    desiredNumberScheduled: nodes.size,
    numberReady: placed.filter(isReady).length,
    observedGeneration: set.metadata.generation,
    updatedNumberScheduled: count(placed.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] === hash).length),
    numberAvailable: count(available),
    numberUnavailable: count(nodes.size - available),
    collisionCount: statusOf(set).collisionCount,
  });
}
