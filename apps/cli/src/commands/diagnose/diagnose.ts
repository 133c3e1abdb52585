import { loadDiagnosis } from '@kw/runtime';
import type { Diagnosis, DiagnosisWish, Report, Severity } from '@kw/runtime';
import { usageError } from '../../errors.ts';
import { exitCodes } from '../../exit-code.ts';
import { jsonText } from '../../render/json-text.ts';
import { createStatusLine } from '../../render/status-line.ts';
import type { StatusLine } from '../../render/status-line.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import type { CommandContext } from '../context.ts';
import { diagnoseMessagesIn } from './messages.ts';
import { readWish } from './wish.ts';

/** Finds what is broken without a model. Exit code 0 also with findings; 5 where `--fail-on` says so. */
export async function diagnose(context: CommandContext): Promise<number> {
  const { host, loaded, own } = context;
  const { config } = loaded;
  const diagnosis = await loadDiagnosis();
  const { wish, format, failOn } = readWish(own, config.output, diagnosis);
  const style = createStyle(takesColor(host.stderr, host.env));
  const status = config.quiet ? undefined : createStatusLine(host.stderr, { style, monotonic: host.monotonic });
  const report = await reportOf(context, { diagnosis, wish: { ...wish, signal: host.interrupt }, status });
  host.stdout.write(render(report, { context, diagnosis, format }));
  return failOn !== undefined && report.findings.some(({ severity }) => isAtLeast(severity, failOn, diagnosis))
    ? exitCodes.found
    : exitCodes.answered;
}

interface Reading {
  readonly diagnosis: Diagnosis;
  readonly wish: DiagnosisWish;
  readonly status: StatusLine | undefined;
}

async function reportOf({ loaded, surroundings }: CommandContext, { diagnosis, wish, status }: Reading): Promise<Report> {
  const messages = diagnoseMessagesIn(loaded.config.language);
  status?.show(messages.connecting);
  try {
    for await (const event of diagnosis.run(loaded.config, surroundings, wish)) {
      if (event.type === 'report') return event.report;
      status?.show(messages.reading, messages.progress(event.kindsDone, event.kindsInAll, event.objects));
    }
  } finally {
    status?.clear();
  }
  throw usageError({ en: 'the diagnosis ended without a report', zh: '诊断未给出报告就结束了' }, 'failed');
}

interface Rendering {
  readonly context: CommandContext;
  readonly diagnosis: Diagnosis;
  readonly format: 'table' | 'json' | 'markdown';
}

function render(report: Report, { context: { host, loaded }, diagnosis, format }: Rendering): string {
  const { language } = loaded.config;
  if (format === 'json') return `${jsonText(report, 2)}\n`;
  if (format === 'markdown') return diagnosis.renderMarkdown(report, { language });
  const style = createStyle(takesColor(host.stdout, host.env));
  const colours = { critical: style.red, warning: style.yellow, info: style.cyan };
  return diagnosis.renderTable(report, {
    language,
    ...(host.stdout.isTTY ? { columns: host.stdout.columns() } : {}),
    paint: (text, severity) => colours[severity](text),
  });
}

function isAtLeast(severity: Severity, least: Severity, { severities }: Diagnosis): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}
