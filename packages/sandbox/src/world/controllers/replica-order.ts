import type { KubeObject } from '../../api/object.ts';
import { specOf, statusOf } from '../../api/object.ts';
import { asMaps, asNumber, asText } from '../../json.ts';
import { isReady } from '../pods.ts';

/** Pods in the order in which a ReplicaSet that has too many deletes them. */
export function doomedFirst(pods: readonly KubeObject[]): KubeObject[] {
  const phases = ['Pending', 'Unknown', 'Running'];
  const phase = (pod: KubeObject): number => phases.indexOf(asText(statusOf(pod).phase));
  const restarts = (pod: KubeObject): number =>
    Math.max(0, ...asMaps(statusOf(pod).containerStatuses).map((status) => asNumber(status.restartCount)));
  const assigned = (pod: KubeObject): number => (asText(specOf(pod).nodeName) === '' ? 0 : 1);
  const cost = (pod: KubeObject): number => Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0;
  /** How many pods of the same owner stand on the same node: crowded nodes lose one first. */
  const crowd = new Map<string, number>();
  for (const pod of pods) {
    const node = asText(specOf(pod).nodeName);
    crowd.set(node, (crowd.get(node) ?? 0) + 1);
  }
  const rank = (pod: KubeObject): number => crowd.get(asText(specOf(pod).nodeName)) ?? 0;
  const created = (pod: KubeObject): string => pod.metadata.creationTimestamp ?? '';
  const order = pods.map((pod, index) => ({ pod, index }));
  order.sort(
    (a, b) =>
      assigned(a.pod) - assigned(b.pod) ||
      phase(a.pod) - phase(b.pod) ||
      Number(isReady(a.pod)) - Number(isReady(b.pod)) ||
      cost(a.pod) - cost(b.pod) ||
      rank(b.pod) - rank(a.pod) ||
      restarts(b.pod) - restarts(a.pod) ||
      (created(a.pod) < created(b.pod) ? 1 : created(a.pod) > created(b.pod) ? -1 : 0) ||
      b.index - a.index,
  );
  return order.map(({ pod }) => pod);
}
