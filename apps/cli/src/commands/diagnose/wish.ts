import type { Diagnosis, DiagnosisWish, Severity } from '@kw/runtime';
import { usageError } from '../../errors.ts';

/** What the flags of `diagnose` ask for. */
export interface Wish {
  readonly wish: Omit<DiagnosisWish, 'signal'>;
  readonly format: 'table' | 'json' | 'markdown';
  readonly failOn: Severity | undefined;
}

type Own = ReadonlyMap<string, string | true>;

/** Reads the flags. Throws KwError `bad-usage` that names the flag, its value and what may stand there. */
export function readWish(own: Own, output: string, diagnosis: Diagnosis): Wish {
  const kinds = textOf(own, 'kinds');
  const selector = textOf(own, 'selector');
  const severity = severityOf(own, 'severity', diagnosis);
  const since = textOf(own, 'since');
  const include = textOf(own, 'include');
  if (include !== undefined && include !== 'security') throw wrongValue('include', include, 'security');
  const sinceMs = since === undefined ? undefined : diagnosis.parseDuration(since);
  if (since !== undefined && sinceMs === undefined) throw wrongValue('since', since, '30m, 2h, 1d');
  if (selector !== undefined) inUsage('selector', () => diagnosis.parseSelector(selector));
  return {
    wish: {
      everywhere: own.has('all-namespaces'),
      ...(kinds === undefined
        ? {}
        : { kinds: inUsage('kinds', () => diagnosis.toKinds(kinds.split(',').filter((kind) => kind.trim() !== ''))) }),
      ...(selector === undefined ? {} : { selector }),
      ...(include === undefined ? {} : { include: [include] }),
      ...(severity === undefined ? {} : { severity }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
    },
    format: formatOf(own, output),
    failOn: severityOf(own, 'fail-on', diagnosis),
  };
}

/** `json` of the configuration or a variable holds here, too. */
function formatOf(own: Own, output: string): Wish['format'] {
  const format = textOf(own, 'output') ?? (output === 'text' ? 'table' : 'json');
  if (format === 'table' || format === 'json' || format === 'markdown') return format;
  if (format === 'text') return 'table';
  if (format === 'md') return 'markdown';
  throw wrongValue('output', format, 'table, json, markdown');
}

function severityOf(own: Own, name: string, { severities }: Diagnosis): Severity | undefined {
  const text = textOf(own, name);
  const severity = severities.find((each) => each === text);
  if (text !== undefined && severity === undefined) throw wrongValue(name, text, severities.join(', '));
  return severity;
}

function textOf(own: Own, name: string): string | undefined {
  const value = own.get(name);
  return typeof value === 'string' ? value : undefined;
}

function inUsage<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw usageError({ en: `--${name}: ${error.message}`, zh: `--${name}：${error.message}` });
  }
}

function wrongValue(name: string, value: string, possible: string): Error {
  return usageError({
    en: `--${name} can not be ${JSON.stringify(value)}; possible: ${possible}`,
    zh: `--${name} 不能为 ${JSON.stringify(value)}；可用值：${possible}`,
  });
}
