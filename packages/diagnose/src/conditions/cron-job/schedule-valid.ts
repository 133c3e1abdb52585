import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { hourMs } from '../../world/durations.ts';
import { textAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { isTimeZone, parseSchedule } from './schedule.ts';

/** What the controller says about a schedule or a time zone that it does not understand. */
const complaint = /^(?:Un[Pp]arse?able|InvalidSchedule|UnknownTimeZone)/;
const recentMs = 2 * hourMs;

/** A CronJob that can never run: its schedule or its time zone is not understood. */
export const cronJobSchedule: Condition = {
  id: 'cron-job-schedule',
  kinds: ['CronJob'],
  needs: ['CronJob'],
  uses: ['Event'],
  *find(world) {
    for (const cron of world.all('CronJob')) if (cron.deletedAt === undefined) yield* ofCronJob(cron, world);
  },
};

function* ofCronJob(cron: WorldObject, world: World): Generator<Fault> {
  const [text, timeZone] = [textAt(cron.body, 'spec.schedule'), textAt(cron.body, 'spec.timeZone')];
  const schedule = parseSchedule(text);
  const told = world
    .events(cron)
    .filter(({ reason, lastAt }) => complaint.test(reason) && world.now - (lastAt ?? world.now) < recentMs)
    .at(-1);
  const common = {
    object: cron,
    severity: 'critical' as const,
    fix: [`kubectl edit cronjob ${cron.name} -n ${cron.namespace ?? 'default'}`],
    since: told?.firstAt ?? cron.createdAt,
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax',
  };
  const evidence = told === undefined ? [] : [eventEvidence(told)];
  if (timeZone !== '' && (!isTimeZone(timeZone) || told?.reason === 'UnknownTimeZone')) {
    yield {
      ...common,
      reason: 'UnknownTimeZone',
      summary: `it never runs: its time zone ${JSON.stringify(timeZone)} does not exist`,
      evidence: [fieldEvidence('spec.timeZone', timeZone), ...evidence],
    };
  } else if (typeof schedule === 'string') {
    yield {
      ...common,
      reason: 'InvalidSchedule',
      summary: `it never runs: its schedule ${JSON.stringify(text)} is not valid: ${schedule}`,
      evidence: [fieldEvidence('spec.schedule', text), ...evidence],
    };
  }
}
