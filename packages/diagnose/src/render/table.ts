import type { Evidence, Finding, Severity } from '../finding.ts';
import type { Report } from '../report.ts';
import { showDuration } from '../world/durations.ts';
import { shownKind } from '../world/world-kind.ts';
import { reportWords } from './language.ts';
import type { ReportLanguage, ReportWords } from './language.ts';
import { padTo, widthOf, wrap } from './width.ts';
import { notCheckedWords, objectWords, plain } from './words.ts';

/** How a table is made. */
export interface TableOptions {
  /** Default `en`. */
  readonly language?: ReportLanguage;
  /** Lines are broken to so many columns; absent: never. */
  readonly columns?: number;
  /** Colours a word by its severity; absent: plain. */
  readonly paint?: (text: string, severity: Severity) => string;
}

const gap = 2;
const maxEvidence = 4;

/** The report for people: a line for each finding, what it says, rests on and what to do below it. Ends with a new line. */
export function renderTable(report: Report, { language = 'en', columns, paint = (text) => text }: TableOptions = {}): string {
  const words = reportWords(language);
  const { findings, notChecked, namespace, objects } = report;
  const where = namespace === undefined ? words.everywhere : words.inNamespace(namespace);
  const rows = findings.map((finding) => rowOf(finding, report.at, words));
  const widths = words.columns.map((head, column) => rows.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), widthOf(head)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => padTo(cell, (widths[column] ?? 0) + gap))
      .join('')
      .trimEnd();
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const blocks = findings.map((finding, at) => {
    const [severity = '', ...rest] = rows[at] ?? [];
    const head = line([severity, ...rest]);
    const details = detailsOf(finding, byId.get(finding.cause ?? ''), words);
    return [
      `${paint(severity, finding.severity)}${head.slice(severity.length)}`,
      ...details.flatMap((detail) => indented(detail, columns)),
    ].join('\n');
  });
  return `${[
    ...(findings.length === 0 ? [] : [[line(words.columns), ...blocks].join('\n')]),
    findings.length === 0 ? words.none(where, objects) : words.total(findings.length, where, objects),
    ...(notChecked.length === 0
      ? []
      : [
          [
            `${words.notChecked} (${words.notCheckedNote}):`,
            ...notCheckedWords(notChecked).flatMap((each) => indented(each, columns)),
          ].join('\n'),
        ]),
  ].join('\n\n')}\n`;
}

function rowOf(finding: Finding, at: string, words: ReportWords): readonly string[] {
  const { severity, namespace = '-', kind, name, reason, since, count, cause } = finding;
  const age = since === undefined ? '-' : showDuration(Date.parse(at) - Date.parse(since));
  const many = count > 1 ? ` (${words.objects(count)})` : '';
  return [
    words.severities[severity],
    namespace,
    `${cause === undefined ? '' : '└ '}${plain(`${shownKind(kind)}/${name}`)}${many}`,
    reason,
    age,
  ];
}

function detailsOf(finding: Finding, cause: Finding | undefined, words: ReportWords): readonly string[] {
  const { summary, evidence, fix = [] } = finding;
  const said = [...meaningOf(finding, words), plain(summary)];
  if (cause !== undefined) return [...said, `${words.explainedBy} ${objectWords(cause)} ${cause.reason}`];
  const logs = evidence.filter(({ type }) => type === 'log');
  const others = evidence.filter(({ type }) => type !== 'log').slice(0, maxEvidence);
  return [...said, ...[...others, ...logs].map(showEvidence), ...fix.map((command) => `→ ${plain(command)}`)];
}

function meaningOf({ reason }: Finding, { meaning }: ReportWords): readonly string[] {
  const known = meaning(reason);
  return known === undefined ? [] : [known];
}

function showEvidence({ type, at, value }: Evidence): string {
  return `· ${type === 'path' ? '' : `${type} `}${plain(at)}: ${plain(value)}`;
}

const margin = 4;
const leastColumns = 40;

function indented(text: string, columns: number | undefined): readonly string[] {
  const room = columns === undefined ? Infinity : Math.max(leastColumns, columns) - margin;
  const [first = '', ...rest] = wrap(text, room);
  const hang = /^[·→] /.test(text) ? '  ' : '';
  return [
    `${' '.repeat(margin)}${first}`,
    ...rest.flatMap((line) => wrap(line, room - hang.length)).map((line) => `${' '.repeat(margin)}${hang}${line}`),
  ];
}
