import { afterEach, describe, expect, it } from 'vitest';
import { at } from '../../src/json.ts';
import { parseSchedule } from '../../src/world/controllers/cron-schedule.ts';
import type { Cluster } from './harness.ts';
import { startCluster } from './harness.ts';

describe('a schedule', () => {
  const next = (text: string, after: string, timeZone?: string): string | undefined => {
    const time = parseSchedule(text, timeZone)?.next(Date.parse(after));
    return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
  };

  it.each([
    ['*/15 * * * *', '2026-01-05T10:07:00Z', '2026-01-05T10:15'],
    ['0 3 * * *', '2026-01-05T03:00:00Z', '2026-01-06T03:00'],
    ['30 6-16/4 * * 1-5', '2026-01-09T15:00:00Z', '2026-01-12T06:30'],
    ['0 0 29 2 *', '2026-01-05T00:00:00Z', '2028-02-29T00:00'],
    ['0 12 13 * fri', '2026-01-05T00:00:00Z', '2026-01-09T12:00'],
    ['0 0 1 jan,jul *', '2026-01-05T00:00:00Z', '2026-07-01T00:00'],
    ['@hourly', '2026-01-05T10:07:00Z', '2026-01-05T11:00'],
    ['@every 90s', '2026-01-05T10:00:00Z', '2026-01-05T10:01'],
  ])('%s is due next as cron says', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  it('is read in its time zone', () => {
    expect(next('0 9 * * *', '2026-07-01T00:00:00Z', 'Asia/Shanghai')).toBe('2026-07-01T01:00');
    expect(next('0 9 * * *', '2026-01-05T00:00:00Z', 'America/New_York')).toBe('2026-01-05T14:00');
    expect(() => parseSchedule('0 9 * * *', 'Mars/Olympus')).toThrow(RangeError);
  });

  it('never due is said to be so, and what is no schedule is none', () => {
    expect(next('0 0 31 2 *', '2026-01-05T00:00:00Z')).toBeUndefined();
    for (const text of ['every day', '* * * *', '60 * * * *', '5-1 * * * *', '*/0 * * * *']) expect(parseSchedule(text)).toBeUndefined();
  });
});

describe('a CronJob', () => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  const cronJob = (more = '', image = 'work'): string => `
apiVersion: batch/v1
kind: CronJob
metadata: {name: tick}
spec:
  schedule: "* * * * *"
  ${more}
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: work, image: "example.com/${image}:1"}]}}}}
`;
  const slow = 'behaviours: [{image: "example.com/slow:*", exit: {after: 150s, code: 0}}]';
  const jobs = () => cluster.sandbox.api.list('jobs.batch');

  it('starts a Job every time it is due, and keeps the last three', async () => {
    cluster = await startCluster();
    await cluster.apply(cronJob());
    expect(jobs()).toEqual([]);
    cluster.advance(5 * 60_000 + 1000);
    await cluster.settle();
    expect(jobs().every((job) => /^tick-\d+$/.test(job.metadata.name ?? ''))).toBe(true);
    expect(jobs()).toHaveLength(3);
    const status = at(cluster.get('cronjobs.batch', 'tick'), 'status');
    expect(at(status, 'lastScheduleTime')).toBe('2026-01-05T08:05:00Z');
    expect(at(status, 'active')).toBeUndefined();
    expect(cluster.events('CronJob', 'tick').filter((event) => event.startsWith('SuccessfulCreate'))).toHaveLength(5);
  });

  it('with Forbid waits for the Job before', async () => {
    cluster = await startCluster(slow);
    await cluster.apply(cronJob('concurrencyPolicy: Forbid', 'slow'));
    cluster.advance(150_000);
    expect(jobs()).toHaveLength(1);
    expect(cluster.events('CronJob', 'tick').at(-1)).toContain(
      'JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid',
    );
  });

  it('with Replace ends the Job before', async () => {
    cluster = await startCluster(slow);
    await cluster.apply(cronJob('concurrencyPolicy: Replace', 'slow'));
    cluster.advance(150_000);
    expect(jobs()).toHaveLength(1);
    expect(cluster.events('CronJob', 'tick').some((event) => event.startsWith('SuccessfulDelete: Deleted job tick-'))).toBe(true);
  });

  it('does nothing while it is suspended', async () => {
    cluster = await startCluster();
    await cluster.apply(cronJob('suspend: true'));
    cluster.advance(5 * 60_000);
    expect(jobs()).toEqual([]);
  });
});
