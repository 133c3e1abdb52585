import { KwError } from '@kw/agent';
import type { Severity } from './finding.ts';

/** Arguments of the tool; all may be absent. */
export interface DiagnoseInput {
  readonly namespace?: string;
  readonly kinds?: readonly string[];
  readonly selector?: string;
  readonly severity?: Severity;
  readonly sinceMs?: number;
}

const units: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Reads `45s`, `30m`, `1h30m`, `2d` into milliseconds; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+[smhd])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * (units.get(unit ?? '') ?? 0), 0);
}

/** Reads the arguments of a call; unknown ones are ignored. Throws KwError `tool-input` for the model. */
export function parseDiagnoseInput(argumentsJson: string): DiagnoseInput {
  const value = parseObject(argumentsJson);
  const named = textOf(value, 'namespace');
  const namespace = named === '*' || named === 'all' ? undefined : named;
  if (namespace !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace))
    throw wrong(`"namespace" must be one namespace, not ${JSON.stringify(namespace)}; leave it out for all`);
  const since = textOf(value, 'since');
  const sinceMs = since === undefined ? undefined : parseDuration(since);
  if (since !== undefined && sinceMs === undefined)
    throw wrong(`"since" must be a duration such as 30m, 2h or 1d, not ${JSON.stringify(since)}`);
  const severity = textOf(value, 'severity');
  if (severity !== undefined && severity !== 'critical' && severity !== 'warning' && severity !== 'info')
    throw wrong(`"severity" must be critical, warning or info, not ${JSON.stringify(severity)}`);
  const selector = textOf(value, 'selector');
  const kinds = kindsOf(value['kinds']);
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(selector === undefined ? {} : { selector }),
    ...(severity === undefined ? {} : { severity }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
}

function parseObject(argumentsJson: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(argumentsJson.trim() === '' ? '{}' : argumentsJson);
  } catch (error) {
    throw new KwError('tool-input', 'diagnose: the arguments are not valid JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('the arguments must be a JSON object');
  return { ...value };
}

/** Models write lists as one text, too. */
function kindsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: unknown = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(list) || !list.every((kind) => typeof kind === 'string'))
    throw wrong('"kinds" must be a list of kinds such as ["Pod", "Service"]');
  return list.map((kind) => kind.trim()).filter((kind) => kind !== '');
}

function textOf(value: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = value[name];
  if (text === undefined || text === null || text === '') return undefined;
  if (typeof text !== 'string') throw wrong(`"${name}" must be a text`);
  return text;
}

function wrong(what: string): KwError {
  return new KwError('tool-input', `diagnose: ${what}`);
}
