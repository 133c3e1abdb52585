import { fieldsAt, listAt, textAt, textsAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { matchesSelector } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { ipIsIn } from './ip-block.ts';

/** Away from a pod, or to it. */
export type Direction = 'Egress' | 'Ingress';

/** A pod that is called, and the port of it. */
export interface Target {
  readonly pod: WorldObject;
  readonly port: number;
  readonly protocol: string;
}

/** A way from one pod to another. */
export interface Way {
  readonly from: WorldObject;
  readonly to: Target;
}

/** Whether a policy says anything about a direction; without types it is Ingress, and Egress where it has rules for that. */
export function isolates({ body }: WorldObject, direction: Direction): boolean {
  const types = textsAt(body, 'spec.policyTypes');
  return types.length > 0 ? types.includes(direction) : direction === 'Ingress' || 'egress' in fieldsAt(body, 'spec');
}

/** The policies that rule a direction of a pod's traffic; none of them rules it where there are none. */
export function policiesFor(pod: WorldObject, direction: Direction, world: World): readonly WorldObject[] {
  return world
    .inNamespace('NetworkPolicy', pod.namespace)
    .filter(
      (policy) =>
        policy.deletedAt === undefined &&
        isolates(policy, direction) &&
        matchesSelector(pod.labels, fieldsAt(policy.body, 'spec.podSelector')),
    );
}

/** The rules of a policy for a direction. */
export function rulesOf({ body }: WorldObject, direction: Direction): readonly Fields[] {
  return listAt(body, direction === 'Egress' ? 'spec.egress' : 'spec.ingress');
}

/** Whether a policy, of the one end or the other, leaves a way open; what can't be known counts as open. */
export function allows(policy: WorldObject, direction: Direction, { way, world }: { readonly way: Way; readonly world: World }): boolean {
  const other = direction === 'Egress' ? way.to.pod : way.from;
  return rulesOf(policy, direction).some((rule) => {
    const peers = listAt(rule, direction === 'Egress' ? 'to' : 'from');
    return allowsPort(rule, way.to) && (peers.length === 0 || peers.some((each) => isPeer(each, policy, { pod: other, world })));
  });
}

/** Whether a rule is for a port, which in both directions is that of the pod that is called. */
function allowsPort(rule: Fields, { pod, port, protocol }: Target): boolean {
  const ports = listAt(rule, 'ports');
  return (
    ports.length === 0 ||
    ports.some((each) => {
      if ((textAt(each, 'protocol') || 'TCP') !== protocol) return false;
      const wanted = each['port'];
      if (typeof wanted === 'string') return portsNamed(pod, wanted).includes(port);
      if (typeof wanted !== 'number') return true;
      const end = each['endPort'];
      return typeof end === 'number' ? wanted <= port && port <= end : wanted === port;
    })
  );
}

/** The numbers of a pod's ports with a name. */
export function portsNamed({ body }: WorldObject, name: string): readonly number[] {
  return ['spec.containers', 'spec.initContainers']
    .flatMap((list) => listAt(body, list))
    .flatMap((container) => listAt(container, 'ports'))
    .flatMap((port) => (port['name'] === name && typeof port['containerPort'] === 'number' ? [port['containerPort']] : []));
}

function isPeer(peerRule: Fields, policy: WorldObject, { pod, world }: { readonly pod: WorldObject; readonly world: World }): boolean {
  if ('ipBlock' in peerRule) return ipIsIn(textAt(pod.body, 'status.podIP'), fieldsAt(peerRule, 'ipBlock'));
  if ('namespaceSelector' in peerRule) {
    const namespace = world.find({ kind: 'Namespace', name: pod.namespace ?? '' });
    const selector = fieldsAt(peerRule, 'namespaceSelector');
    // Namespaces are chosen by their own labels; where these are not known, it may be so.
    if (namespace !== undefined && !matchesSelector(namespace.labels, selector)) return false;
  } else if (pod.namespace !== policy.namespace) return false;
  return matchesSelector(pod.labels, fieldsAt(peerRule, 'podSelector'));
}
