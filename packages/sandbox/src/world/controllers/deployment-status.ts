import type { KubeObject } from '../../api/object.ts';
import { nameOf, specOf, statusOf } from '../../api/object.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asMaps, asNumber, asText } from '../../json.ts';
import type { NewCondition } from '../conditions.ts';
import { conditionOf } from '../conditions.ts';
import { compact, count } from '../context.ts';
import { replicasOf } from '../pods.ts';
import type { Sets } from './deployment-sets.ts';
import { maxUnavailable, observed, wanted } from './rollout-arithmetic.ts';

/** A deadline of this many seconds stands for none (the largest 32 bit number). */
const noDeadline = 2_147_483_647;

/** Seconds within which a rollout must make progress, undefined for no limit. */
export function deadlineOf(deployment: KubeObject): number | undefined {
  const seconds = specOf(deployment).progressDeadlineSeconds;
  return typeof seconds === 'number' && seconds !== noDeadline ? seconds : undefined;
}

/** The conditions with one set the way Deployments do it: a condition of the same status and reason stays as it is. */
export function setCondition(conditions: readonly JsonMap[], { type, status, reason, message }: NewCondition, now: string): JsonMap[] {
  const old = conditions.find((condition) => condition.type === type);
  if (old && old.status === status && old.reason === reason) return [...conditions];
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
  const others = conditions.filter((condition) => condition.type !== type);
  return [...others, { type, status, lastUpdateTime: now, lastTransitionTime, reason, message }];
}

function counts(deployment: KubeObject, sets: Sets): JsonMap {
  const all = [...sets.old, ...(sets.current ? [sets.current] : [])];
  const available = observed(all, 'availableReplicas');
  return compact({
    observedGeneration: deployment.metadata.generation,
    replicas: count(observed(all, 'replicas')),
    updatedReplicas: count(sets.current ? observed([sets.current], 'replicas') : 0),
    readyReplicas: count(observed(all, 'readyReplicas')),
    availableReplicas: count(available),
    unavailableReplicas: count(Math.max(0, wanted(all) - available)),
    terminatingReplicas: observed(all, 'terminatingReplicas'),
    collisionCount: statusOf(deployment).collisionCount,
  });
}

/** The status of a Deployment from its ReplicaSets, without the condition Progressing. */
export function baseStatus(deployment: KubeObject, sets: Sets, now: number): JsonMap {
  const status = counts(deployment, sets);
  const enough = asNumber(status.availableReplicas) >= replicasOf(deployment) - maxUnavailable(deployment);
  const condition: NewCondition = enough
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  return { ...status, conditions: setCondition(asMaps(statusOf(deployment).conditions), condition, timestamp(now)) };
}

/** True where a rollout has come to its end. */
export function isComplete(deployment: KubeObject, status: JsonMap): boolean {
  const replicas = replicasOf(deployment);
  return (
    asNumber(status.updatedReplicas) === replicas &&
    asNumber(status.replicas) === replicas &&
    asNumber(status.availableReplicas) === replicas
  );
}

function progressed(before: JsonMap, after: JsonMap): boolean {
  const old = (status: JsonMap): number => asNumber(status.replicas) - asNumber(status.updatedReplicas);
  return (
    asNumber(after.updatedReplicas) > asNumber(before.updatedReplicas) ||
    old(after) < old(before) ||
    asNumber(after.readyReplicas) > asNumber(before.readyReplicas) ||
    asNumber(after.availableReplicas) > asNumber(before.availableReplicas)
  );
}

/** Milliseconds until the rollout runs out of time; undefined where it can't. */
export function timeLeft(deployment: KubeObject, status: JsonMap, now: number): number | undefined {
  const deadline = deadlineOf(deployment);
  const condition = conditionOf(status.conditions, 'Progressing');
  if (
    deadline === undefined ||
    !condition ||
    ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded', 'DeploymentPaused'].includes(asText(condition.reason))
  )
    return undefined;
  return Date.parse(asText(condition.lastUpdateTime)) + deadline * 1000 - now;
}

/** The status of a Deployment in the midst of a rollout: with Progressing and ReplicaFailure. */
export function rolloutStatus(deployment: KubeObject, sets: Sets, now: number): JsonMap {
  const status = baseStatus(deployment, sets, now);
  const time = timestamp(now);
  const before = conditionOf(statusOf(deployment).conditions, 'Progressing');
  let conditions = asMaps(status.conditions);
  const done = asNumber(status.replicas) === asNumber(status.updatedReplicas) && before?.reason === 'NewReplicaSetAvailable';
  const what = sets.current ? `ReplicaSet "${nameOf(sets.current)}"` : `Deployment "${nameOf(deployment)}"`;
  if (deadlineOf(deployment) === undefined) conditions = conditions.filter(({ type }) => type !== 'Progressing');
  else if (!done) {
    const left = timeLeft(deployment, { conditions }, now);
    if (isComplete(deployment, status)) {
      conditions = setCondition(
        conditions,
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: `${what} has successfully progressed.` },
        time,
      );
    } else if (progressed(statusOf(deployment), status)) {
      const lastTransitionTime = before?.status === 'True' ? before.lastTransitionTime : time;
      const condition = {
        type: 'Progressing',
        status: 'True',
        lastUpdateTime: time,
        lastTransitionTime,
        reason: 'ReplicaSetUpdated',
        message: `${what} is progressing.`,
      };
      conditions = [...conditions.filter(({ type }) => type !== 'Progressing'), condition];
    } else if (left !== undefined && left <= 0) {
      conditions = setCondition(
        conditions,
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: `${what} has timed out progressing.` },
        time,
      );
    }
  }
  return { ...status, conditions: withFailure(conditions, sets, time) };
}

/** Moves the failure of a ReplicaSet to its Deployment: the new one's before those of old ones. */
function withFailure(conditions: readonly JsonMap[], sets: Sets, now: string): JsonMap[] {
  const failures = [...(sets.current ? [sets.current] : []), ...sets.old].map((set) =>
    conditionOf(statusOf(set).conditions, 'ReplicaFailure'),
  );
  const failure = failures.find((each) => each !== undefined);
  if (!failure) return conditions.filter(({ type }) => type !== 'ReplicaFailure');
  return setCondition(
    conditions,
    { type: 'ReplicaFailure', status: 'True', reason: asText(failure.reason), message: asText(failure.message) },
    now,
  );
}
