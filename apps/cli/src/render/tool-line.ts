import type { AgentEvent } from '@kw/agent';
import type { Output } from '../host.ts';
import type { Messages } from '../messages.ts';
import { displayWidth, fitLine } from './display-width.ts';
import { bytesOf, durationOf } from './figures.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

/** How a call's line is written. */
export interface ToolLineOptions {
  readonly style: Style;
  readonly messages: Messages;
  readonly stderr: Output;
  /** True: the number under which the output can be shown stands in the line. */
  readonly numbered: boolean;
  /** By which grant it ran unasked. */
  readonly grant?: string;
}

/** What was never started took no time. */
const neverRan: ReadonlySet<string> = new Set(['denied', 'refused', 'not-understood']);

/** Narrower than this, a grant stands on a line of its own: the command needs the room. */
const narrowColumns = 90;

/** A call that is over, on one line: how it ended, the command, how long it took and how much it printed. */
export function toolLine(
  event: Extract<AgentEvent, { type: 'tool-result' }>,
  { style, messages, stderr, numbered, grant }: ToolLineOptions,
): string {
  const ran = event.outcome === 'ran';
  const exit = event.exitCode === undefined || event.exitCode === 0 ? '' : `exit ${event.exitCode}`;
  const why = ran ? exit : (messages.outcomes[event.outcome] ?? event.outcome);
  const isGood = ran && !event.isError;
  const isNarrow = stderr.isTTY && stderr.columns() < narrowColumns;
  const facts = [
    ...(isGood || why === '' ? [] : [why]),
    ...(neverRan.has(event.outcome) ? [] : [durationOf(event.durationMs)]),
    ...(stderr.isTTY && event.outputBytes !== undefined ? [bytesOf(event.outputBytes)] : []),
    ...(grant === undefined || isNarrow ? [] : [grant]),
    ...(numbered && event.output !== undefined ? [`#${event.output.slice('output:'.length)}`] : []),
  ];
  const whole = safeText(event.summary ?? event.tool);
  // Off a terminal the line is for a log, where it is wanted whole.
  const command = stderr.isTTY ? fitLine(whole, stderr.columns() - displayWidth(facts.join(' · ')) - 5) : (whole.split('\n')[0] ?? '');
  const shown = facts
    .map((fact) => (fact === why ? style.red(fact) : fact === grant ? style.yellow(fact) : style.dim(fact)))
    .join(style.dim(' · '));
  const below = grant !== undefined && isNarrow ? `\n  ${style.yellow(grant)}` : '';
  return `${isGood ? style.green('✓') : style.red('✗')} ${command}  ${shown}${below}`;
}
