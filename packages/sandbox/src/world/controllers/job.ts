import { isApiError } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asMaps, asNumber, asText } from '../../json.ts';
import { conditionOf } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { compact, controllerManager, count, findKey, keyOf, unless, writeStatus } from '../context.ts';
import { isActive, isEnded, isReady } from '../pods.ts';
import type { Tally } from './job-pods.ts';
import { component, indexAnnotation, ranges, startPods, stopPods, trackingFinalizer } from './job-pods.ts';

const resource = 'jobs.batch';

interface Ending {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** Jobs: pods until enough have succeeded or too many failed. */
export function jobs(context: WorldContext): Controller {
  const { api, cache } = context;
  const failedAt = new Map<string, number>();
  return {
    name: component,
    *keys({ resource: info, object }) {
      if (info.storage === resource) yield keyOf(object);
      const owner = info.storage === 'pods' ? controllerOf(object) : undefined;
      if (owner?.kind === 'Job') yield `${namespaceOf(object)}/${owner.name}`;
    },
    sync(key) {
      const job = findKey(api, resource, key);
      if (!job) return;
      const pods = cache.controlled('pods', job.metadata.uid ?? '');
      if (isFinished(job) || job.metadata.deletionTimestamp) return release(context, pods);
      syncJob(context, job, failedAt);
    },
  };
}

const isFinished = (job: KubeObject): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(statusOf(job).conditions, type)?.status === 'True');

/** A pod that has been counted is let go. */
function release({ api }: WorldContext, pods: readonly KubeObject[]): void {
  for (const pod of pods) {
    if (!pod.metadata.finalizers?.includes(trackingFinalizer)) continue;
    const finalizers = pod.metadata.finalizers.filter((finalizer) => finalizer !== trackingFinalizer);
    unless(['NotFound'], () =>
      api.update('pods', { ...pod, metadata: { ...pod.metadata, finalizers } }, { fieldManager: controllerManager }),
    );
  }
}

/** Succeeded and failed pods still here, added to those that were counted and let go before. */
function tally(job: KubeObject, pods: readonly KubeObject[]): Tally {
  const open = pods.filter((pod) => pod.metadata.finalizers?.includes(trackingFinalizer));
  const failing = (pod: KubeObject): boolean =>
    statusOf(pod).phase === 'Failed' || (pod.metadata.deletionTimestamp !== undefined && statusOf(pod).phase !== 'Succeeded');
  return {
    active: pods.filter(isActive),
    succeeded: asNumber(statusOf(job).succeeded) + open.filter((pod) => statusOf(pod).phase === 'Succeeded').length,
    failed: asNumber(statusOf(job).failed) + open.filter(failing).length,
    indexes: pods
      .filter((pod) => statusOf(pod).phase === 'Succeeded')
      .flatMap((pod) => pod.metadata.annotations?.[indexAnnotation] ?? [])
      .map(Number),
  };
}

function ending({ api }: WorldContext, job: KubeObject, { succeeded, failed, active }: Tally): Ending | undefined {
  const spec = specOf(job);
  const restarts = active.reduce(
    (sum, pod) => sum + asMaps(statusOf(pod).containerStatuses).reduce((all, status) => all + asNumber(status.restartCount), 0),
    0,
  );
  const onFailure = active.some((pod) => specOf(pod).restartPolicy === 'OnFailure');
  const limit = asNumber(spec.backoffLimit, 6);
  if (failed > limit || (onFailure && restarts > 0 && restarts >= limit))
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  const deadline = spec.activeDeadlineSeconds;
  const started = Date.parse(asText(statusOf(job).startTime));
  if (typeof deadline === 'number' && api.clock.now() >= started + deadline * 1000)
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  const completions = spec.completions;
  const enough = typeof completions === 'number' ? succeeded >= completions : succeeded > 0 && active.length === 0;
  return enough ? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' } : undefined;
}

function syncJob(context: WorldContext, job: KubeObject, failedAt: Map<string, number>): void {
  const { api, cache, events } = context;
  const now = api.clock.now();
  const uid = job.metadata.uid ?? '';
  const pods = cache.controlled('pods', uid);
  const counted = tally(job, pods);
  const suspended = specOf(job).suspend === true;
  const end = suspended ? undefined : ending(context, job, counted);
  let status: JsonMap = { ...statusOf(job), ...(suspended ? {} : { startTime: statusOf(job).startTime ?? timestamp(now) }) };
  if (counted.failed > asNumber(statusOf(job).failed)) failedAt.set(uid, now);
  let created = 0;
  let failure: Error | undefined;
  if (end || suspended) stopPods(context, job, counted.active);
  else {
    try {
      created = startPods(context, job, counted, failedAt.get(uid));
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (!(error instanceof Error)) throw error;
      failure = error;
    }
  }
  const active = end || suspended ? 0 : counted.active.length + created;
  const failed = counted.failed + (end?.type === 'Failed' && end.reason !== 'BackoffLimitExceeded' ? counted.active.length : 0);
  const conditions = [...asMaps(status.conditions)];
  if (suspended !== (conditionOf(conditions, 'Suspended')?.status === 'True') && (suspended || conditionOf(conditions, 'Suspended'))) {
    const [reason, message] = suspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
    conditions.splice(
      0,
      conditions.length,
      ...conditions.filter(({ type }) => type !== 'Suspended'),
      jobCondition('Suspended', suspended ? 'True' : 'False', { reason: reason ?? '', message: message ?? '' }, now),
    );
    events.record({ object: job, type: 'Normal', reason: suspended ? 'Suspended' : 'Resumed', message: message ?? '', component });
  }
  if (end) {
    conditions.push(
      jobCondition(end.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', 'True', end, now),
      jobCondition(end.type, 'True', end, now),
    );
    if (end.type === 'Complete') events.record({ object: job, type: 'Normal', reason: 'Completed', message: 'Job completed', component });
    else events.record({ object: job, type: 'Warning', reason: end.reason, message: end.message, component });
    status = { ...status, ...(end.type === 'Complete' ? { completionTime: timestamp(now) } : {}) };
  }
  const indexed = specOf(job).completionMode === 'Indexed' && counted.indexes.length > 0;
  writeStatus(api, resource, job, {
    ...compact({
      ...status,
      active: count(active),
      succeeded: count(counted.succeeded),
      failed: count(failed + (end?.reason === 'BackoffLimitExceeded' ? counted.active.length : 0)),
      completedIndexes: indexed ? ranges(counted.indexes) : undefined,
      conditions: conditions.length > 0 ? conditions : undefined,
    }),
    ready: end || suspended ? 0 : counted.active.filter(isReady).length,
    terminating: end ? 0 : pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isEnded(pod)).length,
    uncountedTerminatedPods: {},
  });
  release(
    context,
    pods.filter((pod) => isEnded(pod) || pod.metadata.deletionTimestamp !== undefined),
  );
  if (end) expire(context, job);
  if (failure) throw failure;
}

const jobCondition = (
  type: string,
  status: string,
  { reason, message }: { readonly reason: string; readonly message: string },
  now: number,
): JsonMap => ({
  type,
  status,
  lastProbeTime: timestamp(now),
  lastTransitionTime: timestamp(now),
  reason,
  message,
});

/** With ttlSecondsAfterFinished the job goes away by itself. */
function expire({ api, timers }: WorldContext, job: KubeObject): void {
  const seconds = specOf(job).ttlSecondsAfterFinished;
  if (typeof seconds !== 'number') return;
  timers.background(seconds * 1000, () => {
    const live = api.find(resource, nameOf(job), namespaceOf(job));
    if (live?.metadata.uid === job.metadata.uid)
      unless(['NotFound'], () => api.delete(resource, nameOf(job), namespaceOf(job), { propagationPolicy: 'Foreground' }));
  });
}
