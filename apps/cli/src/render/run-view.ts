import type { AgentEvent } from '@kw/agent';
import type { Output } from '../host.ts';
import type { Messages } from '../messages.ts';
import type { AnswerWriter } from './answer-writer.ts';
import { durationOf, usageLine } from './figures.ts';
import { createFolds } from './folds.ts';
import type { Folds } from './folds.ts';
import { safeText } from './safe-text.ts';
import type { StatusLine } from './status-line.ts';
import type { Style } from './style.ts';
import { toolLine } from './tool-line.ts';

/** Shows a run while it goes on. */
export interface RunView {
  show(event: AgentEvent): void;
  /** Words beside the run, on standard error. */
  say(text: string): void;
  /** What was shown in short. */
  readonly folds: Folds;
  /** A call runs by a grant, whose number this is; undefined where it was taken back since. Told before the call is shown. */
  byGrant(callId: string, number: number | undefined): void;
  /** From now on lines carry the number under which the whole can be shown. */
  offerUnfolding(): void;
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
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
}

/** Standard output carries the answer alone; what was done, asked and retried goes to standard error. */
export function createRunView(options: RunViewOptions): RunView {
  const { messages, style, stderr, status, answer, streams, quiet, showToolOutput, monotonic } = options;
  const folds = createFolds();
  const running = new Map<string, string>();
  const granted = new Map<string, number | undefined>();
  let numbered = false;
  let afterTool = false;
  let text = '';
  let open = false;
  let model = '';
  let turn = 1;
  let cut: 'length' | 'content-filter' | undefined;
  let began = monotonic();
  let thoughts = '';
  let thinkingSince: number | undefined;

  const say = (words: string): void => {
    status.clear();
    if (open) answer.end();
    open = false;
    stderr.write(`${words}\n`);
  };
  const aside = (words: string): void => {
    if (!quiet) say(words);
  };
  const showWaiting = (): void => {
    const latest = [...running.values()].at(-1);
    if (latest === undefined) status.show(messages.thinking(model, turn));
    else status.show(running.size > 1 ? messages.severalRunning(running.size, latest) : latest);
  };
  const onThought = (delta: string): void => {
    thinkingSince ??= monotonic();
    thoughts += delta;
    status.show(messages.thinking(model, turn), messages.reasoning);
  };
  /** What the model thought stays folded: only how long it took is said. */
  const foldThoughts = (): void => {
    if (thinkingSince === undefined) return;
    const took = durationOf(monotonic() - thinkingSince);
    thinkingSince = undefined;
    if (thoughts.trim() !== '') folds.add({ type: 'thinking', text: safeText(thoughts.trim()) });
    thoughts = '';
    if (stderr.isTTY) aside(style.dim(`✻ ${messages.thought(took)}${numbered ? ` · ${messages.unfoldKey}` : ''}`));
  };
  const onText = (delta: string): void => {
    foldThoughts();
    text += delta;
    if (!streams) return;
    status.clear();
    // On a terminal words stand apart from what was run.
    if (afterTool && stderr.isTTY && !quiet) stderr.write('\n');
    afterTool = false;
    answer.push(delta);
    open = true;
  };
  /** What the model said before it used a tool is no answer. */
  const settleNarration = (): void => {
    foldThoughts();
    if (streams) {
      if (open) answer.end();
      open = false;
    } else if (text.trim() !== '') {
      aside(style.dim(safeText(text.trim())));
    }
    text = '';
  };
  const onResult = (event: Extract<AgentEvent, { type: 'tool-result' }>): void => {
    running.delete(event.callId);
    afterTool = true;
    const grant = granted.has(event.callId) ? messages.byGrant(granted.get(event.callId)) : undefined;
    granted.delete(event.callId);
    aside(toolLine(event, { style, messages, stderr, numbered, ...(grant === undefined ? {} : { grant }) }));
    if (event.output !== undefined) folds.add({ type: 'output', ref: event.output, command: safeText(event.summary ?? event.tool) });
    if (showToolOutput && event.content !== '') say(style.dim(safeText(event.content)));
    showWaiting();
  };
  const onEnd = (event: Extract<AgentEvent, { type: 'run-end' }>): void => {
    status.clear();
    foldThoughts();
    running.clear();
    const { outcome } = event;
    const final = 'answer' in outcome ? outcome.answer : text;
    if (!streams || text.trim() !== final.trim()) answer.push(final);
    answer.end();
    open = false;
    text = '';
    if (outcome.type === 'completed' && cut !== undefined) say(style.yellow(messages.cut[cut]));
    if (outcome.type === 'limit') say(style.yellow(messages.limit(outcome.limit)));
    if (outcome.type === 'cancelled') say(style.yellow(messages.cancelled));
    if (outcome.type === 'failed') say(style.red(messages.failed(safeText(messages.failures[outcome.code] ?? outcome.message))));
    if (event.unanswered > 0) say(style.yellow(messages.unanswered(event.unanswered)));
    const { usage, cost, turns } = event;
    if (stderr.isTTY && turns > 0) aside(style.dim(usageLine({ usage, cost, turns, milliseconds: monotonic() - began }, messages)));
  };
  const show = (event: AgentEvent): void => {
    switch (event.type) {
      case 'run-start':
        began = monotonic();
        model = event.settings.model.id;
        afterTool = false;
        cut = undefined;
        turn = 1;
        showWaiting();
        return;
      case 'text-delta':
        onText(event.text);
        return;
      case 'reasoning-delta':
        onThought(event.text);
        return;
      case 'message-discarded':
        text = '';
        thoughts = '';
        thinkingSince = undefined;
        if (open) answer.discard();
        open = false;
        aside(style.dim(messages.discarded));
        return;
      case 'turn-end':
        foldThoughts();
        turn = event.turn + 1;
        cut = event.finish === 'length' || event.finish === 'content-filter' ? event.finish : undefined;
        showWaiting();
        return;
      case 'tool-call':
        settleNarration();
        return;
      case 'tool-start':
        running.set(event.callId, safeText(event.summary));
        showWaiting();
        return;
      case 'tool-progress':
        status.show(
          running.size > 1 ? messages.severalRunning(running.size, running.get(event.callId) ?? '') : (running.get(event.callId) ?? ''),
          safeText(event.message).replace(/^\d+ s(?:, )?/, ''),
        );
        return;
      case 'tool-result':
        onResult(event);
        return;
      case 'retry':
        aside(style.yellow(safeText(event.message)));
        showWaiting();
        return;
      case 'run-resumed':
        aside(style.dim(messages.resumed));
        showWaiting();
        return;
      case 'approval-request':
        settleNarration();
        status.clear();
        return;
      case 'approval-response':
        if (event.response.decision === 'expire') aside(style.yellow(messages.expired));
        return;
      case 'context-compacted':
        aside(style.dim(messages.compacted(event.before, event.after)));
        showWaiting();
        return;
      case 'notice':
        aside(style.dim(safeText(messages.notices[event.code] ?? event.message)));
        return;
      case 'run-parked':
        say(style.yellow(messages.parked(event.session)));
        return;
      case 'run-end':
        onEnd(event);
        return;
    }
  };
  return {
    say,
    show,
    folds,
    byGrant: (callId, number) => {
      granted.set(callId, number);
    },
    offerUnfolding: () => {
      numbered = true;
    },
  };
}
