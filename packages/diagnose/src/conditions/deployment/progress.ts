import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { isReady } from '../../world/containers.ts';
import { conditionOf, isTrueAt, numberAt, textAt, timeAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

const defaultDeadlineSeconds = 600;

/** A Deployment whose rollout does not come to its end, or that has had fewer ready pods than wanted for longer than it gives itself; or is paused. */
export const deploymentProgress: Condition = {
  id: 'deployment-progress',
  kinds: ['Deployment'],
  needs: ['Deployment'],
  uses: ['ReplicaSet', 'Pod'],
  *find(world) {
    for (const deployment of world.all('Deployment')) {
      if (deployment.deletedAt !== undefined) continue;
      if (isTrueAt(deployment.body, 'spec.paused')) yield paused(deployment);
      else yield* unfinished(deployment, world);
    }
  },
};

function paused(deployment: WorldObject): Fault {
  const { wanted, updated } = countsOf(deployment);
  const waits = updated < wanted;
  return {
    object: deployment,
    reason: waits ? 'PausedWithChange' : 'Paused',
    severity: waits ? 'warning' : 'info',
    summary: waits
      ? `it is paused: ${wanted - updated} of ${wanted} pods wait for a change that is not rolled out`
      : 'it is paused: changes are not rolled out',
    evidence: [fieldEvidence('spec.paused', 'true')],
    fix: [`kubectl rollout resume deployment/${deployment.name} -n ${deployment.namespace ?? 'default'}`],
    since: timeAt(conditionOf(deployment.body, 'Progressing'), 'lastTransitionTime'),
  };
}

function* unfinished(deployment: WorldObject, world: World): Generator<Fault> {
  const { body, namespace = 'default', name } = deployment;
  const { wanted, ready, updated } = countsOf(deployment);
  const progressing = conditionOf(body, 'Progressing');
  const available = conditionOf(body, 'Available');
  const isStuck = progressing?.['status'] === 'False' && textAt(progressing, 'reason') === 'ProgressDeadlineExceeded';
  const deadlineMs = (numberAt(body, 'spec.progressDeadlineSeconds') ?? defaultDeadlineSeconds) * 1000;
  const since = timeAt(isStuck ? progressing : (available ?? progressing), 'lastTransitionTime') ?? deployment.createdAt;
  const isShort = ready < wanted && world.now - (since ?? world.now) > deadlineMs;
  const isUnseen = (numberAt(body, 'status.observedGeneration') ?? 0) < (deployment.generation ?? 0);
  if (!isStuck && !isShort) return;
  const sets = world.ownedBy(deployment, 'ReplicaSet');
  const pods = sets.flatMap((set) => world.ownedBy(set, 'Pod')).filter((pod) => !isReady(pod));
  yield {
    object: deployment,
    reason: isStuck ? 'RolloutStuck' : 'ReplicasUnready',
    severity: ready === 0 && wanted > 0 ? 'critical' : 'warning',
    summary: isStuck
      ? `its rollout does not go on: ${updated} of ${wanted} pods are of the new version, ${ready} are ready${isUnseen ? '; its controller has not seen the last change' : ''}`
      : `${ready} of ${wanted} pods are ready`,
    evidence: [
      fieldEvidence('status.readyReplicas', `${ready} of ${wanted}`, since),
      ...(isStuck ? [fieldEvidence('status.conditions[Progressing]', textAt(progressing, 'message'), since)] : []),
    ],
    fix: [
      `kubectl rollout status deployment/${name} -n ${namespace} --watch=false`,
      ...(isStuck ? [`kubectl rollout undo deployment/${name} -n ${namespace}`] : []),
    ],
    since,
    causedBy: [...pods, ...sets].map((each) => ({ kind: each.kind, namespace, name: each.name })),
    onlyUnexplained: true,
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment',
  };
}

function countsOf({ body }: WorldObject): { readonly wanted: number; readonly ready: number; readonly updated: number } {
  return {
    wanted: numberAt(body, 'spec.replicas') ?? 1,
    ready: numberAt(body, 'status.readyReplicas') ?? 0,
    updated: numberAt(body, 'status.updatedReplicas') ?? 0,
  };
}
