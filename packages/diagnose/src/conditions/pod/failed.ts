import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { containersOf } from '../../world/containers.ts';
import { dayMs, minuteMs } from '../../world/durations.ts';
import { conditionOf, fieldsAt, listAt, numberAt, textAt, timeAt } from '../../world/fields.ts';
import { isOnLostNode } from '../../world/nodes.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Pods that wait for a gate longer than this. */
const gatePatienceMs = 10 * minuteMs;

/** A pod that was evicted, refused by its node, failed for good without anybody who makes another, or waits at a gate. */
export const podFailed: Condition = {
  id: 'pod-failed',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Node', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (pod.deletedAt !== undefined) continue;
      yield* ofPod(pod, world);
    }
  },
};

function* ofPod(pod: WorldObject, world: World): Generator<Fault> {
  const reason = textAt(pod.body, 'status.reason');
  const message = textAt(pod.body, 'status.message');
  const phase = textAt(pod.body, 'status.phase');
  const said = [fieldEvidence('status.reason', reason), ...(message === '' ? [] : [fieldEvidence('status.message', message)])];
  const endedAt = lastEnd(pod) ?? timeAt(conditionOf(pod.body, 'DisruptionTarget'), 'lastTransitionTime') ?? pod.createdAt;
  const common = { object: pod, since: endedAt };
  if (phase === 'Failed' && reason === 'Evicted' && world.now - (endedAt ?? 0) < dayMs) {
    const node = textAt(pod.body, 'spec.nodeName');
    yield {
      ...common,
      reason: 'Evicted',
      severity: 'info',
      summary: `it was evicted from its node${message === '' ? '' : `: ${message}`}`,
      evidence: said,
      causedBy: [{ kind: 'Node', name: node }],
    };
  } else if (phase === 'Failed' && /^(?:OutOf|NodeAffinity|NodePorts|UnexpectedAdmissionError|AppArmor|Sysctl)/.test(reason)) {
    yield {
      ...common,
      reason: 'RefusedByNode',
      severity: 'warning',
      summary: `its node refused it (${reason})${message === '' ? '' : `: ${message}`}`,
      evidence: said,
    };
  } else if (phase === 'Failed' && pod.owners.length === 0) {
    const ended = containersOf(pod).find(({ status }) => (numberAt(status, 'state.terminated.exitCode') ?? 0) !== 0);
    const code = numberAt(ended?.status, 'state.terminated.exitCode');
    const what =
      ended === undefined || code === undefined
        ? reason === ''
          ? 'failed'
          : `failed (${reason})`
        : `failed: container ${ended.name} ended with exit code ${code}`;
    const log =
      ended === undefined ? {} : { log: { namespace: pod.namespace ?? 'default', pod: pod.name, container: ended.name, previous: false } };
    yield {
      ...common,
      ...log,
      reason: 'PodFailed',
      severity: 'warning',
      summary: `it ${what}, and nobody makes another`,
      evidence: [fieldEvidence('status.phase', 'Failed'), ...(reason === '' ? [] : said)],
    };
  }
  const scheduled = conditionOf(pod.body, 'PodScheduled');
  if (scheduled?.['reason'] === 'SchedulingGated' && world.now - (pod.createdAt ?? world.now) > gatePatienceMs) {
    const gates = listAt(pod.body, 'spec.schedulingGates').map((gate) => textAt(gate, 'name'));
    yield {
      object: pod,
      since: pod.createdAt,
      reason: 'SchedulingGated',
      severity: 'warning',
      summary: `it is not scheduled before ${gates.join(', ')} lets it`,
      evidence: [fieldEvidence('spec.schedulingGates', gates.join(', '))],
    };
  }
  if (phase === 'Running' && isOnLostNode(pod, world) && textAt(conditionOf(pod.body, 'Ready'), 'status') !== 'True') {
    const node = textAt(pod.body, 'spec.nodeName');
    yield {
      object: pod,
      since: timeAt(conditionOf(pod.body, 'Ready'), 'lastTransitionTime'),
      reason: 'OnLostNode',
      severity: 'critical',
      summary: `its node ${node} is not ready, so nobody knows how it is`,
      evidence: [fieldEvidence('spec.nodeName', node)],
      causedBy: [{ kind: 'Node', name: node }],
    };
  }
}

function lastEnd(pod: WorldObject): number | undefined {
  const ends = containersOf(pod).flatMap(({ status }) => timeAt(fieldsAt(status, 'state.terminated'), 'finishedAt') ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}
