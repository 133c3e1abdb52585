import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { hasEnded } from '../../world/containers.ts';
import { isTrueAt, labelsAt, listAt, textAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import { keyOf } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { callsFrom } from './calls.ts';
import type { Call } from './calls.ts';
import { dnsFault } from './dns.ts';
import { allows, policiesFor, portsNamed } from './policies.ts';
import type { Direction, Target } from './policies.ts';

/** Others' policies, which may allow more, or come first. */
const others: readonly string[] = [
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'CalicoNetworkPolicy',
  'CalicoGlobalNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
];
const maxTargets = 4;
const docs = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';

/** A NetworkPolicy that keeps pods from a Service that they are configured to call, or from the cluster's DNS. To deny is no fault by itself. */
export const networkPolicyBlocks: Condition = {
  id: 'network-policy-blocks',
  kinds: ['NetworkPolicy'],
  needs: ['NetworkPolicy', 'Pod', 'Service'],
  uses: ['Namespace', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', ...others],
  *find(world) {
    if (world.all('NetworkPolicy').length === 0 || others.some((kind) => world.all(kind).length > 0 || !world.canSee(kind))) return;
    const ruled = new Set(world.all('NetworkPolicy').map(({ namespace }) => namespace));
    const targets = new Map<string, readonly WorldObject[]>();
    const targetsOf = (service: WorldObject): readonly WorldObject[] => {
      const key = keyOf(service);
      const pods = targets.get(key) ?? podsBehind(service, world);
      targets.set(key, pods);
      return pods;
    };
    for (const pod of callers(world)) {
      const calls = callsFrom(pod, world).filter(({ service }) => ruled.has(pod.namespace) || ruled.has(service.namespace));
      yield* calls.flatMap((call) => callFault(pod, call, { targets: targetsOf(call.service), world }) ?? []);
      if (calls.length > 0) yield* dnsFault(pod, calls, world);
    }
  },
};

/** One pod of each owner; those in the network of their node are ruled by no policy. */
function callers(world: World): readonly WorldObject[] {
  const byOwner = new Map<string, WorldObject>();
  for (const pod of world.all('Pod')) {
    if (hasEnded(pod) || pod.deletedAt !== undefined || isTrueAt(pod.body, 'spec.hostNetwork')) continue;
    byOwner.set(keyOf(world.ownersOf(pod).at(-1) ?? pod), pod);
  }
  return [...byOwner.values()];
}

/** Pods that answer for a Service and may be ruled by policies, some of them. */
function podsBehind(service: WorldObject, world: World): readonly WorldObject[] {
  return world
    .withLabels('Pod', service.namespace ?? '', labelsAt(service.body, 'spec.selector'))
    .filter((pod) => !hasEnded(pod) && pod.deletedAt === undefined && !isTrueAt(pod.body, 'spec.hostNetwork'))
    .slice(0, maxTargets);
}

interface CallScope {
  readonly targets: readonly WorldObject[];
  readonly world: World;
}

function callFault(pod: WorldObject, call: Call, { targets, world }: CallScope): Fault | undefined {
  const { service } = call;
  const ports = listAt(service.body, 'spec.ports').filter((port) => call.port === undefined || port['port'] === call.port);
  const ways = targets.filter((target) => target !== pod).flatMap((target) => ports.flatMap((port) => peersOf(target, port)));
  const [way] = ways;
  const first = way === undefined ? undefined : blockerOf(pod, way, world);
  // One open way is enough.
  if (way === undefined || first === undefined || !ways.every((each) => blockerOf(pod, each, world) !== undefined)) return undefined;
  const { policies, direction } = first;
  const [policy] = policies;
  if (policy === undefined) return undefined;
  const caller = world.ownersOf(pod).at(-1) ?? pod;
  const who = `${caller.kind.toLowerCase()}/${caller.name}`;
  const where = service.namespace === pod.namespace ? '' : ` in namespace ${service.namespace ?? ''}`;
  return {
    object: policy,
    reason: 'PolicyBlocksService',
    severity: 'warning',
    summary:
      direction === 'Egress'
        ? `it keeps ${who} from the Service ${service.name}${where}, which ${who} is configured to call: no egress rule allows ${way.protocol} ${way.port} to its pods`
        : `it keeps ${who}${where === '' ? '' : ` of namespace ${pod.namespace ?? ''}`} from the Service ${service.name}, which ${who} is configured to call: no ingress rule lets it in on ${way.protocol} ${way.port}`,
    evidence: [
      fieldEvidence(`${who} ${call.at}`, call.text),
      ...policies.map((each) => fieldEvidence(`networkpolicy/${each.name} in ${each.namespace ?? ''}`, `${direction}, no rule fits`)),
    ],
    fix: policies.slice(0, 2).map((each) => `kubectl describe networkpolicy ${each.name} -n ${each.namespace ?? 'default'}`),
    docs,
  };
}

/** The ports of a pod behind a port of a Service. */
function peersOf(pod: WorldObject, port: Fields): readonly Target[] {
  const target = port['targetPort'] ?? port['port'];
  const numbers = typeof target === 'number' ? [target] : typeof target === 'string' ? portsNamed(pod, target) : [];
  return numbers.map((number) => ({ pod, port: number, protocol: textAt(port, 'protocol') || 'TCP' }));
}

interface Blocker {
  readonly policies: readonly WorldObject[];
  readonly direction: Direction;
}

function blockerOf(from: WorldObject, to: Target, world: World): Blocker | undefined {
  const way = { from, to };
  for (const [direction, end] of [
    ['Egress', from],
    ['Ingress', to.pod],
  ] as const) {
    const policies = policiesFor(end, direction, world);
    if (policies.length > 0 && !policies.some((policy) => allows(policy, direction, { way, world }))) return { policies, direction };
  }
  return undefined;
}
