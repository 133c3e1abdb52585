import type { Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { cutLine } from '../world/cut.ts';
import { notCheckedWords, objectWords, plain } from './words.ts';

const maxFindings = 25;
const maxEvidence = 3;
const roomInAll = 1_900;
const smallestRoom = 90;

/** The report for a model: what is wrong, what it rests on, what explains what, and what was not checked; about 2 KB for ten findings. */
export function renderCompact({ findings, notChecked, namespace, objects }: Report): string {
  const where = namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
  const shown = findings.slice(0, maxFindings);
  const room = Math.max(smallestRoom, Math.floor(roomInAll / Math.max(1, Math.min(shown.length, 10))) - 20);
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const lines = [
    findings.length === 0
      ? `No findings in ${where} (${objects} objects read).`
      : `${findings.length} finding${findings.length === 1 ? '' : 's'} in ${where}:`,
    ...shown.map((finding, index) => renderFinding(finding, { number: index + 1, room, cause: byId.get(finding.cause ?? '') })),
    ...(findings.length > shown.length
      ? [`${findings.length - shown.length} more, less severe: narrow by namespace, kinds or severity.`]
      : []),
    ...(notChecked.length === 0
      ? []
      : [`Not checked: ${notCheckedWords(notChecked).join('; ')}. Do not conclude that these do not exist.`]),
  ];
  return `${lines.join('\n')}\n`;
}

interface FindingScope {
  readonly number: number;
  readonly room: number;
  readonly cause: Finding | undefined;
}

function renderFinding(finding: Finding, { number, room, cause }: FindingScope): string {
  const { severity, reason, summary, count, evidence } = finding;
  const many = count > 1 ? ` (${count} objects)` : '';
  const head = `${number}. ${severity} ${objectWords(finding)} ${reason}${many}: ${cutLine(plain(summary), room)}`;
  if (cause !== undefined) return `${head} [explained by ${objectWords(cause)} ${cause.reason}]`;
  let left = room - Math.min(room, summary.length);
  const proof = evidence
    .filter(({ value }) => !summary.includes(value))
    .toSorted((one, other) => Number(other.type === 'log') - Number(one.type === 'log'))
    .slice(0, maxEvidence)
    .flatMap(({ type, at, value }) => {
      const told = plain(`${type === 'event' ? `event ${at}` : type === 'log' ? 'log' : at}: ${value}`);
      const text = cutLine(told, Math.max(60, left));
      if (left <= 0) return [];
      left -= text.length === told.length ? text.length : Math.max(text.length, left);
      return [`   ${text}`];
    });
  return [head, ...proof].join('\n');
}
