import { isApiError } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asNumber, asText } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { compact, count, findKey, keyOf, writeStatus } from '../context.ts';
import { isAvailable, isEnded, isReady, replicasOf } from '../pods.ts';
import { currentRevision, revisionsOf, trimRevisions } from './revisions.ts';
import { createStatefulPod, deleteStatefulPod, ordinalOf } from './stateful-pods.ts';

const resource = 'statefulsets.apps';

/** StatefulSets: pods by ordinal, one after the other, each with claims of its own. */
export function statefulSets(context: WorldContext): Controller {
  const { api, cache } = context;
  return {
    name: 'statefulset-controller',
    *keys({ resource: info, object }) {
      if (info.storage === resource) yield keyOf(object);
      const owner = info.storage === 'pods' ? controllerOf(object) : undefined;
      if (owner?.kind === 'StatefulSet') yield `${namespaceOf(object)}/${owner.name}`;
    },
    sync(key) {
      const set = findKey(api, resource, key);
      if (!set || set.metadata.deletionTimestamp) return;
      const update = currentRevision(context, set, { label: 'controller.kubernetes.io/hash' });
      const known = asText(statusOf(set).currentRevision);
      const current = revisionsOf(context, set).find((revision) => nameOf(revision) === known) ?? update;
      const pods = (): KubeObject[] => cache.controlled('pods', set.metadata.uid ?? '');
      let failure: Error | undefined;
      try {
        step(context, set, { current, update }, pods());
      } catch (error) {
        if (!isApiError(error)) throw error;
        if (!(error instanceof Error)) throw error;
        failure = error;
        const message = `create Pod in StatefulSet ${nameOf(set)} failed error: ${error.message}`;
        context.events.record({ object: set, type: 'Warning', reason: 'FailedCreate', message, component: 'statefulset-controller' });
      }
      const live = findKey(api, resource, key);
      if (live) writeStatus(api, resource, live, statusFor(live, { current, update }, pods(), api.clock.now()));
      trimRevisions(context, set, new Set([nameOf(current), nameOf(update), ...pods().map(revisionLabel)]));
      if (failure) throw failure;
    },
  };
}

interface Revisions {
  readonly current: KubeObject;
  readonly update: KubeObject;
}

const revisionLabel = (pod: KubeObject): string => pod.metadata.labels?.['controller-revision-hash'] ?? '';
const isHealthy = (pod: KubeObject, seconds: number, now: number): boolean =>
  statusOf(pod).phase === 'Running' && isReady(pod) && !pod.metadata.deletionTimestamp && isAvailable(pod, seconds, now);

/** One step: whatever comes first in the order of ordinals; with Parallel everything at once. */
function step(context: WorldContext, set: KubeObject, { current, update }: Revisions, pods: readonly KubeObject[]): void {
  const spec = specOf(set);
  const oneByOne = spec.podManagementPolicy !== 'Parallel';
  const start = asNumber(asMap(spec.ordinals).start);
  const end = start + replicasOf(set);
  const partition = asNumber(asMap(asMap(spec.updateStrategy).rollingUpdate).partition);
  const seconds = asNumber(spec.minReadySeconds);
  const now = context.api.clock.now();
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) {
      createStatefulPod(context, set, ordinal < start + partition ? current : update, ordinal);
      if (oneByOne) return;
    } else if (isEnded(pod) && !pod.metadata.deletionTimestamp) {
      deleteStatefulPod(context, set, pod);
      if (oneByOne) return;
    } else if (oneByOne && !isHealthy(pod, seconds, now)) {
      // Also where the pod is of an old revision and will never be ready: it has to be deleted by hand, as in a real cluster.
      return;
    }
  }
  const condemned = pods.filter((pod) => ordinalOf(pod) < start || ordinalOf(pod) >= end).toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of condemned) {
    if (!pod.metadata.deletionTimestamp) deleteStatefulPod(context, set, pod);
    if (oneByOne) return;
  }
  if (asMap(spec.updateStrategy).type === 'OnDelete') return;
  for (let ordinal = end - 1; ordinal >= start + partition; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) return;
    if (revisionLabel(pod) !== nameOf(update) && !pod.metadata.deletionTimestamp) return deleteStatefulPod(context, set, pod);
    if (!isHealthy(pod, seconds, now)) return;
  }
}

function statusFor(set: KubeObject, { current, update }: Revisions, pods: readonly KubeObject[], now: number): JsonMap {
  const seconds = asNumber(specOf(set).minReadySeconds);
  const alive = pods.filter((pod) => !pod.metadata.deletionTimestamp && !isEnded(pod));
  const of = (revision: KubeObject): number => alive.filter((pod) => revisionLabel(pod) === nameOf(revision)).length;
  const ready = alive.filter(isReady);
  const updated = of(update);
  const done = updated === replicasOf(set) && ready.length === replicasOf(set) && pods.length === replicasOf(set);
  return compact({
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: count(ready.length),
    currentReplicas: count(done ? updated : of(current)),
    updatedReplicas: count(updated),
    currentRevision: nameOf(done ? update : current),
    updateRevision: nameOf(update),
    collisionCount: 0,
    availableReplicas: alive.filter((pod) => isAvailable(pod, seconds, now)).length,
  });
}
