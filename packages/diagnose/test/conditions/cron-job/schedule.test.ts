import { describe, expect, it } from 'vitest';
import { isTimeZone, parseSchedule, runsBetween } from '../../../src/conditions/cron-job/schedule.ts';

function runs(
  text: string,
  from: string,
  { to, timeZone, limit = 10 }: { readonly to: string; readonly timeZone?: string; readonly limit?: number },
): readonly string[] {
  const schedule = parseSchedule(text);
  if (typeof schedule === 'string') throw new Error(schedule);
  return runsBetween(schedule, { from: Date.parse(from), to: Date.parse(to), timeZone, limit }).map((at) =>
    new Date(at).toISOString().slice(0, 16),
  );
}

describe('a schedule', () => {
  it.each([
    '* * * * *',
    '*/5 0-4,22 1 jan-mar MON',
    '?/2 0 ? * sun',
    '@hourly',
    '@every 1h30m',
    'TZ=Europe/Berlin 0 3 * * *',
    '5/20 * * * *',
  ])('is valid: %s', (text) => {
    expect(parseSchedule(text)).toBeTypeOf('object');
  });

  it.each([
    ['61 * * * *', '61 is no minute'],
    ['* 24 * * *', '24 is no hour'],
    ['0 0 * * 7', '7 is no day of the week'],
    ['* * * *', '4 fields'],
    ['0 0 0 * *', '0 is no day of the month'],
    ['*/0 * * * *', '*/0 is no minute'],
    ['5-1 * * * *', '5-1 is no minute'],
    ['@often', '@often is not known'],
    ['TZ=Mars/Base 0 0 * * *', 'Mars/Base is no time zone'],
    ['0 0 * * *,', 'nothing is no day of the week'],
  ])('is not valid: %s', (text, why) => {
    expect(parseSchedule(text)).toContain(why);
  });
});

describe('the runs of a schedule', () => {
  it('lie after the beginning and up to the end', () => {
    expect(runs('*/20 * * * *', '2026-01-01T11:40:00Z', { to: '2026-01-01T12:40:00Z' })).toEqual([
      '2026-01-01T12:00',
      '2026-01-01T12:20',
      '2026-01-01T12:40',
    ]);
    expect(runs('@every 45m', '2026-01-01T11:00:00Z', { to: '2026-01-01T12:40:00Z' })).toEqual(['2026-01-01T11:45', '2026-01-01T12:30']);
  });

  it('fall on a day of the month or of the week where both are given, and on both where one is open', () => {
    const days = { to: '2026-01-31T23:59:00Z' };
    expect(runs('0 0 13 * 5', '2026-01-08T12:00:00Z', days)).toEqual([
      '2026-01-09T00:00',
      '2026-01-13T00:00',
      '2026-01-16T00:00',
      '2026-01-23T00:00',
      '2026-01-30T00:00',
    ]);
    expect(runs('0 0 * * 5', '2026-01-20T12:00:00Z', days)).toEqual(['2026-01-23T00:00', '2026-01-30T00:00']);
  });

  it('follow the clock of their zone over its changes', () => {
    const days = { to: '2026-03-30T12:00:00Z', timeZone: 'Europe/Berlin' };
    expect(runs('0 3 * * *', '2026-03-27T12:00:00Z', days)).toEqual(['2026-03-28T02:00', '2026-03-29T01:00', '2026-03-30T01:00']);
  });

  it('begin no earlier than CronJobs did, whatever a status says', () => {
    const from = '-271821-04-20T00:00:00Z';
    expect(runs('0 0 1 1 *', from, { to: '2016-06-01T00:00:00Z', timeZone: 'Europe/Berlin' })).toEqual([
      '2014-12-31T23:00',
      '2015-12-31T23:00',
    ]);
  });

  it('end at the limit', () => {
    expect(runs('* * * * *', '2020-01-01T00:00:00Z', { to: '2026-01-01T00:00:00Z', limit: 3 })).toHaveLength(3);
    expect(runs('0 0 31 2 *', '2020-01-01T00:00:00Z', { to: '2026-01-01T00:00:00Z' })).toEqual([]);
  });
});

it('knows time zones', () => {
  expect([isTimeZone('Asia/Shanghai'), isTimeZone('Asia/Shanghia')]).toEqual([true, false]);
});
