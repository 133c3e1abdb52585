import type { KubeObject } from '../../api/object.ts';
import { controllerOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import { timestamp } from '../../clock.ts';
import { asMaps, asNumber } from '../../json.ts';
import { withCondition } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { findKey, keyOf, writeStatus } from '../context.ts';
import { isActive, isReady, replicasOf, resolveIntOrPercent } from '../pods.ts';

const resource = 'poddisruptionbudgets.policy';
const scaled = new Map([
  ['ReplicaSet', 'replicasets.apps'],
  ['StatefulSet', 'statefulsets.apps'],
  ['ReplicationController', 'replicationcontrollers'],
]);

/** Keeps what PodDisruptionBudgets say is allowed. */
export function disruption(context: WorldContext): Controller {
  const { api, cache } = context;
  const expected = (pods: readonly KubeObject[]): number => {
    const owners = new Map(pods.flatMap((pod) => controllerOf(pod) ?? []).map((owner) => [owner.uid, owner]));
    let total = pods.filter((pod) => !controllerOf(pod)).length;
    for (const { kind, name } of owners.values()) {
      const object = api.find(scaled.get(kind) ?? 'replicasets.apps', name, pods[0] ? namespaceOf(pods[0]) : '');
      total += object ? replicasOf(object) : 0;
    }
    return total;
  };
  return {
    name: 'disruption-controller',
    *keys({ resource: { storage }, object, previous }) {
      if (storage === resource) yield keyOf(object);
      if (storage !== 'pods' && storage !== 'replicasets.apps') return;
      if (previous && storage === 'pods' && isReady(previous) === isReady(object) && isActive(previous) === isActive(object)) return;
      for (const budget of cache.inNamespace(resource, namespaceOf(object))) yield keyOf(budget);
    },
    sync(key) {
      const budget = findKey(api, resource, key);
      if (!budget) return;
      const { selector, minAvailable, maxUnavailable } = specOf(budget);
      const pods = cache
        .inNamespace('pods', namespaceOf(budget))
        .filter((pod) => isActive(pod) && matchesSelector(pod.metadata.labels, selector));
      const total = expected(pods);
      const healthy = pods.filter(isReady).length;
      const desired =
        maxUnavailable === undefined
          ? resolveIntOrPercent(minAvailable ?? 0, total, Math.ceil)
          : Math.max(0, total - resolveIntOrPercent(maxUnavailable, total, Math.ceil));
      const allowed = Math.max(0, Math.min(healthy - desired, pods.length));
      const condition = {
        type: 'DisruptionAllowed',
        status: allowed > 0 ? ('True' as const) : ('False' as const),
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      };
      const conditions = withCondition(asMaps(statusOf(budget).conditions), condition, timestamp(api.clock.now())).map((each) => ({
        ...each,
        observedGeneration: asNumber(budget.metadata.generation),
      }));
      writeStatus(api, resource, budget, {
        conditions,
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: allowed,
        expectedPods: total,
        observedGeneration: budget.metadata.generation,
      });
    },
  };
}
