import type { JsonValue, Redactor } from '@kw/agent';
import type { ExportWords } from './export-words.ts';
import { wordsIn } from './export-words.ts';
import type { ExportFormat, SessionCall, SessionDetail, SessionRun } from './sessions-api.ts';

/** What a hand-over is made with. */
export interface ExportOptions {
  readonly redactor: Redactor;
  readonly language: 'en' | 'zh';
  /** Says in that language why a call ran; without it as it is logged. */
  readonly reasons?: (reason: string) => string;
}

/** What of a session is handed over. */
export type ExportedSession = Pick<SessionDetail, 'id' | 'title' | 'createdAt' | 'updatedAt' | 'status' | 'usage' | 'runs'>;

/** A redacted hand-over of a session, for people or for programs. */
export function exportSession(
  session: ExportedSession,
  format: ExportFormat,
  { redactor, language, reasons = (reason) => reason }: ExportOptions,
): string {
  if (format === 'markdown') return visible(redactor.text(markdownOf(withReasons(session, reasons), wordsIn(language))));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse gives is JSON
  const value = JSON.parse(JSON.stringify(jsonOf(session))) as JsonValue;
  return `${escapeControls(JSON.stringify(redactor.json(value), undefined, 2))}\n`;
}

/** The same session, with the decisions in the reader's language. */
function withReasons(session: ExportedSession, reasons: (reason: string) => string): ExportedSession {
  const localize = (call: SessionCall): SessionCall => ({ ...call, decision: reasons(call.decision) });
  return { ...session, runs: session.runs.map((run) => ({ ...run, calls: run.calls.map(localize) })) };
}

function jsonOf({ id, title, createdAt, updatedAt, status, usage, runs }: ExportedSession): unknown {
  return {
    format: 'kubelet-wuhrai/session/v1',
    session: { id, title, status, createdAt: iso(createdAt), updatedAt: iso(updatedAt), usage },
    runs: runs.map((run) => ({
      runId: run.runId,
      question: run.question,
      answer: run.answer,
      outcome: run.outcome,
      model: run.model,
      target: run.target,
      startedAt: iso(run.startedAt),
      endedAt: run.endedAt === undefined ? undefined : iso(run.endedAt),
      turns: run.turns,
      usage: run.usage,
      cost: run.cost,
      calls: run.calls,
    })),
    reproduce: { reads: commandsOf(runs, isRead), changes: commandsOf(runs, isChange) },
  };
}

function markdownOf(session: ExportedSession, words: ExportWords): string {
  const { id, title, createdAt, updatedAt, runs, usage } = session;
  const parts = [
    `# ${heading(title === '' ? id : title)}`,
    [
      `- ${words.session}: \`${id}\``,
      `- ${words.time}: ${iso(createdAt)} - ${iso(updatedAt)}`,
      `- ${words.tokens(usage.inputTokens, usage.outputTokens)}${usage.estimated === true ? ` (${words.estimated})` : ''}`,
    ].join('\n'),
    ...runs.flatMap((run, index) => runParts(run, index, words)),
    ...reproductionOf(runs, words),
  ];
  return `${parts.join('\n\n')}\n`;
}

function runParts(run: SessionRun, index: number, words: ExportWords): readonly string[] {
  const { target, model, cost, question, answer, startedAt, endedAt, calls } = run;
  const where = target === undefined ? words.noCluster : words.cluster(target);
  const facts = [
    `- ${words.time}: ${iso(startedAt)}${endedAt === undefined ? '' : ` - ${iso(endedAt)}`}`,
    `- ${words.clusterName}: ${where}`,
    `- ${words.model}: ${model.provider}/${model.id}`,
    `- ${words.outcome}: ${words.outcomeOf(run.outcome)}`,
    ...(cost === undefined
      ? []
      : [
          `- ${words.cost}: ${cost.atMost === true ? '<= ' : ''}${cost.amount.toFixed(4)} ${cost.currency}${cost.estimated === true ? ` (${words.estimated})` : ''}`,
        ]),
  ].join('\n');
  const commands = calls.length === 0 ? [] : [`### ${words.commands}`, calls.map((call) => callLine(call, words)).join('\n')];
  const said = answer.trim() === '' ? words.none : answerOf(answer.trim());
  return [`## ${words.question} ${index + 1}`, quoted(question), facts, `### ${words.answer}`, said, ...commands];
}

/** One call: what it was, what it does, who decided and how it ended. */
function callLine({ command, effect, decision, outcome, exitCode, durationMs }: SessionCall, words: ExportWords): string {
  const facts = [
    effect === undefined ? words.notJudged : words.effectOf(effect),
    outcome === 'ran' ? words.exit(exitCode ?? 0) : words.endOf(outcome),
    ...(durationMs === undefined || durationMs === 0 ? [] : [words.seconds((durationMs / 1000).toFixed(1))]),
    ...(decision === '' ? [] : [decision]),
  ];
  return `- ${code(command.split('\n', 1)[0] ?? '')} - ${facts.join(words.separator)}`;
}

function reproductionOf(runs: readonly SessionRun[], words: ExportWords): readonly string[] {
  const reads = commandsOf(runs, isRead);
  const changes = commandsOf(runs, isChange);
  if (reads.length + changes.length === 0) return [];
  return [
    `## ${words.repeat}`,
    ...(reads.length === 0 ? [] : [words.reads, fenced(reads.join('\n'))]),
    ...(changes.length === 0 ? [] : [words.changes, fenced(changes.join('\n'))]),
  ];
}

function isRead({ effect, outcome, tool }: SessionCall): boolean {
  return effect === 'read' && (outcome === 'ran' || outcome === 'failed' || outcome === 'timeout') && tool !== 'read_output';
}

/** Whatever may have had an effect. */
function isChange({ effect, outcome }: SessionCall): boolean {
  return effect !== undefined && effect !== 'read' && ['ran', 'failed', 'timeout', 'interrupted', 'cancelled'].includes(outcome);
}

function commandsOf(runs: readonly SessionRun[], wanted: (call: SessionCall) => boolean): readonly string[] {
  return [...new Set(runs.flatMap((run) => run.calls.filter(wanted).map((call) => shellOf(call, run))))];
}

/** A line for a shell; kubectl names its context and namespace, what follows the first line is its input. */
function shellOf({ tool, command }: SessionCall, { target }: SessionRun): string {
  if (tool !== 'kubectl') return command;
  const [line = '', ...input] = command.split('\n');
  const where = [
    ...(target === undefined || target.context === '' ? [] : [`--context=${word(target.context)}`]),
    ...(target?.namespace === undefined ? [] : [`--namespace=${word(target.namespace)}`]),
  ];
  const whole = line.replace(/^kubectl\s+/, () => `${['kubectl', ...where].join(' ')} `);
  if (input.length === 0) return whole;
  const end = markOf(input);
  return `${whole} <<'${end}'\n${input.join('\n')}\n${end}`;
}

/** A mark for the end of an input that no line of it is: what follows such a line would be run by whoever repeats it. */
function markOf(lines: readonly string[]): string {
  let mark = 'INPUT';
  while (lines.includes(mark)) mark += '_';
  return mark;
}

function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Characters that steer terminals, or hide what stands there from a reader. */
// oxlint-disable-next-line no-control-regex -- the controls are the point
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The same JSON, with what a terminal would act on written as escapes. */
function escapeControls(json: string): string {
  return json.replaceAll(hidden, escaped);
}

function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(hidden, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The answer of a model, which may repeat what strangers wrote: its headings stay below those of the hand-over, so that it can add no part to it,
 * and nothing is loaded from elsewhere and no markup is taken for ours, code aside.
 */
function answerOf(text: string): string {
  let fence = '';
  const lines = text.split('\n').map((line) => {
    const [, ticks = ''] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence !== '') {
      if (ticks.startsWith(fence) && line.trim() === ticks) fence = '';
      return line;
    }
    if (ticks !== '') {
      fence = ticks;
      return line;
    }
    return line
      .replace(/^( {0,3})#{1,3}(?=\s|$)/, '$1####')
      .replace(/^ {0,3}(?:=+|-+)\s*$/, '\\$&')
      .split(/(`+[^`]*`+)/)
      .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('![', String.raw`!\[`).replaceAll(/<(?=[a-z/!?])/gi, '&lt;')))
      .join('');
  });
  return [...lines, ...(fence === '' ? [] : [fence])].join('\n');
}

function heading(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#]/g, (sign) => `\\${sign}`);
}

function quoted(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** A code span that no run of backticks inside it ends. */
function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}sh\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
