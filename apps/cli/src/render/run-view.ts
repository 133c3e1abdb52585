import type { AgentEvent } from '@kw/agent';
import type { Output } from '../host.ts';
import type { Messages } from '../messages.ts';
import type { AnswerWriter } from './answer-writer.ts';
import { fitLine } from './display-width.ts';
import { safeText } from './safe-text.ts';
import type { StatusLine } from './status-line.ts';
import type { Style } from './style.ts';

/** Shows a run while it goes on. */
export interface RunView {
  show(event: AgentEvent): void;
  /** Words beside the run, on standard error. */
  say(text: string): void;
}

/** Where and how a run is shown. */
export interface RunViewOptions {
  readonly messages: Messages;
  readonly style: Style;
  readonly stderr: Output;
  readonly status: StatusLine;
  /** Writes the answer on standard output. */
  readonly answer: AnswerWriter;
  /** False: text appears only when it is known to be the answer, so that a file holds nothing else. */
  readonly streams: boolean;
  readonly quiet: boolean;
  readonly showToolOutput: boolean;
}

/** Standard output carries the answer alone; what was done, asked and retried goes to standard error. */
export function createRunView(options: RunViewOptions): RunView {
  const { messages, style, stderr, status, answer, streams, quiet, showToolOutput } = options;
  let text = '';
  let open = false;

  const say = (words: string): void => {
    status.clear();
    if (open) answer.end();
    open = false;
    stderr.write(`${words}\n`);
  };
  const aside = (words: string): void => {
    if (!quiet) say(words);
  };
  const onText = (delta: string): void => {
    text += delta;
    if (!streams) return;
    status.clear();
    answer.push(delta);
    open = true;
  };
  /** What the model said before it used a tool is no answer. */
  const settleNarration = (): void => {
    if (streams) {
      if (open) answer.end();
      open = false;
    } else if (text.trim() !== '') {
      aside(style.dim(safeText(text.trim())));
    }
    text = '';
  };
  const onEnd = (event: Extract<AgentEvent, { type: 'run-end' }>): void => {
    status.clear();
    const { outcome } = event;
    const final = 'answer' in outcome ? outcome.answer : text;
    if (!streams || text.trim() !== final.trim()) answer.push(final);
    answer.end();
    open = false;
    if (outcome.type === 'limit') say(style.yellow(messages.limit(outcome.limit)));
    if (outcome.type === 'cancelled') say(style.yellow(messages.cancelled));
    if (outcome.type === 'failed') say(style.red(messages.failed(safeText(outcome.message))));
    if (event.unanswered > 0) say(style.yellow(messages.unanswered(event.unanswered)));
  };

  return {
    say,
    show: (event) => {
      switch (event.type) {
        case 'run-start':
          status.show(messages.thinking);
          return;
        case 'text-delta':
          onText(event.text);
          return;
        case 'reasoning-delta':
          status.show(messages.thinking);
          return;
        case 'message-discarded':
          text = '';
          if (open) answer.discard();
          open = false;
          aside(style.dim(messages.discarded));
          return;
        case 'turn-end':
          status.show(messages.thinking);
          return;
        case 'tool-call':
          settleNarration();
          return;
        case 'tool-start':
          status.show(safeText(event.summary));
          return;
        case 'tool-progress':
          status.show(safeText(event.message));
          return;
        case 'tool-result':
          aside(toolLine(event, options));
          if (showToolOutput && event.content !== '') say(style.dim(safeText(event.content)));
          status.show(messages.thinking);
          return;
        case 'retry':
          aside(style.yellow(safeText(event.message)));
          return;
        case 'run-resumed':
          aside(style.dim(messages.resumed));
          status.show(messages.thinking);
          return;
        case 'approval-request':
          settleNarration();
          status.clear();
          return;
        case 'approval-response':
          if (event.response.decision === 'expire') aside(style.yellow(messages.expired));
          return;
        case 'run-parked':
          say(style.yellow(messages.parked(event.session)));
          return;
        case 'run-end':
          onEnd(event);
          return;
      }
    },
  };
}

function toolLine(event: Extract<AgentEvent, { type: 'tool-result' }>, { style, messages, stderr }: RunViewOptions): string {
  const seconds = `${(event.durationMs / 1000).toFixed(1)}s`;
  const ran = event.outcome === 'ran';
  const exit = event.exitCode === undefined || event.exitCode === 0 ? '' : `exit ${event.exitCode}`;
  const why = ran ? exit : (messages.outcomes[event.outcome] ?? event.outcome);
  const whole = safeText(event.summary ?? event.tool);
  // Off a terminal the line is for a log, where it is wanted whole.
  const command = stderr.isTTY ? fitLine(whole, stderr.columns() - seconds.length - why.length - 5) : (whole.split('\n')[0] ?? '');
  return ran && !event.isError
    ? `${style.green('✓')} ${command} ${style.dim(seconds)}`
    : `${style.red('✗')} ${command} ${style.dim(seconds)} ${style.red(why)}`;
}
