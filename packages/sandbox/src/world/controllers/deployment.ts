import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import type { Change } from '../../api/types.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, equal } from '../../json.ts';
import { conditionOf } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { controllerManager, findKey, keyOf, unless, writeStatus } from '../context.ts';
import { isEnded, replicasOf, texts } from '../pods.ts';
import type { Sets } from './deployment-sets.ts';
import { annotatedMax, createSet, refreshed, revisionAnnotation, revisionOf, scaleSet, setsOf, wasScaled } from './deployment-sets.ts';
import { baseStatus, deadlineOf, isComplete, rolloutStatus, setCondition, timeLeft } from './deployment-status.ts';
import { newSetSize, oldSetSizes, proportionalSizes, wanted } from './rollout-arithmetic.ts';

/** Deployments: ReplicaSets by revision, rolled over by the arithmetic of the real controller. */
export function deployments(context: WorldContext): Controller {
  const { api } = context;
  return {
    name: 'deployment-controller',
    keys: (change) => keysFor(context, change),
    sync(key) {
      const found = findKey(api, 'deployments.apps', key);
      if (!found) return;
      if (found.metadata.deletionTimestamp) {
        writeStatus(api, 'deployments.apps', found, baseStatus(found, setsOf(context, found), api.clock.now()));
        return;
      }
      const deployment = checkPaused(context, found);
      const sets = setsOf(context, deployment);
      if (specOf(deployment).paused === true || wasScaled(deployment, sets)) scaleOnly(context, deployment, sets);
      else if (asMap(specOf(deployment).strategy).type === 'Recreate') recreate(context, deployment, sets);
      else roll(context, deployment, sets);
    },
  };
}

function* keysFor({ cache, api }: WorldContext, { type, resource, object }: Change): Iterable<string> {
  if (resource.storage === 'deployments.apps') yield keyOf(object);
  if (resource.storage === 'replicasets.apps') {
    const owner = controllerOf(object);
    if (owner?.kind === 'Deployment') yield `${namespaceOf(object)}/${owner.name}`;
    else if (!owner)
      for (const deployment of cache.inNamespace('deployments.apps', namespaceOf(object)))
        if (matchesSelector(object.metadata.labels, specOf(deployment).selector)) yield keyOf(deployment);
  }
  // What is recreated waits for the last old pod to be gone.
  if (resource.storage === 'pods' && type === 'deleted') {
    const owner = controllerOf(object);
    const set = owner?.kind === 'ReplicaSet' ? api.find('replicasets.apps', owner.name, namespaceOf(object)) : undefined;
    const above = set && controllerOf(set);
    if (above?.kind === 'Deployment') yield `${namespaceOf(object)}/${above.name}`;
  }
}

/** Keeps the condition of a paused Deployment. */
function checkPaused({ api }: WorldContext, deployment: KubeObject): KubeObject {
  if (deadlineOf(deployment) === undefined) return deployment;
  const paused = specOf(deployment).paused === true;
  const conditions = asMaps(statusOf(deployment).conditions);
  const reason = conditionOf(conditions, 'Progressing')?.reason;
  if (reason === 'ProgressDeadlineExceeded' || paused === (reason === 'DeploymentPaused')) return deployment;
  const condition = paused
    ? { type: 'Progressing', status: 'Unknown' as const, reason: 'DeploymentPaused', message: 'Deployment is paused' }
    : { type: 'Progressing', status: 'Unknown' as const, reason: 'DeploymentResumed', message: 'Deployment is resumed' };
  return writeStatus(api, 'deployments.apps', deployment, {
    ...statusOf(deployment),
    conditions: setCondition(conditions, condition, timestamp(api.clock.now())),
  });
}

interface Current {
  readonly deployment: KubeObject;
  readonly sets: Sets;
}

/** Finds the ReplicaSet of the present template or makes it, and brings the revision and Progressing up to date. */
function ensureCurrent(context: WorldContext, deployment: KubeObject, sets: Sets): Current {
  const { api, events } = context;
  const made = !sets.current;
  const size = newSetSize(deployment, sets.old, 0);
  const current = sets.current ? refreshed(context, deployment, sets.current, sets.old) : createSet(context, deployment, sets.old, size);
  const annotations = { ...texts(deployment.metadata.annotations), [revisionAnnotation]: String(revisionOf(current)) };
  let conditions = asMaps(statusOf(deployment).conditions);
  if (made && size > 0) {
    const message = `Scaled up replica set ${nameOf(current)} from 0 to ${size}`;
    events.record({ object: deployment, type: 'Normal', reason: 'ScalingReplicaSet', message, component: 'deployment-controller' });
  }
  if (deadlineOf(deployment) !== undefined && (made || !conditionOf(conditions, 'Progressing'))) {
    const [reason, message] = made
      ? ['NewReplicaSetCreated', `Created new replica set "${nameOf(current)}"`]
      : ['FoundNewReplicaSet', `Found new replica set "${nameOf(current)}"`];
    conditions = setCondition(
      conditions,
      { type: 'Progressing', status: 'True', reason: reason ?? '', message: message ?? '' },
      timestamp(api.clock.now()),
    );
  }
  const status = { ...statusOf(deployment), ...(conditions.length > 0 ? { conditions } : {}) };
  const unchanged = equal(annotations, deployment.metadata.annotations) && equal(status, deployment.status);
  const next = unchanged
    ? deployment
    : api.update(
        'deployments.apps',
        { ...deployment, metadata: { ...deployment.metadata, annotations }, status },
        { subresource: 'status', fieldManager: controllerManager },
      );
  return { deployment: next, sets: { current, old: sets.old } };
}

function roll(context: WorldContext, found: KubeObject, before: Sets): void {
  const { deployment, sets } = ensureCurrent(context, found, before);
  const { current, old } = sets;
  if (current) {
    const size = replicasOf(current);
    const target = size > replicasOf(deployment) ? replicasOf(deployment) : newSetSize(deployment, [...old, current], size);
    if (size !== target && scaleSet(context, deployment, current, target)) return finish(context, deployment);
  }
  let scaled = false;
  for (const [set, size] of oldSetSizes(deployment, current, old))
    if (size !== replicasOf(set)) scaled = scaleSet(context, deployment, set, size) || scaled;
  finish(context, deployment);
  if (!scaled) cleanUp(context, deployment);
}

function recreate(context: WorldContext, found: KubeObject, before: Sets): void {
  const active = before.old.filter((set) => replicasOf(set) > 0);
  if (active.length > 0) {
    for (const set of active) scaleSet(context, found, set, 0);
    return finish(context, found);
  }
  const running = before.old.some((set) => context.cache.controlled('pods', set.metadata.uid ?? '').some((pod) => !isEnded(pod)));
  if (running) return finish(context, found);
  const { deployment, sets } = ensureCurrent(context, found, before);
  if (sets.current && replicasOf(sets.current) !== replicasOf(deployment))
    scaleSet(context, deployment, sets.current, replicasOf(deployment));
  finish(context, deployment);
  cleanUp(context, deployment);
}

/** A paused or just scaled Deployment: sizes only, no new ReplicaSet. */
function scaleOnly(context: WorldContext, deployment: KubeObject, { current, old }: Sets): void {
  const all = current ? [...old, current] : [...old];
  const active = all.filter((set) => replicasOf(set) > 0);
  const replicas = replicasOf(deployment);
  const latest = current ?? all.at(-1);
  if (active.length <= 1) {
    const only = active[0] ?? latest;
    if (only) scaleSet(context, deployment, only, replicas);
  } else if (current && replicasOf(current) === replicas && asNumber(statusOf(current).availableReplicas) === replicas) {
    for (const set of old) if (replicasOf(set) > 0) scaleSet(context, deployment, set, 0);
  } else if (asMap(specOf(deployment).strategy).type === 'RollingUpdate') {
    for (const [set, size] of proportionalSizes(deployment, active, annotatedMax)) scaleSet(context, deployment, set, size);
  }
  const sets = setsOf(context, deployment);
  const status = baseStatus(deployment, sets, context.api.clock.now());
  unless(['NotFound'], () => writeStatus(context.api, 'deployments.apps', deployment, status));
}

function finish(context: WorldContext, deployment: KubeObject): void {
  const { api } = context;
  const now = api.clock.now();
  const status: JsonMap = rolloutStatus(deployment, setsOf(context, deployment), now);
  writeStatus(api, 'deployments.apps', deployment, status);
  const left = timeLeft(deployment, status, now);
  if (left !== undefined && !isComplete(deployment, status))
    context.later('deployment-controller', keyOf(deployment), Math.max(0, left) + 1000);
}

/** Deletes the oldest ReplicaSets beyond the history limit once the rollout is complete. */
function cleanUp(context: WorldContext, deployment: KubeObject): void {
  const { current, old } = setsOf(context, deployment);
  const limit = specOf(deployment).revisionHistoryLimit;
  if (
    typeof limit !== 'number' ||
    !current ||
    !isComplete(deployment, rolloutStatus(deployment, { current, old }, context.api.clock.now()))
  )
    return;
  const empty = old.filter((set) => wanted([set]) === 0 && asNumber(statusOf(set).replicas) === 0 && !set.metadata.deletionTimestamp);
  const surplus = old.length - limit;
  for (const set of empty.toSorted((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, surplus))) {
    unless(['NotFound'], () => context.api.delete('replicasets.apps', nameOf(set), namespaceOf(set)));
  }
}
