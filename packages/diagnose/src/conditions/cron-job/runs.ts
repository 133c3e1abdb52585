import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { cutLine } from '../../world/cut.ts';
import { hourMs, minuteMs, showDuration } from '../../world/durations.ts';
import { isTrueAt, listAt, numberAt, textAt, timeAt } from '../../world/fields.ts';
import { refTo } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import { conditionStatus } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { isTimeZone, parseSchedule, runsBetween } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/** The controller starts a run within seconds; a restart of it takes longer. */
const patienceMs = 10 * minuteMs;
/** More are not counted. */
const maxMissed = 100;
/** A run may take longer than the time to the next one, by design: some begin anew as soon as they have ended. */
const blockedMs = hourMs;
const stuckMs = 6 * hourMs;
/** So many runs at once are no overlap any more, and so many are too many. */
const severalAtOnce = 5;
const manyAtOnce = 10;
const recentMs = 2 * hourMs;

/** A CronJob that does not run when it should: suspended, behind a run that does not end, or missed. */
export const cronJobRuns: Condition = {
  id: 'cron-job-runs',
  kinds: ['CronJob'],
  needs: ['CronJob'],
  uses: ['Job', 'Event'],
  *find(world) {
    for (const cron of world.all('CronJob')) {
      const schedule = parseSchedule(textAt(cron.body, 'spec.schedule'));
      const timeZone = textAt(cron.body, 'spec.timeZone');
      if (cron.deletedAt !== undefined || typeof schedule === 'string' || (timeZone !== '' && !isTimeZone(timeZone))) continue;
      yield* ofCronJob(cron, { schedule, timeZone: timeZone === '' ? schedule.timeZone : timeZone, world });
    }
  },
};

interface Scope {
  readonly schedule: Schedule;
  readonly timeZone: string | undefined;
  readonly world: World;
}

function* ofCronJob(cron: WorldObject, scope: Scope): Generator<Fault> {
  const { world } = scope;
  const last = timeAt(cron.body, 'status.lastScheduleTime');
  const skipped = skippedRuns(cron, scope);
  const [next] = skipped;
  const common = { object: cron, docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/' };
  const evidence = [
    fieldEvidence('spec.schedule', textAt(cron.body, 'spec.schedule')),
    fieldEvidence('status.lastScheduleTime', last === undefined ? 'none' : `${showDuration(world.now - last)} ago`),
  ];
  const inNamespace = `-n ${cron.namespace ?? 'default'}`;
  if (isTrueAt(cron.body, 'spec.suspend')) {
    if (next === undefined) return;
    yield {
      ...common,
      reason: 'CronJobSuspended',
      severity: 'info',
      summary: `it is suspended: ${countOf(skipped)} skipped since`,
      evidence: [fieldEvidence('spec.suspend', 'true'), ...evidence],
      fix: [`kubectl patch cronjob ${cron.name} ${inNamespace} -p '{"spec":{"suspend":false}}'`],
      since: next,
    };
    return;
  }
  yield* ofSuccess(cron, scope);
  const active = listAt(cron.body, 'status.active').map(({ name }) => String(name));
  const [running] = active;
  if (running !== undefined && textAt(cron.body, 'spec.concurrencyPolicy') === 'Forbid') {
    if (next === undefined || world.now - next < blockedMs) return;
    yield {
      ...common,
      reason: 'RunBlocksNext',
      severity: world.now - next < stuckMs ? 'info' : 'warning',
      summary: `its run ${running} goes on, and concurrencyPolicy Forbid skips what comes meanwhile: ${countOf(skipped)} skipped so far`,
      evidence: [...evidence, fieldEvidence('status.active', active.join(', '))],
      fix: [`kubectl describe job ${running} ${inNamespace}`],
      since: next,
      causedBy: [refTo('Job', cron.namespace, running)],
    };
    return;
  }
  if (active.length >= severalAtOnce) {
    yield {
      ...common,
      reason: 'RunsPileUp',
      severity: active.length >= manyAtOnce ? 'warning' : 'info',
      summary: `${active.length} of its runs are active at once: they take longer than the time between them`,
      evidence: [...evidence, fieldEvidence('status.active', active.slice(0, 5).join(', '))],
      fix: [`kubectl get jobs ${inNamespace}`],
      causedBy: active.map((name) => refTo('Job', cron.namespace, name)),
    };
    return;
  }
  yield* ofMissed(cron, { ...scope, skipped, evidence });
}

/** So many runs without success are no bad luck. */
const fewRuns = 3;

/** Runs that are started and never succeed, where no failed Job is kept that would say so. */
function* ofSuccess(cron: WorldObject, { schedule, timeZone, world }: Scope): Generator<Fault> {
  const [last, succeeded] = ['lastScheduleTime', 'lastSuccessfulTime'].map((name) => timeAt(cron.body, `status.${name}`));
  const from = succeeded ?? cron.createdAt;
  if (last === undefined || from === undefined || world.now - last < minuteMs || !world.canSee('Job', cron.namespace)) return;
  const isReplaced = textAt(cron.body, 'spec.concurrencyPolicy') === 'Replace' && listAt(cron.body, 'status.active').length > 0;
  // Others that run may yet succeed; what is cleaned up at once may have.
  if (
    !isReplaced &&
    (listAt(cron.body, 'status.active').length > 0 || numberAt(cron.body, 'spec.jobTemplate.spec.ttlSecondsAfterFinished') !== undefined)
  )
    return;
  if (world.ownedBy(cron, 'Job').some((job) => ['Complete', 'Failed'].some((type) => conditionStatus(job, type) === 'True'))) return;
  const runs = runsBetween(schedule, { from, to: last, timeZone, limit: maxMissed });
  if (runs.length < fewRuns) return;
  yield {
    object: cron,
    reason: 'RunsDoNotSucceed',
    severity: succeeded === undefined ? 'critical' : 'warning',
    summary: `${succeeded === undefined ? 'no run of it has ever succeeded' : `no run of it has succeeded for ${showDuration(world.now - succeeded)}`}${isReplaced ? ': each is replaced by the next one before it ends (concurrencyPolicy Replace)' : '; failed ones are not kept (failedJobsHistoryLimit)'}`,
    evidence: [
      fieldEvidence('status.lastSuccessfulTime', succeeded === undefined ? 'none' : new Date(succeeded).toISOString()),
      fieldEvidence('status.lastScheduleTime', new Date(last).toISOString()),
    ],
    fix: [`kubectl describe cronjob ${cron.name} -n ${cron.namespace ?? 'default'}`],
    since: from,
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/',
  };
}

interface MissedScope extends Scope {
  readonly skipped: readonly number[];
  readonly evidence: readonly Evidence[];
}

/** Runs that nobody started: told by the controller, or seen by two and more that are not there. */
function* ofMissed(cron: WorldObject, { skipped, evidence, world }: MissedScope): Generator<Fault> {
  const last = timeAt(cron.body, 'status.lastScheduleTime');
  const told = world
    .events(cron)
    .filter(({ reason }) => /^(?:MissSchedule|TooManyMissedTimes|FailedNeedsStart|FailedCreate)$/.test(reason))
    .filter(({ lastAt = world.now }) => world.now - lastAt < recentMs && lastAt > (last ?? 0))
    .at(-1);
  const late = skipped.filter((at) => world.now - at > patienceMs);
  if (told === undefined && late.length < 2) return;
  const refused = told?.reason === 'FailedCreate';
  const deadline = numberAt(cron.body, 'spec.startingDeadlineSeconds');
  yield {
    object: cron,
    reason: refused ? 'RunsRefused' : 'RunsMissed',
    severity: refused ? 'critical' : 'warning',
    summary: refused
      ? `its Jobs can not be created: ${cutLine(told.message, 300)}`
      : `${late.length === 0 ? 'a run was' : countOf(late)} missed${told === undefined ? ', and the controller says nothing: does kube-controller-manager run?' : ''}`,
    evidence: [
      ...evidence,
      ...(deadline === undefined ? [] : [fieldEvidence('spec.startingDeadlineSeconds', String(deadline))]),
      ...(told === undefined ? [] : [eventEvidence(told)]),
    ],
    fix: [`kubectl describe cronjob ${cron.name} -n ${cron.namespace ?? 'default'}`],
    since: skipped[0] ?? told?.firstAt,
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#cron-job-limitations',
  };
}

function countOf(runs: readonly number[]): string {
  return runs.length >= maxMissed ? `${maxMissed} runs and more were` : runs.length === 1 ? '1 run was' : `${runs.length} runs were`;
}

/** Runs that should have been started since the last one; none where the schedule was changed since, or its clock is not known. */
function skippedRuns(cron: WorldObject, { schedule, timeZone, world }: Scope): readonly number[] {
  const last = timeAt(cron.body, 'status.lastScheduleTime');
  const from = last ?? cron.createdAt;
  if (from === undefined) return [];
  const window = { timeZone, limit: maxMissed };
  // A run that does not lie on the schedule, read in UTC where no zone is named, was started by another one.
  if (
    last !== undefined &&
    !runsBetween(schedule, { ...window, from: last - minuteMs, to: last, limit: 1 }).includes(last) &&
    schedule.fields !== undefined
  )
    return [];
  return runsBetween(schedule, { ...window, from, to: world.now });
}
