import type { KubeObject } from '../../api/object.ts';
import { specOf, statusOf } from '../../api/object.ts';
import { asMap, asNumber } from '../../json.ts';
import { replicasOf, resolveIntOrPercent } from '../pods.ts';

function isRolling(deployment: KubeObject): boolean {
  return asMap(specOf(deployment).strategy).type === 'RollingUpdate';
}

function fenceposts(deployment: KubeObject): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge: surge, maxUnavailable: unavailable } = asMap(asMap(specOf(deployment).strategy).rollingUpdate);
  const replicas = replicasOf(deployment);
  const more = resolveIntOrPercent(surge, replicas, Math.ceil);
  const fewer = resolveIntOrPercent(unavailable, replicas, Math.floor);
  return { surge: more, unavailable: more === 0 && fewer === 0 ? 1 : fewer };
}

/** How many pods a rolling update may have beyond the wanted number. */
export function maxSurge(deployment: KubeObject): number {
  return isRolling(deployment) ? fenceposts(deployment).surge : 0;
}

/** How many pods a rolling update may be short of. */
export function maxUnavailable(deployment: KubeObject): number {
  const replicas = replicasOf(deployment);
  if (!isRolling(deployment) || replicas === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, replicas);
}

/** The sum of wanted replicas. */
export function wanted(sets: readonly KubeObject[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

/** The sum of a count in the status. */
export function observed(
  sets: readonly KubeObject[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
): number {
  return sets.reduce((sum, set) => sum + asNumber(statusOf(set)[field]), 0);
}

/** The size of the new ReplicaSet at this step: as large as the surge allows. */
export function newSetSize(deployment: KubeObject, all: readonly KubeObject[], current: number): number {
  const replicas = replicasOf(deployment);
  if (!isRolling(deployment)) return replicas;
  const room = replicas + maxSurge(deployment) - wanted(all);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

/** The sizes that old ReplicaSets go down to at this step: unhealthy pods first, then as many as stay available. */
export function oldSetSizes(
  deployment: KubeObject,
  current: KubeObject | undefined,
  old: readonly KubeObject[],
): ReadonlyMap<KubeObject, number> {
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const all = current ? [...old, current] : old;
  const minimum = replicasOf(deployment) - maxUnavailable(deployment);
  const newUnavailable = current ? replicasOf(current) - asNumber(statusOf(current).availableReplicas) : 0;
  let removable = wanted(all) - minimum - newUnavailable;
  if (wanted(old) === 0 || removable <= 0) return sizes;
  let cleaned = 0;
  for (const set of old) {
    if (cleaned >= removable) break;
    const size = sizes.get(set) ?? 0;
    const unhealthy = Math.max(0, size - asNumber(statusOf(set).availableReplicas));
    const fewer = Math.min(removable - cleaned, unhealthy, size);
    sizes.set(set, size - fewer);
    cleaned += fewer;
  }
  removable = observed(all, 'availableReplicas') - minimum;
  for (const set of old) {
    if (removable <= 0) break;
    const size = sizes.get(set) ?? 0;
    const fewer = Math.min(size, removable);
    sizes.set(set, size - fewer);
    removable -= fewer;
  }
  return sizes;
}

/** Sizes after a scaling in the midst of a rollout: each ReplicaSet grows or shrinks in proportion to its size. */
export function proportionalSizes(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  annotatedMax: (set: KubeObject) => number | undefined,
): ReadonlyMap<KubeObject, number> {
  const allowed = replicasOf(deployment) > 0 ? replicasOf(deployment) + maxSurge(deployment) : 0;
  const change = allowed - wanted(sets);
  const order = sets.toSorted(
    (a, b) =>
      replicasOf(b) - replicasOf(a) ||
      (change > 0 ? -1 : 1) * ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1),
  );
  const sizes = new Map<KubeObject, number>();
  let added = 0;
  for (const set of order) {
    const size = replicasOf(set);
    const base = annotatedMax(set) ?? asNumber(statusOf(deployment).replicas);
    const fraction = change === 0 || size === 0 || base === 0 ? 0 : Math.round((size * allowed) / base) - size;
    const step = change > 0 ? Math.min(Math.max(0, fraction), change - added) : Math.max(Math.min(0, fraction), change - added);
    sizes.set(set, size + step);
    added += step;
  }
  const first = order[0];
  if (first) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + change - added));
  return sizes;
}
