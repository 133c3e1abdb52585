import type { JsonValue, Redactor } from '@kw/agent';
import type { ExportFormat, SessionCall, SessionDetail, SessionRun } from './sessions-api.ts';

/** A redacted hand-over of a session, for people or for programs. */
export function exportSession(session: SessionDetail, format: ExportFormat, redactor: Redactor): string {
  if (format === 'markdown') return redactor.text(markdownOf(session));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse gives is JSON
  const value = JSON.parse(JSON.stringify(jsonOf(session))) as JsonValue;
  return `${JSON.stringify(redactor.json(value), undefined, 2)}\n`;
}

function jsonOf({ id, title, createdAt, updatedAt, status, usage, runs }: SessionDetail): unknown {
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

function markdownOf(session: SessionDetail): string {
  const { id, title, createdAt, updatedAt, runs, usage } = session;
  const parts = [
    `# ${heading(title === '' ? id : title)}`,
    [
      `- Session: \`${id}\``,
      `- From ${iso(createdAt)} to ${iso(updatedAt)}`,
      `- Tokens: ${usage.inputTokens} in, ${usage.outputTokens} out${usage.estimated === true ? ' (estimated)' : ''}`,
    ].join('\n'),
    ...runs.flatMap(runParts),
    ...reproductionOf(runs),
  ];
  return `${parts.join('\n\n')}\n`;
}

function runParts(run: SessionRun, index: number): readonly string[] {
  const { target, model, cost, question, answer, startedAt, endedAt, calls } = run;
  const where =
    target === undefined
      ? 'no cluster'
      : `${target.server} (context ${target.context}, as ${target.user}${target.namespace === undefined ? '' : `, namespace ${target.namespace}`})`;
  const facts = [
    `- Asked ${iso(startedAt)}${endedAt === undefined ? '' : `, ended ${iso(endedAt)}`}`,
    `- Cluster: ${where}`,
    `- Model: ${model.provider}/${model.id}`,
    `- Outcome: ${outcomeOf(run)}`,
    ...(cost === undefined
      ? []
      : [`- Cost: ${cost.estimated === true || cost.atMost === true ? 'at most about ' : ''}${cost.amount.toFixed(4)} ${cost.currency}`]),
  ].join('\n');
  const commands = calls.length === 0 ? [] : ['### Commands', calls.map(callLine).join('\n')];
  return [`## Question ${index + 1}`, quoted(question), facts, '### Answer', answer.trim() === '' ? '(none)' : answer.trim(), ...commands];
}

function outcomeOf({ outcome }: SessionRun): string {
  switch (outcome?.type) {
    case undefined:
      return 'not ended';
    case 'completed':
      return 'answered';
    case 'limit':
      return `stopped at a limit (${outcome.limit})`;
    case 'cancelled':
      return `cancelled (${outcome.reason})`;
    case 'failed':
      return `failed: ${outcome.message}`;
  }
}

/** One call: what it was, what it does, who decided and how it ended. */
function callLine({ command, effect, decision, outcome, exitCode, durationMs }: SessionCall): string {
  const facts = [
    effect ?? 'not judged',
    outcome === 'ran' ? `exit ${exitCode ?? 0}` : outcome,
    ...(durationMs === undefined || durationMs === 0 ? [] : [`${(durationMs / 1000).toFixed(1)} s`]),
    ...(decision === '' ? [] : [decision]),
  ];
  return `- ${code(command.split('\n', 1)[0] ?? '')} - ${facts.join('; ')}`;
}

function reproductionOf(runs: readonly SessionRun[]): readonly string[] {
  const reads = commandsOf(runs, isRead);
  const changes = commandsOf(runs, isChange);
  if (reads.length + changes.length === 0) return [];
  return [
    '## To repeat it',
    ...(reads.length === 0 ? [] : ['What was read:', fenced(reads.join('\n'))]),
    ...(changes.length === 0 ? [] : ['What was changed (think before you repeat it):', fenced(changes.join('\n'))]),
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
  return input.length === 0 ? whole : `${whole} <<'INPUT'\n${input.join('\n')}\nINPUT`;
}

function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
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
