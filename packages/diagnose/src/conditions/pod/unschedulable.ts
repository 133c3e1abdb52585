import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { conditionOf, fieldsAt, listAt, textAt, timeAt } from '../../world/fields.ts';
import { showQuantity } from '../../world/quantity.ts';
import { requestOf, roomFor } from '../../world/room.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';
import { parseSchedulerMessage } from './scheduler-message.ts';
import type { NodeRefusal } from './scheduler-message.ts';

/** A pod that was created a moment ago is tried again by itself. */
const patienceMs = 15_000;

/** A pod that no node can take, by cause and with the numbers. */
export const podUnschedulable: Condition = {
  id: 'pod-unschedulable',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Node', 'Event', 'PersistentVolumeClaim', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      const scheduled = conditionOf(pod.body, 'PodScheduled');
      if (pod.deletedAt !== undefined || scheduled?.['status'] !== 'False') continue;
      const since = timeAt(scheduled, 'lastTransitionTime') ?? pod.createdAt;
      if (scheduled['reason'] !== 'Unschedulable' || world.now - (since ?? 0) < patienceMs) continue;
      yield toFault(pod, { message: textAt(scheduled, 'message'), since, world });
    }
  },
};

interface Scope {
  readonly message: string;
  readonly since: number | undefined;
  readonly world: World;
}

function toFault(pod: WorldObject, { message, since, world }: Scope): Fault {
  const { nodes, refusals } = parseSchedulerMessage(message);
  const main = refusals.toSorted((one, other) => weight(other) - weight(one))[0];
  const told = world
    .events(pod)
    .filter(({ reason }) => reason === 'FailedScheduling')
    .at(-1);
  return {
    object: pod,
    reason: main === undefined || main.cause === 'Other' ? 'Unschedulable' : `Unschedulable${main.cause}`,
    severity: 'critical',
    summary: `no node${nodes === undefined ? '' : ` of ${nodes}`} can take it: ${refusals.map(describe).join('; ') || message}`,
    evidence: [
      fieldEvidence('status.conditions[PodScheduled]', message, since),
      ...refusals.flatMap((refusal) => numbers(pod, refusal, world)),
      ...(told === undefined || told.message === message ? [] : [eventEvidence(told)]),
    ],
    fix: [`kubectl describe pod ${pod.name} -n ${pod.namespace ?? 'default'}`],
    since,
    causedBy: refusals.flatMap((refusal) => causesOf(pod, refusal, world)),
    docs: 'https://kubernetes.io/docs/concepts/scheduling-eviction/',
  };
}

/** A claim that is missing keeps the pod off every node; then the cause that the most nodes have. */
function weight({ cause, nodes }: NodeRefusal): number {
  if (cause === 'MissingClaim' || cause === 'UnboundClaim') return 1e9;
  return cause === 'Other' ? nodes - 0.5 : nodes;
}

function describe({ nodes, cause, text, detail = '' }: NodeRefusal): string {
  const on = nodes === 0 ? '' : ` on ${nodes} node${nodes === 1 ? '' : 's'}`;
  switch (cause) {
    case 'InsufficientResources':
      return `not enough ${detail}${on}`;
    case 'UntoleratedTaint':
      return `${detail === '' ? 'a taint' : `taint {${detail}}`} that it does not tolerate${on}`;
    case 'NodeAffinity':
      return `node selector or affinity does not fit${on}`;
    case 'PodAffinity':
      return `pod affinity is not fulfilled${on}`;
    case 'PodAntiAffinity':
      return `pod anti-affinity forbids it${on}`;
    case 'TopologySpread':
      return `topology spread constraints forbid it${on}`;
    case 'HostPorts':
      return `its host ports are taken${on}`;
    case 'VolumeNodeAffinity':
      return `its volume belongs to another node or zone${on}`;
    case 'UnboundClaim':
      return 'a PersistentVolumeClaim of it is not bound';
    case 'MissingClaim':
      return `the PersistentVolumeClaim ${detail} does not exist`;
    case 'VolumeLimit':
      return `the limit of volumes is reached${on}`;
    case 'Cordoned':
      return `cordoned${on}`;
    case 'Other':
      return `${text}${on}`;
  }
}

/** What it asks for beside what there is. */
function numbers(pod: WorldObject, { cause, detail }: NodeRefusal, world: World): readonly Evidence[] {
  const spec = fieldsAt(pod.body, 'spec');
  if (cause === 'NodeAffinity') {
    const selector = Object.entries(fieldsAt(spec, 'nodeSelector')).map(([name, value]) => `${name}=${String(value)}`);
    return selector.length === 0 ? [] : [fieldEvidence('spec.nodeSelector', selector.join(','))];
  }
  if (cause !== 'InsufficientResources' || detail === undefined || detail === 'pods') return [];
  const rooms = roomFor(detail, world);
  const show = (amount: number): string => showQuantity(detail, amount);
  const asks = `it asks for ${show(requestOf(spec, detail))}`;
  if (rooms.length === 0) return [fieldEvidence(`requests.${detail}`, asks)];
  const largest = Math.max(...rooms.map(({ allocatable }) => allocatable));
  const free = Math.max(...rooms.map((room) => room.free));
  const left = world.canSee('Pod') ? `; the most that is free on one is ${show(Math.max(0, free))}` : '';
  return [fieldEvidence(`requests.${detail}`, `${asks}; the largest node has ${show(largest)}${left}`)];
}

function causesOf(pod: WorldObject, { cause }: NodeRefusal, world: World): readonly ObjectRef[] {
  if (cause === 'UnboundClaim' || cause === 'MissingClaim') {
    return listAt(pod.body, 'spec.volumes').flatMap((volume) => {
      const name = textAt(volume, 'persistentVolumeClaim.claimName');
      return name === ''
        ? []
        : [{ kind: 'PersistentVolumeClaim', ...(pod.namespace === undefined ? {} : { namespace: pod.namespace }), name }];
    });
  }
  // Taints and cordons that a broken node got by itself.
  return cause === 'UntoleratedTaint' || cause === 'Cordoned' ? world.all('Node').map(({ kind, name }) => ({ kind, name })) : [];
}
