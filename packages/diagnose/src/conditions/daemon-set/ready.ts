import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { hasEnded, isReady } from '../../world/containers.ts';
import { minuteMs } from '../../world/durations.ts';
import { conditionOf, fieldsAt, listAt, numberAt, textAt, textsAt, timeAt } from '../../world/fields.ts';
import { isOnLostNode } from '../../world/nodes.ts';
import { whyNotReady } from '../../world/not-ready.ts';
import { refOf, refTo, someOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { createRefusals } from '../quota/refusals.ts';

/** A pod on a new node, or of a new template, is ready by then. */
const patienceMs = 5 * minuteMs;

/** A DaemonSet that is not ready on all of its nodes: where, and why. One that no node is for has no fault. */
export const daemonSetReady: Condition = {
  id: 'daemon-set-ready',
  kinds: ['DaemonSet'],
  needs: ['DaemonSet', 'Pod'],
  uses: ['Node', 'Event', 'ReplicaSet', 'StatefulSet', 'Job', 'CronJob'],
  *find(world) {
    const refusals = createRefusals(world);
    for (const set of world.all('DaemonSet')) {
      if (set.deletedAt !== undefined || world.now - (set.createdAt ?? 0) < patienceMs) continue;
      const [desired = 0, ready = 0, current = 0] = ['desiredNumberScheduled', 'numberReady', 'currentNumberScheduled'].map((name) =>
        numberAt(set.body, `status.${name}`),
      );
      if (ready < desired) yield* ofSet(set, { desired, ready, current, world, refusals });
    }
  },
};

interface Scope {
  readonly desired: number;
  readonly ready: number;
  readonly current: number;
  readonly world: World;
  readonly refusals: ReturnType<typeof createRefusals>;
}

interface Unready {
  readonly pod: WorldObject;
  readonly node: string;
  readonly why: string;
  readonly since: number;
  readonly isLost: boolean;
}

function* ofSet(set: WorldObject, { desired, ready, current, world, refusals }: Scope): Generator<Fault> {
  const pods = world.ownedBy(set, 'Pod').filter((pod) => !hasEnded(pod) && pod.deletedAt === undefined);
  const unready = pods.filter((pod) => !isReady(pod)).map((pod) => toUnready(pod, world));
  const lasting = unready.filter(({ since }) => world.now - since >= patienceMs);
  const isChanging =
    pods.some(({ createdAt = 0 }) => world.now - createdAt < patienceMs) ||
    world.all('Node').some(({ createdAt = 0 }) => world.now - createdAt < patienceMs);
  const isRefused = current < desired && refusals(set.namespace).some(({ controller }) => controller.uid === set.uid);
  const lacking = isChanging || isRefused ? 0 : desired - current;
  if (lasting.length === 0 && lacking <= 0) return;
  const why = [...new Set(lasting.map((each) => each.why))];
  const nodes = lasting.map(({ node }) => node);
  const says = [
    ...(lasting.length === 0 ? [] : [`not on ${someOf(nodes)} (${someOf(why, 2)})`]),
    ...(lacking > 0 ? [`${lacking === 1 ? 'one node has' : `${lacking} nodes have`} no pod of it`] : []),
  ];
  yield {
    object: set,
    reason: 'NotReadyOnAllNodes',
    severity: ready === 0 ? 'critical' : 'warning',
    summary: `it is ready on ${ready} of ${desired} nodes: ${says.join('; ')}`,
    evidence: [
      fieldEvidence('status', `desired ${desired}, scheduled ${current}, ready ${ready}`),
      ...lasting.slice(0, 5).map((each) => fieldEvidence(`node/${each.node} pod/${each.pod.name}`, each.why, each.since)),
    ],
    fix: [`kubectl get pods -n ${set.namespace ?? 'default'} -o wide`],
    since: lasting.length === 0 ? undefined : Math.min(...lasting.map(({ since }) => since)),
    causedBy: lasting.flatMap(({ pod, node, isLost }) => (isLost ? [refTo('Node', undefined, node)] : [refOf(pod)])),
    // A node that is down takes the pods of all DaemonSets with it: that is told once.
    ...(lacking <= 0 && lasting.every(({ isLost }) => isLost) ? { onlyUnexplained: true as const } : {}),
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/',
  };
}

function toUnready(pod: WorldObject, world: World): Unready {
  const isLost = isOnLostNode(pod, world);
  return {
    pod,
    node: textAt(pod.body, 'spec.nodeName') || intendedNode(pod),
    why: isLost ? 'the node is not ready' : whyNotReady(pod),
    since: timeAt(conditionOf(pod.body, 'Ready'), 'lastTransitionTime') ?? pod.createdAt ?? world.now,
    isLost,
  };
}

/** The controller names the node in an affinity, and the scheduler follows it. */
function intendedNode(pod: WorldObject): string {
  const affinity = fieldsAt(pod.body, 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution');
  const fields = listAt(affinity, 'nodeSelectorTerms').flatMap((term) => listAt(term, 'matchFields'));
  return fields.filter(({ key }) => key === 'metadata.name').flatMap((field) => textsAt(field, 'values'))[0] ?? 'an unknown node';
}
