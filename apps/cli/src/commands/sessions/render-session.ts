import type { SessionCall, SessionDetail, SessionRun } from '@kw/runtime';
import type { CliHost } from '../../host.ts';
import { safeCommand, safeText } from '../../render/safe-text.ts';
import type { Style } from '../../render/style.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import type { SessionMessages } from './messages.ts';

/** A session for reading: its questions, what was run for each, and the answers. */
export function renderSession(session: SessionDetail, { stdout, env }: Pick<CliHost, 'stdout' | 'env'>, messages: SessionMessages): string {
  const style = createStyle(takesColor(stdout, env));
  const status = messages.status[session.status];
  const head = `${style.bold(safeText(session.title))}\n${style.dim(`${session.id}  ${timeOf(session.createdAt)} - ${timeOf(session.updatedAt)}${status === '' ? '' : `  ${status}`}`)}\n`;
  return [head, ...session.runs.map((run) => renderRun(run, style, messages))].join('\n');
}

/** A time of the log, in the time zone of the reader. */
export function timeOf(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function renderRun(run: SessionRun, style: Style, messages: SessionMessages): string {
  const { question, model, target, calls, answer, outcome } = run;
  const facts = [
    ...(target === undefined ? [] : [`${messages.cluster} ${safeText(target.context)}`]),
    `${messages.model} ${safeText(`${model.provider}/${model.id}`)}`,
    ...(outcome === undefined || outcome.type === 'completed' ? [] : [outcome.type]),
  ];
  const lines = [
    `${style.bold('>')} ${style.bold(safeText(question))}`,
    style.dim(`  ${facts.join(', ')}`),
    ...calls.map((call) => `  ${renderCall(call, style)}`),
    '',
    answer === '' ? style.dim(messages.noAnswer) : safeText(answer).trimEnd(),
    '',
  ];
  return lines.join('\n');
}

function renderCall({ command, effect, outcome, exitCode, durationMs }: SessionCall, style: Style): string {
  const mark = outcome === 'ran' && (exitCode ?? 0) === 0 ? style.green('✓') : style.red('✗');
  const facts = [
    ...(effect === undefined || effect === 'read' ? [] : [effect]),
    ...(outcome === 'ran' ? [] : [outcome]),
    ...(exitCode === undefined || exitCode === 0 ? [] : [`exit ${exitCode}`]),
    ...(durationMs === undefined ? [] : [`${(durationMs / 1000).toFixed(1)}s`]),
  ];
  const [first = '', ...more] = safeCommand(command).split('\n');
  return `${mark} ${first}${more.length === 0 ? '' : ` (+${more.length})`} ${style.dim(facts.join(', '))}`.trimEnd();
}
