import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import type { Evidence, Severity } from '../../finding.ts';
import { cutLine } from '../../world/cut.ts';
import { containersOf } from '../../world/containers.ts';
import { dayMs, showDuration } from '../../world/durations.ts';
import { conditionOf, fieldsAt, isTrueAt, numberAt, textAt, timeAt } from '../../world/fields.ts';
import { refOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import { conditionStatus } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** What the Job controller gives as the reason of a failure. */
const says: ReadonlyMap<string, string> = new Map([
  ['BackoffLimitExceeded', 'its pods failed too often (backoffLimit)'],
  ['DeadlineExceeded', 'it was not done in time (activeDeadlineSeconds)'],
  ['PodFailurePolicy', 'a pod failed in a way that its podFailurePolicy takes for final'],
  ['FailedIndexes', 'some of its indexes failed'],
  ['MaxFailedIndexesExceeded', 'too many of its indexes failed (maxFailedIndexes)'],
]);

/** A Job that failed, or whose pods fail again and again. Of a CronJob's runs only the last one counts. */
export const jobFailed: Condition = {
  id: 'job-failed',
  kinds: ['Job', 'CronJob'],
  needs: ['Job'],
  uses: ['CronJob', 'Pod'],
  *find(world) {
    const last = lastEnded(world);
    for (const job of world.all('Job')) {
      if (job.deletedAt !== undefined) continue;
      if (conditionStatus(job, 'Failed') === 'True') {
        if (!isSuperseded(job, last, world)) yield toFault(job, world);
      } else if (isRetrying(job, world)) yield toRetry(job, world);
    }
  },
};

/** When a run began; runs that were started by hand count too. */
function startOf(job: WorldObject): number {
  return timeAt(job.body, 'status.startTime') ?? job.createdAt ?? 0;
}

/** When the last run that ended, well or not, began: by the uid of its CronJob. */
function lastEnded(world: World): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const job of world.all('Job')) {
    const parent = cronJobOf(job);
    if (parent === undefined || !['Complete', 'Failed'].some((type) => conditionStatus(job, type) === 'True')) continue;
    last.set(parent.uid, Math.max(last.get(parent.uid) ?? 0, startOf(job)));
  }
  return last;
}

function cronJobOf({ owners }: WorldObject): WorldObject['owners'][number] | undefined {
  return owners.find(({ kind, isController }) => isController && kind === 'CronJob');
}

/** Whether a later run of the same CronJob ended; the one that did better may have been cleaned up already. */
function isSuperseded(job: WorldObject, last: ReadonlyMap<string, number>, world: World): boolean {
  const parent = cronJobOf(job);
  if (parent === undefined) return false;
  const succeeded = timeAt(world.find(parent)?.body, 'status.lastSuccessfulTime') ?? 0;
  return (last.get(parent.uid) ?? 0) > startOf(job) || succeeded > startOf(job);
}

function toFault(job: WorldObject, world: World): Fault {
  const failed = conditionOf(job.body, 'Failed');
  const reason = textAt(failed, 'reason');
  const at = timeAt(failed, 'lastTransitionTime');
  const cron = cronJobOf(job);
  const parent = cron === undefined ? undefined : world.find(cron);
  const hasNever =
    parent !== undefined &&
    timeAt(parent.body, 'status.lastSuccessfulTime') === undefined &&
    !world.ownedBy(parent, 'Job').some((run) => conditionStatus(run, 'Complete') === 'True');
  const because = says.get(reason) ?? (textAt(failed, 'message') || reason || 'the controller gives no reason');
  const { evidence, log } = lastPod(job, world);
  return {
    object: job,
    reason: cron === undefined ? `Job${says.has(reason) ? reason : 'Failed'}` : 'LastRunFailed',
    severity: cron === undefined ? severityAt(world.now - (at ?? world.now)) : hasNever ? 'critical' : 'warning',
    summary:
      cron === undefined
        ? `it failed: ${because}`
        : `its last run ${job.name} failed: ${because}${hasNever ? '; no run has succeeded yet' : ''}`,
    evidence: [fieldEvidence('status.conditions[Failed]', `${reason}: ${textAt(failed, 'message')}`, at), ...counts(job), ...evidence],
    fix: [`kubectl describe job ${job.name} -n ${job.namespace ?? 'default'}`],
    since: at,
    causedBy: world.ownedBy(job, 'Pod').map(refOf),
    ...log,
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy',
  };
}

/** A Job that failed long ago was seen by whoever needed it. */
function severityAt(age: number): Severity {
  return age < dayMs ? 'critical' : age < 7 * dayMs ? 'warning' : 'info';
}

function counts(job: WorldObject): readonly Evidence[] {
  const limit = numberAt(job.body, 'spec.backoffLimit');
  const deadline = numberAt(job.body, 'spec.activeDeadlineSeconds');
  return [
    fieldEvidence('status.failed', `${numberAt(job.body, 'status.failed') ?? 0}${limit === undefined ? '' : ` (backoffLimit ${limit})`}`),
    ...(deadline === undefined ? [] : [fieldEvidence('spec.activeDeadlineSeconds', showDuration(deadline * 1000))]),
  ];
}

/** How the last pod that failed ended. */
function lastPod(job: WorldObject, world: World): { readonly evidence: readonly Evidence[]; readonly log?: Pick<Fault, 'log'> } {
  const pods = world.ownedBy(job, 'Pod').filter((pod) => textAt(pod.body, 'status.phase') === 'Failed');
  const pod = pods.toSorted((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0))[0];
  const ended =
    pod === undefined ? [] : containersOf(pod).filter(({ status }) => (numberAt(status, 'state.terminated.exitCode') ?? 0) !== 0);
  const [container] = ended;
  if (pod === undefined || container === undefined) return { evidence: [] };
  const state = fieldsAt(container.status, 'state.terminated');
  return {
    evidence: [
      fieldEvidence(
        `pod/${pod.name} ${container.name}`,
        [textAt(state, 'reason'), `exit code ${numberAt(state, 'exitCode') ?? '?'}`, cutLine(textAt(state, 'message'), 200)]
          .filter((text) => text !== '')
          .join(', '),
        timeAt(state, 'finishedAt'),
      ),
    ],
    log: { log: { namespace: pod.namespace ?? 'default', pod: pod.name, container: container.name, previous: false } },
  };
}

/** Two and more pods failed and none did what it was to do: single failures are what retries are for. */
function isRetrying(job: WorldObject, world: World): boolean {
  if (['Complete', 'SuccessCriteriaMet'].some((type) => conditionStatus(job, type) === 'True') || isTrueAt(job.body, 'spec.suspend'))
    return false;
  if ((numberAt(job.body, 'status.failed') ?? 0) < 2 || (numberAt(job.body, 'status.succeeded') ?? 0) > 0) return false;
  const pods = world.ownedBy(job, 'Pod').toSorted((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0));
  const [last] = pods;
  // The last attempt may be the one that works: give it as long as the ones before had.
  const before = pods[1];
  const had = last?.createdAt !== undefined && before?.createdAt !== undefined ? last.createdAt - before.createdAt : 0;
  return last === undefined || textAt(last.body, 'status.phase') !== 'Running' || world.now - (last.createdAt ?? 0) < had;
}

function toRetry(job: WorldObject, world: World): Fault {
  const { evidence, log } = lastPod(job, world);
  const [failed, limit] = [numberAt(job.body, 'status.failed') ?? 0, numberAt(job.body, 'spec.backoffLimit') ?? 6];
  return {
    object: job,
    reason: 'JobPodsFail',
    severity: 'warning',
    summary: `${failed} of its pods failed and none succeeded; it gives up after ${limit + 1}`,
    evidence: [...counts(job), ...evidence],
    fix: [`kubectl describe job ${job.name} -n ${job.namespace ?? 'default'}`],
    since: timeAt(job.body, 'status.startTime'),
    causedBy: world.ownedBy(job, 'Pod').map(refOf),
    ...log,
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy',
  };
}
