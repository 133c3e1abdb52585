import { isApiError } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import type { Change } from '../../api/types.ts';
import { timestamp } from '../../clock.ts';
import type { Json, JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { compact, controllerManager, count, findKey, keyOf, unless, writeStatus } from '../context.ts';
import { availableIn, isActive, isAvailable, isReady, ownerReference, podOf, replicasOf } from '../pods.ts';
import { doomedFirst } from './replica-order.ts';

interface Flavour {
  readonly resource: 'replicasets.apps' | 'replicationcontrollers';
  readonly kind: string;
  readonly component: string;
  /** The selector as a LabelSelector. */
  readonly selector: (object: KubeObject) => Json | undefined;
}

/** ReplicaSets: as many pods of the template as wanted. */
export function replicaSets(context: WorldContext): Controller {
  return replicas(context, {
    resource: 'replicasets.apps',
    kind: 'ReplicaSet',
    component: 'replicaset-controller',
    selector: (object) => specOf(object).selector,
  });
}

/** ReplicationControllers: the same with a plain map as the selector. */
export function replicationControllers(context: WorldContext): Controller {
  return replicas(context, {
    resource: 'replicationcontrollers',
    kind: 'ReplicationController',
    component: 'replication-controller',
    selector: (object) => ({ matchLabels: asMap(specOf(object).selector) }),
  });
}

function replicas(context: WorldContext, flavour: Flavour): Controller {
  const { api, cache } = context;
  return {
    name: flavour.component,
    keys: (change) => keysFor(context, flavour, change),
    sync(key) {
      const set = findKey(api, flavour.resource, key);
      if (!set) return;
      const pods = claimedPods(context, flavour, set);
      const failure = set.metadata.deletionTimestamp ? undefined : manage(context, flavour, set, pods.filter(isActive));
      const mine = cache.controlled('pods', set.metadata.uid ?? '');
      const current = findKey(api, flavour.resource, key);
      if (!current) return;
      writeStatus(api, flavour.resource, current, statusFor(context, flavour, current, { pods: mine, failure: failure?.condition }));
      awaitAvailable(context, flavour, set, mine);
      if (failure) throw failure.error;
    },
  };
}

function* keysFor(
  { cache }: WorldContext,
  { resource, kind, selector }: Flavour,
  { resource: info, object, previous }: Change,
): Iterable<string> {
  if (info.storage === resource) yield keyOf(object);
  if (info.storage !== 'pods') return;
  for (const pod of [object, previous]) {
    const owner = pod && controllerOf(pod);
    if (owner?.kind === kind) yield `${namespaceOf(object)}/${owner.name}`;
  }
  if (controllerOf(object)) return;
  for (const set of cache.inNamespace(resource, namespaceOf(object)))
    if (matchesSelector(object.metadata.labels, selector(set))) yield keyOf(set);
}

/** The pods of a set: it adopts those that match and belong to nobody, and lets go those that match no longer. */
function claimedPods({ api, cache }: WorldContext, { selector }: Flavour, set: KubeObject): KubeObject[] {
  const uid = set.metadata.uid ?? '';
  const wanted = selector(set);
  const kept: KubeObject[] = [];
  for (const pod of cache.controlled('pods', uid)) {
    if (matchesSelector(pod.metadata.labels, wanted)) kept.push(pod);
    else if (!set.metadata.deletionTimestamp) {
      const ownerReferences = (pod.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      unless(['NotFound', 'Invalid'], () =>
        api.update('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences } }, { fieldManager: controllerManager }),
      );
    }
  }
  if (set.metadata.deletionTimestamp) return kept;
  for (const pod of cache.orphans(namespaceOf(set))) {
    if (!isActive(pod) || !matchesSelector(pod.metadata.labels, wanted)) continue;
    const ownerReferences = [...(pod.metadata.ownerReferences ?? []), ownerReference(set)];
    const adopted = unless(['NotFound', 'Invalid'], () =>
      api.update('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences } }, { fieldManager: controllerManager }),
    );
    if (adopted) kept.push(adopted);
  }
  return kept;
}

interface Failure {
  readonly error: unknown;
  readonly condition: JsonMap;
}

/** Creates or deletes pods; the failure that stopped it. */
function manage(context: WorldContext, flavour: Flavour, set: KubeObject, active: readonly KubeObject[]): Failure | undefined {
  const missing = replicasOf(set) - active.length;
  if (missing > 0) return createPods(context, flavour, set, missing);
  for (const pod of doomedFirst(active).slice(0, -missing)) {
    unless(['NotFound'], () => context.api.delete('pods', nameOf(pod), namespaceOf(pod)));
    context.events.record({
      object: set,
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${nameOf(pod)}`,
      component: flavour.component,
    });
  }
  return undefined;
}

/** In batches of 1, 2, 4, ...: a batch with a failure is the last one. */
function createPods({ api, events }: WorldContext, { component }: Flavour, set: KubeObject, missing: number): Failure | undefined {
  let left = missing;
  for (let batch = 1; left > 0; batch *= 2) {
    let failure: Failure | undefined;
    for (let index = Math.min(batch, left); index > 0; index--) {
      try {
        const pod = api.create('pods', podOf(set, specOf(set).template), { fieldManager: controllerManager });
        events.record({ object: set, type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${nameOf(pod)}`, component });
      } catch (error) {
        if (!isApiError(error)) throw error;
        if (error.message.includes('because it is being terminated')) return undefined;
        events.record({ object: set, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${error.message}`, component });
        failure ??= { error, condition: { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: error.message } };
      }
    }
    if (failure) return failure;
    left -= Math.min(batch, left);
  }
  return undefined;
}

interface Observed {
  readonly pods: readonly KubeObject[];
  readonly failure: JsonMap | undefined;
}

function statusFor({ api }: WorldContext, flavour: Flavour, set: KubeObject, { pods, failure }: Observed): JsonMap {
  const active = pods.filter(isActive);
  const labels = asMap(asMap(asMap(specOf(set).template).metadata).labels);
  const seconds = asNumber(specOf(set).minReadySeconds);
  const number = (test: (pod: KubeObject) => boolean): number => active.filter(test).length;
  const old = asMaps(statusOf(set).conditions);
  const others = old.filter(({ type }) => type !== 'ReplicaFailure');
  const standing = old.find(({ type }) => type === 'ReplicaFailure');
  const conditions = failure ? [...others, standing ?? { ...failure, lastTransitionTime: timestamp(api.clock.now()) }] : others;
  return compact({
    replicas: active.length,
    fullyLabeledReplicas: count(number((pod) => Object.keys(labels).every((key) => pod.metadata.labels?.[key] === labels[key]))),
    readyReplicas: count(number(isReady)),
    availableReplicas: count(number((pod) => isAvailable(pod, seconds, api.clock.now()))),
    terminatingReplicas:
      flavour.resource === 'replicasets.apps'
        ? pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isActive(pod)).length
        : undefined,
    observedGeneration: set.metadata.generation,
    conditions: conditions.length > 0 ? conditions : undefined,
  });
}

/** With minReadySeconds a pod becomes available without any change: looks again then. */
function awaitAvailable(context: WorldContext, { component }: Flavour, set: KubeObject, pods: readonly KubeObject[]): void {
  const seconds = asNumber(specOf(set).minReadySeconds);
  if (seconds === 0) return;
  const now = context.api.clock.now();
  const waits = pods.filter((pod) => isReady(pod) && !isAvailable(pod, seconds, now)).map((pod) => availableIn(pod, seconds, now));
  if (waits.length > 0) context.later(component, keyOf(set), Math.max(1, Math.min(...waits)));
}
