import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { claimNamesOf, selectedNode } from '../../world/claims.ts';
import { containersOf, hasEnded } from '../../world/containers.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { conditionOf, listAt, textAt, timeAt } from '../../world/fields.ts';
import { refTo } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Longer than most set-up work takes. */
const patienceMs = 10 * minuteMs;

/** A pod that waits for something that does not come: an init container that does not end, a readiness gate, a scheduler. */
export const podWaiting: Condition = {
  id: 'pod-waiting',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['ReplicaSet', 'PersistentVolumeClaim', 'Event'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (hasEnded(pod) || pod.deletedAt !== undefined) continue;
      yield* initOf(pod, world);
      yield* gatesOf(pod, world);
      yield* schedulerOf(pod, world);
    }
  },
};

function* initOf(pod: WorldObject, world: World): Generator<Fault> {
  for (const container of containersOf(pod)) {
    // One that is restarted always is a sidecar: it is meant to go on.
    if (!container.isInit || container.spec['restartPolicy'] === 'Always') continue;
    const startedAt = timeAt(container.status, 'state.running.startedAt');
    if (startedAt === undefined || world.now - startedAt < patienceMs) continue;
    const namespace = pod.namespace ?? 'default';
    yield {
      object: pod,
      reason: 'InitContainerGoesOn',
      severity: 'warning',
      summary: `init container ${container.name} runs for ${showDuration(world.now - startedAt)} and does not end: the pod waits for it`,
      evidence: [
        fieldEvidence(`status.initContainerStatuses[${container.name}].state.running.startedAt`, new Date(startedAt).toISOString()),
      ],
      fix: [`kubectl logs ${pod.name} -n ${namespace} -c ${container.name} --tail=50`],
      since: startedAt,
      log: { namespace, pod: pod.name, container: container.name, previous: false },
    };
  }
}

function* gatesOf(pod: WorldObject, world: World): Generator<Fault> {
  const containersReady = conditionOf(pod.body, 'ContainersReady');
  const since = timeAt(containersReady, 'lastTransitionTime');
  if (containersReady?.['status'] !== 'True' || world.now - (since ?? world.now) < patienceMs) return;
  const open = listAt(pod.body, 'spec.readinessGates')
    .map((gate) => textAt(gate, 'conditionType'))
    .filter((type) => conditionOf(pod.body, type)?.['status'] !== 'True');
  if (open.length === 0) return;
  yield {
    object: pod,
    reason: 'ReadinessGateClosed',
    severity: 'warning',
    summary: `its containers are ready, but its readiness gate ${open.join(', ')} is not: whoever sets that condition does not`,
    evidence: open.map((type) => fieldEvidence(`status.conditions[${type}]`, textAt(conditionOf(pod.body, type), 'status') || 'absent')),
    since,
  };
}

function* schedulerOf(pod: WorldObject, world: World): Generator<Fault> {
  const isLookedAt = conditionOf(pod.body, 'PodScheduled') !== undefined || textAt(pod.body, 'spec.nodeName') !== '';
  if (isLookedAt || textAt(pod.body, 'status.phase') !== 'Pending' || world.now - (pod.createdAt ?? world.now) < patienceMs) return;
  const scheduler = textAt(pod.body, 'spec.schedulerName') || 'default-scheduler';
  // A scheduler that has chosen a node waits for the volumes there before it says so.
  const isChosen = claimNamesOf(pod).some(
    (name) => world.find(refTo('PersistentVolumeClaim', pod.namespace, name))?.annotations[selectedNode] !== undefined,
  );
  if (isChosen || world.events(pod).some(({ source }) => source === scheduler)) return;
  yield {
    object: pod,
    reason: 'NotScheduled',
    severity: 'critical',
    summary: `no scheduler has looked at it: ${scheduler} does not run, or does not exist`,
    evidence: [fieldEvidence('spec.schedulerName', scheduler)],
    since: pod.createdAt,
  };
}
