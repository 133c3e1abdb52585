import type { Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { reportWords } from './language.ts';
import type { ReportLanguage, ReportWords } from './language.ts';
import { notCheckedWords, objectWords, plain } from './words.ts';

/** The report as Markdown, for an issue or a hand-over; nothing of the cluster's text can act as Markdown. */
export function renderMarkdown(report: Report, { language = 'en' }: { readonly language?: ReportLanguage } = {}): string {
  const words = reportWords(language);
  const { at, serverVersion, namespace, findings, notChecked, objects } = report;
  const where = namespace === undefined ? words.everywhere : words.inNamespace(namespace);
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return `${[
    `# ${words.title}`,
    `${at}${serverVersion === undefined ? '' : ` · Kubernetes ${code(serverVersion)}`}`,
    findings.length === 0 ? words.none(where, objects) : words.total(findings.length, where, objects),
    ...findings.map((finding) => section(finding, byId.get(finding.cause ?? ''), words)),
    ...(notChecked.length === 0
      ? []
      : [
          `## ${words.notChecked}\n\n${words.notCheckedNote}\n\n${notCheckedWords(notChecked)
            .map((each) => `- ${code(each)}`)
            .join('\n')}`,
        ]),
  ].join('\n\n')}\n`;
}

function section(finding: Finding, cause: Finding | undefined, words: ReportWords): string {
  const { severity, reason, summary, evidence, fix = [], count } = finding;
  const many = count > 1 ? ` (${words.objects(count)})` : '';
  return [
    `## ${words.severities[severity]}: ${code(objectWords(finding))} ${reason}${many}`,
    [words.meaning(reason), escape(summary)].filter((text) => text !== undefined).join('  \n'),
    ...(cause === undefined ? [] : [`${words.explainedBy} ${code(objectWords(cause))} ${cause.reason}`]),
    ...(evidence.length === 0
      ? []
      : [`${words.evidence}:\n\n${evidence.map(({ at, value }) => `- ${code(at)}: ${code(value)}`).join('\n')}`]),
    ...(fix.length === 0 ? [] : [`${words.next}:\n\n${fix.map((command) => `- ${code(command)}`).join('\n')}`]),
  ].join('\n\n');
}

/** Inline code, whatever is in it. */
function code(text: string): string {
  const line = plain(text);
  const ticks = '`'.repeat(Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return ticks.length === 1 ? `${ticks}${line}${ticks}` : `${ticks} ${line} ${ticks}`;
}

function escape(text: string): string {
  return plain(text).replaceAll(/[\\`*_{}[\]<>#|!]/g, (character) => `\\${character}`);
}
