import { dayMs, hourMs, minuteMs } from '../../world/durations.ts';

/** When a CronJob runs. */
export interface Schedule {
  /** The minutes, hours, days of the month, months and days of the week; undefined for `@every`. */
  readonly fields: Fields5 | undefined;
  /** Milliseconds between runs of an `@every`. */
  readonly every: number;
  /** From a `TZ=` or `CRON_TZ=` in the text. */
  readonly timeZone: string | undefined;
}

interface Fields5 {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Where both days are restricted, one of them is enough. */
  readonly anyDay: boolean;
}

/** The descriptors that the controller's parser knows. */
const descriptors: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Bounds {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const bounds: readonly Bounds[] = [
  { what: 'minute', least: 0, most: 59, names: [] },
  { what: 'hour', least: 0, most: 23, names: [] },
  { what: 'day of the month', least: 1, most: 31, names: [] },
  { what: 'month', least: 1, most: 12, names: monthNames },
  { what: 'day of the week', least: 0, most: 6, names: weekdayNames },
];

/** Reads a schedule the way the CronJob controller does; a text says what is wrong with it. */
export function parseSchedule(text: string): Schedule | string {
  const [, timeZone, rest = text] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim()) ?? [];
  if (timeZone !== undefined && !isTimeZone(timeZone)) return `${timeZone} is no time zone`;
  const every = /^@every\s+(\S+)$/.exec(rest);
  if (every !== null) {
    const ms = durationOf(every[1] ?? '');
    return ms === undefined ? `${every[1] ?? ''} is no duration` : { fields: undefined, every: ms, timeZone };
  }
  const parts = (descriptors.get(rest) ?? rest).trim().split(/\s+/);
  if (rest.startsWith('@') && !descriptors.has(rest)) return `${rest} is not known`;
  if (parts.length !== 5) return `it has ${parts.length} fields, not five`;
  const sets = parts.map((part, index) => toSet(part, bounds[index]));
  const wrong = sets.find((set) => typeof set === 'string');
  if (typeof wrong === 'string') return wrong;
  const [minutes, hours, days, months, weekdays] = sets.map((set) => (typeof set === 'string' ? new Set<number>() : set));
  if (minutes === undefined || hours === undefined || days === undefined || months === undefined || weekdays === undefined)
    return 'it has not five fields';
  const isOpen = (index: number): boolean => /^[*?](?:\/1)?$|^[*?],|,[*?]/.test(parts[index] ?? '');
  return { fields: { minutes, hours, days, months, weekdays, anyDay: !isOpen(2) && !isOpen(4) }, every: 0, timeZone };
}

function toSet(part: string, range: Bounds | undefined): ReadonlySet<number> | string {
  if (range === undefined) return 'it has too many fields';
  const values = new Set<number>();
  for (const piece of part.split(',')) {
    const [, from = '', to, step] = /^([*?]|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(piece) ?? [];
    const isAll = from === '*' || from === '?';
    const first = isAll ? range.least : numberOf(from, range);
    const last = to === undefined ? (isAll || step !== undefined ? range.most : first) : numberOf(to, range);
    const stride = Number(step ?? '1');
    if (first === undefined || last === undefined || stride === 0 || first > last || first < range.least || last > range.most)
      return `${piece === '' ? 'nothing' : piece} is no ${range.what} (${range.least} to ${range.most})`;
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return values;
}

function numberOf(text: string, { names, least }: Bounds): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named + least;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A duration of Go such as `1h30m`, in milliseconds; at least a second. */
function durationOf(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:h|m|s|ms))+$/.test(text)) return undefined;
  const unit: ReadonlyMap<string, number> = new Map([
    ['h', hourMs],
    ['m', minuteMs],
    ['s', 1000],
    ['ms', 1],
  ]);
  const ms = [...text.matchAll(/([\d.]+)(ms|[hms])/g)].reduce(
    (sum, [, amount, name = '']) => sum + Number(amount) * (unit.get(name) ?? 0),
    0,
  );
  return Math.max(1000, ms);
}

/** Whether there is such a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What a search for runs is about: after `from`, not after `to`. */
export interface RunWindow {
  readonly from: number;
  readonly to: number;
  readonly timeZone?: string | undefined;
  readonly limit: number;
}

/** Nothing ran before there were CronJobs. */
const earliest = Date.UTC(2014, 0, 1);

/** The times of the runs in a window, the earliest first, at most `limit`. */
export function runsBetween({ fields, every, timeZone: own }: Schedule, window: RunWindow): readonly number[] {
  const { to, timeZone = own, limit } = window;
  const from = Math.max(window.from, earliest);
  if (fields === undefined) {
    const count = Math.min(limit, Math.max(0, Math.floor((to - from) / every)));
    return Array.from({ length: count }, (_, index) => from + (index + 1) * every);
  }
  const offset = offsetIn(timeZone ?? 'UTC');
  const runs: number[] = [];
  const firstDay = Math.floor((from + offset(from)) / dayMs) * dayMs;
  const [hours, minutes] = [sorted(fields.hours), sorted(fields.minutes)];
  const end = to + offset(to);
  for (let day = firstDay; day <= end && runs.length < limit; day += dayMs) {
    if (!isOn(fields, day)) continue;
    // The clock is put forward or back on few days.
    const [before, after] = [offset(day - dayMs), offset(day + 2 * dayMs)];
    for (const hour of hours)
      for (const minute of minutes) {
        const local = day + hour * hourMs + minute * minuteMs;
        const at = local - (before === after ? before : offset(local - offset(local)));
        if (at > from && at <= to && at > (runs.at(-1) ?? from) && runs.length < limit) runs.push(at);
      }
  }
  return runs;
}

function sorted(values: ReadonlySet<number>): readonly number[] {
  return [...values].toSorted((one, other) => one - other);
}

function isOn({ days, months, weekdays, anyDay }: Fields5, day: number): boolean {
  const date = new Date(day);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [byDate, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return anyDay ? byDate || byWeekday : byDate && byWeekday;
}

/** What is to be added to a time to have the clock of a zone. */
function offsetIn(timeZone: string): (at: number) => number {
  if (/^(?:Etc\/)?UTC$/.test(timeZone)) return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const clock = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return clock - Math.floor(at / 1000) * 1000;
  };
}
