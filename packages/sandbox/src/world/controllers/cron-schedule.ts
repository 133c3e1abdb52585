/** When a CronJob is due. */
export interface Schedule {
  /** The first due time after a time (milliseconds since the epoch); undefined where there is none within five years. */
  next(after: number): number | undefined;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const horizonMs = 5 * 366 * dayMs;

const macros = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface FieldRange {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const ranges = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: months },
  { from: 0, to: 6, names: days },
] as const satisfies readonly FieldRange[];

function numberOf(text: string, { from, to, names }: FieldRange): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + from;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}

/** The values of a field: `*`, `1,3`, `1-5`, with a step after `/`; undefined for what is none. */
function valuesOf(text: string, range: FieldRange): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [span = '', stepText, more] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (more !== undefined || !Number.isInteger(step) || step < 1) return undefined;
    const [first = '', last, rest] = span === '*' || span === '?' ? [String(range.from), String(range.to)] : span.split('-');
    const start = numberOf(first, range);
    const end = last === undefined ? (stepText === undefined ? start : range.to) : numberOf(last, range);
    if (rest !== undefined || start === undefined || end === undefined || start > end) return undefined;
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

interface LocalTime {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

/** The fields of a time in a zone; throws a RangeError for a zone that does not exist. */
function localTimes(timeZone: string): (time: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    minute: 'numeric',
    hour: 'numeric',
    day: 'numeric',
    month: 'numeric',
    weekday: 'short',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const field = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
    return {
      minute: field('minute'),
      hour: field('hour'),
      day: field('day'),
      month: field('month'),
      weekday: days.indexOf((parts.get('weekday') ?? '').toLowerCase()),
    };
  };
}

/** A schedule in the syntax of cron; undefined for what is none. Throws a RangeError for a zone that does not exist. */
export function parseSchedule(text: string, timeZone = 'UTC'): Schedule | undefined {
  const every = text.match(/^@every (\d+)(s|m|h)$/);
  if (every) {
    const period = Number(every[1]) * (every[2] === 'h' ? 3_600_000 : every[2] === 'm' ? minuteMs : 1000);
    return period > 0 ? { next: (after) => after + period } : undefined;
  }
  const fields = (macros.get(text) ?? text).trim().split(/\s+/);
  if (fields.length !== ranges.length) return undefined;
  const [minutes, hours, monthDays, monthNumbers, weekdays] = ranges.map((range, index) => valuesOf(fields[index] ?? '', range));
  if (!minutes || !hours || !monthDays || !monthNumbers || !weekdays) return undefined;
  const anyDay = /^[*?]/.test(fields[2] ?? '');
  const anyWeekday = /^[*?]/.test(fields[4] ?? '');
  const onDay = ({ day, weekday }: LocalTime): boolean =>
    anyDay || anyWeekday ? monthDays.has(day) && weekdays.has(weekday) : monthDays.has(day) || weekdays.has(weekday);
  const local = localTimes(timeZone);
  return {
    next(after) {
      let time = Math.floor(after / minuteMs) * minuteMs + minuteMs;
      const end = after + horizonMs;
      while (time < end) {
        const now = local(time);
        if (!monthNumbers.has(now.month) || !onDay(now)) time += (24 * 60 - now.hour * 60 - now.minute) * minuteMs;
        else if (!hours.has(now.hour)) time += (60 - now.minute) * minuteMs;
        else if (!minutes.has(now.minute)) time += minuteMs;
        else return time;
      }
      return undefined;
    },
  };
}
