const ranges = [
  { name: 'minute', first: 0, last: 59 },
  { name: 'hour', first: 0, last: 23 },
  { name: 'day of month', first: 1, last: 31 },
  { name: 'month', first: 1, last: 12 },
  { name: 'day of week', first: 0, last: 6 },
] as const;

const names = new Map('jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').map((name, index) => [name, index + 1]));
const days = new Map('sun mon tue wed thu fri sat'.split(' ').map((name, index) => [name, index]));
const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/** What is wrong with a schedule, in the words of the server's parser; undefined for a good one. */
export function scheduleError(schedule: string): string | undefined {
  if (schedule.startsWith('@'))
    return descriptors.has(schedule) || /^@every \S+/.test(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
  if (/TZ=/.test(schedule)) return 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, field] of fields.entries()) {
    const problem = fieldError(field, index);
    if (problem) return problem;
  }
  return undefined;
}

function fieldError(field: string, index: number): string | undefined {
  const range = ranges[index];
  if (!range) return undefined;
  const number = (text: string): number | undefined =>
    /^\d+$/.test(text) ? Number(text) : (index === 3 ? names : index === 4 ? days : undefined)?.get(text.toLowerCase());
  for (const part of field.split(',')) {
    const [span = '', step, ...more] = part.split('/');
    if (more.length > 0) return `too many slashes: ${part}`;
    if (step !== undefined && !/^\d+$/.test(step))
      return `failed to parse int from ${step}: strconv.Atoi: parsing "${step}": invalid syntax`;
    if (span === '*' || span === '?') continue;
    const [low = '', high, ...rest] = span.split('-');
    if (rest.length > 0) return `too many hyphens: ${part}`;
    const [start, end] = [number(low), high === undefined ? undefined : number(high)];
    if (start === undefined) return `failed to parse int from ${low}: strconv.Atoi: parsing "${low}": invalid syntax`;
    if (high !== undefined && end === undefined) return `failed to parse int from ${high}: strconv.Atoi: parsing "${high}": invalid syntax`;
    if (start < range.first) return `beginning of range (${start}) below minimum (${range.first}): ${part}`;
    if ((end ?? start) > range.last) return `end of range (${end ?? start}) above maximum (${range.last}): ${part}`;
    if (end !== undefined && start > end) return `beginning of range (${start}) beyond end of range (${end}): ${part}`;
  }
  return undefined;
}
