import { isApiError } from '../../api/errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, asText, clone } from '../../json.ts';
import { conditionOf } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { compact, controllerManager, findKey, keyOf, unless, writeStatus } from '../context.ts';
import { ownerReference, texts } from '../pods.ts';
import type { Schedule } from './cron-schedule.ts';
import { parseSchedule } from './cron-schedule.ts';

const resource = 'cronjobs.batch';
const component = 'cronjob-controller';
/** Missed starts that are looked back on one by one; of more only the last one counts. */
const maxMissed = 100;

/** CronJobs: a Job at each due time, as the concurrency policy allows; old Jobs beyond the limits are deleted. */
export function cronJobs(context: WorldContext): Controller {
  const { api, cache } = context;
  return {
    name: component,
    *keys({ resource: info, object }) {
      if (info.storage === resource) yield keyOf(object);
      const owner = info.storage === 'jobs.batch' ? controllerOf(object) : undefined;
      if (owner?.kind === 'CronJob') yield `${namespaceOf(object)}/${owner.name}`;
    },
    sync(key) {
      const cronJob = findKey(api, resource, key);
      if (!cronJob) return;
      const jobs = cache.controlled('jobs.batch', cronJob.metadata.uid ?? '');
      const active = stillActive(context, cronJob, jobs);
      const status = { ...statusOf(cronJob), lastSuccessfulTime: lastSuccess(cronJob, jobs) };
      const started = cronJob.metadata.deletionTimestamp || specOf(cronJob).suspend === true ? undefined : start(context, cronJob, active);
      const next = compact({
        ...status,
        ...started,
        active: (started?.active ?? active).length > 0 ? (started?.active ?? active) : undefined,
      });
      const live = findKey(api, resource, key);
      if (live) writeStatus(api, resource, live, next);
      trim(context, cronJob, jobs);
    },
  };
}

const endOf = (job: KubeObject): string | undefined =>
  ['Complete', 'Failed'].find((type) => conditionOf(statusOf(job).conditions, type)?.status === 'True');

/** The Jobs in the list of active ones that still run; with an event for each that does not. */
function stillActive({ events }: WorldContext, cronJob: KubeObject, jobs: readonly KubeObject[]): JsonMap[] {
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    events.record({ object: cronJob, type, reason, message, component });
  const listed = asMaps(statusOf(cronJob).active);
  for (const job of jobs) {
    if (!endOf(job) && !listed.some(({ uid }) => uid === job.metadata.uid))
      say('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${nameOf(job)}`);
  }
  return listed.filter(({ uid, name }) => {
    const job = jobs.find(({ metadata }) => metadata.uid === uid);
    const end = job && endOf(job);
    if (!job) say('Normal', 'MissingJob', `Active job went missing: ${asText(name)}`);
    else if (end) say('Normal', 'SawCompletedJob', `Saw completed job: ${nameOf(job)}, condition: ${end}`);
    return job !== undefined && end === undefined;
  });
}

function lastSuccess(cronJob: KubeObject, jobs: readonly KubeObject[]): JsonMap[string] {
  const times = jobs.filter((job) => endOf(job) === 'Complete').map((job) => asText(statusOf(job).completionTime));
  return [asText(statusOf(cronJob).lastSuccessfulTime), ...times]
    .filter((time) => time !== '')
    .toSorted()
    .at(-1);
}

/** The last due time that was not acted on yet. */
function unmet(schedule: Schedule, cronJob: KubeObject, now: number): number | undefined {
  const { lastScheduleTime } = statusOf(cronJob);
  const deadline = specOf(cronJob).startingDeadlineSeconds;
  const since = Date.parse(asText(lastScheduleTime) || (cronJob.metadata.creationTimestamp ?? ''));
  let last: number | undefined;
  let time = schedule.next(typeof deadline === 'number' ? Math.max(since, now - deadline * 1000) : since);
  for (let count = 0; time !== undefined && time <= now && count < maxMissed; count++) {
    last = time;
    time = schedule.next(time);
  }
  return last;
}

interface Started {
  readonly active: JsonMap[];
  readonly lastScheduleTime: string;
}

/** Starts a Job where one is due; what becomes of the status. */
function start(context: WorldContext, cronJob: KubeObject, active: readonly JsonMap[]): Started | undefined {
  const { api, events } = context;
  const now = api.clock.now();
  const { schedule: text, timeZone, concurrencyPolicy } = specOf(cronJob);
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    events.record({ object: cronJob, type, reason, message, component });
  const schedule = readSchedule(asText(text), asText(timeZone) || 'UTC');
  if (typeof schedule === 'string') {
    say(
      'Warning',
      schedule,
      schedule === 'UnknownTimeZone'
        ? `invalid timeZone: "${asText(timeZone)}": unknown time zone ${asText(timeZone)}`
        : `unparseable schedule: "${asText(text)}"`,
    );
    return undefined;
  }
  const due = unmet(schedule, cronJob, now);
  const following = schedule.next(now);
  if (following !== undefined) context.later(component, keyOf(cronJob), following - now + 100);
  if (due === undefined || timestamp(due) === statusOf(cronJob).lastScheduleTime) return undefined;
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    say('Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return undefined;
  }
  if (concurrencyPolicy === 'Replace') for (const { name } of active) deleteJob(context, cronJob, asText(name));
  try {
    const job = api.create('jobs.batch', jobOf(cronJob, due), { fieldManager: controllerManager });
    say('Normal', 'SuccessfulCreate', `Created job ${nameOf(job)}`);
    const reference = {
      kind: 'Job',
      namespace: namespaceOf(job),
      name: nameOf(job),
      uid: job.metadata.uid,
      apiVersion: 'batch/v1',
      resourceVersion: job.metadata.resourceVersion,
    };
    return { active: [...(concurrencyPolicy === 'Replace' ? [] : active), reference], lastScheduleTime: timestamp(due) };
  } catch (error) {
    if (!isApiError(error)) throw error;
    if (error.reason !== 'AlreadyExists') say('Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    return undefined;
  }
}

function readSchedule(text: string, timeZone: string): Schedule | 'UnknownTimeZone' | 'UnparseableSchedule' {
  try {
    return parseSchedule(text, timeZone) ?? 'UnparseableSchedule';
  } catch (error) {
    if (error instanceof RangeError) return 'UnknownTimeZone';
    throw error;
  }
}

/** The Job of a due time; its name tells the minute, so that none is made twice. */
function jobOf(cronJob: KubeObject, due: number): JsonMap {
  const template = asMap(specOf(cronJob).jobTemplate);
  const { labels, annotations } = asMap(template.metadata);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${nameOf(cronJob)}-${Math.floor(due / 60_000)}`,
      namespace: namespaceOf(cronJob),
      labels: texts(labels),
      annotations: { ...texts(annotations), 'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(due) },
      ownerReferences: [ownerReference(cronJob)],
    },
    spec: clone(asMap(template.spec)),
  };
}

function deleteJob({ api, events }: WorldContext, cronJob: KubeObject, name: string): void {
  unless(['NotFound'], () => api.delete('jobs.batch', name, namespaceOf(cronJob), { propagationPolicy: 'Background' }));
  events.record({ object: cronJob, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted job ${name}`, component });
}

/** Deletes the oldest Jobs beyond the limits of the history. */
function trim(context: WorldContext, cronJob: KubeObject, jobs: readonly KubeObject[]): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = specOf(cronJob);
  const limits = [
    ['Complete', asNumber(successfulJobsHistoryLimit, 3)],
    ['Failed', asNumber(failedJobsHistoryLimit, 1)],
  ] as const;
  for (const [end, limit] of limits) {
    const ended = jobs.filter((job) => endOf(job) === end && !job.metadata.deletionTimestamp);
    const oldest = ended.toSorted((a, b) => (asText(statusOf(a).startTime) < asText(statusOf(b).startTime) ? -1 : 1));
    for (const job of oldest.slice(0, Math.max(0, ended.length - limit))) deleteJob(context, cronJob, nameOf(job));
  }
}
