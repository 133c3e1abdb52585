import type { SessionCall, SessionDetail, SessionRun } from '@kw/runtime';
import type { CliHost } from '../../host.ts';
import type { Messages } from '../../messages.ts';
import { safeCommand, safeText } from '../../render/safe-text.ts';
import { displayWidth, fitLine } from '../../render/display-width.ts';
import { pastAnswer } from '../../render/past-answer.ts';
import type { Style } from '../../render/style.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import type { SessionMessages } from './messages.ts';

/** The sentences of a language. */
export interface Spoken {
  readonly messages: SessionMessages;
  readonly words: Messages;
}

/** A session for reading: its questions, what was run for each, and the answers. */
export async function renderSession(
  session: SessionDetail,
  { stdout, env }: Pick<CliHost, 'stdout' | 'env'>,
  { messages, words }: Spoken,
): Promise<string> {
  const style = createStyle(takesColor(stdout, env));
  const answerOf = await pastAnswer({ stdout, env });
  const columns = stdout.columns();
  const view = { style, messages, words, answerOf: (text: string) => answerOf(text, columns), columns: stdout.isTTY ? columns : undefined };
  const status = messages.status[session.status];
  const head = `${style.bold(safeText(session.title))}\n${style.dim(`${session.id}  ${timeOf(session.createdAt)} - ${timeOf(session.updatedAt)}${status === '' ? '' : `  ${status}`}`)}\n`;
  return [head, ...session.runs.map((run) => renderRun(run, view))].join('\n');
}

/** A time of the log, in the time zone of the reader. */
export function timeOf(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

interface View extends Spoken {
  readonly style: Style;
  readonly answerOf: (text: string) => string;
  /** A line is cut there; undefined off a terminal, where it is wanted whole. */
  readonly columns: number | undefined;
}

function renderRun(run: SessionRun, view: View): string {
  const { style, messages, answerOf } = view;
  const { question, model, target, calls, answer, outcome } = run;
  const facts = [
    ...(target === undefined ? [] : [`${messages.cluster} ${safeText(target.context)}`]),
    `${messages.model} ${safeText(`${model.provider}/${model.id}`)}`,
    ...(outcome === undefined || outcome.type === 'completed' ? [] : [outcome.type]),
  ];
  const lines = [
    `${style.bold('>')} ${style.bold(safeText(question))}`,
    style.dim(`  ${facts.join(', ')}`),
    ...calls.map((call) => `  ${renderCall(call, view)}`),
    '',
    answer === '' ? style.dim(messages.noAnswer) : answerOf(answer),
    '',
  ];
  return lines.join('\n');
}

/** What stands in front of a command, and the last column. */
const callMargin = 5;

function renderCall({ command, effect, outcome, exitCode, durationMs, grantId }: SessionCall, { style, words, columns }: View): string {
  const mark = outcome === 'ran' && (exitCode ?? 0) === 0 ? style.green('✓') : style.red('✗');
  const facts = [
    ...(effect === undefined || effect === 'read' ? [] : [words.kinds[effect]]),
    ...(outcome === 'ran' ? [] : [words.outcomes[outcome] ?? outcome]),
    ...(exitCode === undefined || exitCode === 0 ? [] : [`exit ${exitCode}`]),
    ...(durationMs === undefined ? [] : [`${(durationMs / 1000).toFixed(1)}s`]),
    ...(grantId === undefined ? [] : [words.byGrant(undefined)]),
  ];
  const [first = '', ...more] = safeCommand(command).split('\n');
  const told = facts.join(', ');
  const rest = `${more.length === 0 ? '' : ` (+${more.length})`} ${style.dim(told)}`;
  const shown = columns === undefined ? first : fitLine(first, columns - displayWidth(rest) - callMargin);
  return `${mark} ${shown}${rest}`.trimEnd();
}
