import type { ReasoningPart, TextPart } from '@kw/providers';
import { noUsage } from '../log/usage.ts';
import type { AssistantEntry, Entry, RunEndEntry, RunOutcome, ToolOutcome, ToolResultEntry } from '../entry.ts';
import type { CallView, RunView } from '../log/view.ts';

/** The last entry of a run. */
export function runEnd(run: RunView, outcome: RunOutcome): RunEndEntry {
  const unanswered = [...run.calls.values()].filter((call) => call.result?.unanswered === true).length;
  const { usage, turns, cost } = run;
  return { type: 'run-end', runId: run.runId, outcome, usage, turns, unanswered, ...(cost === undefined ? {} : { cost }) };
}

/** A result that was not brought about by running the call. */
export function resultWithoutRun(
  runId: string,
  { call }: Pick<CallView, 'call'>,
  end: { readonly outcome: ToolOutcome; readonly content: string },
): ToolResultEntry {
  const message = { role: 'tool', callId: call.id, name: call.name, content: end.content, isError: true } as const;
  return { type: 'tool-result', runId, message, outcome: end.outcome, durationMs: 0 };
}

/** Results for all calls that have none, so that the history stays one that models take. */
export function closingResults(run: RunView, reason: string): readonly ToolResultEntry[] {
  return [...run.calls.values()]
    .filter((call) => call.result === undefined)
    .map((call) =>
      call.intent === undefined
        ? resultWithoutRun(run.runId, call, { outcome: 'cancelled', content: `not run: ${reason}` })
        : interrupted(run.runId, call),
    );
}

/** The result of a call that had begun when its process ended. */
export function interrupted(runId: string, view: CallView): ToolResultEntry {
  const effect = view.intent?.effect ?? 'unknown';
  const advice =
    effect === 'read'
      ? 'ask for it again where it is still needed'
      : 'it may or may not have taken effect: look at the state before it is tried again';
  const result = resultWithoutRun(runId, view, {
    outcome: 'interrupted',
    content: `interrupted: the program stopped while this call ran, and it is not run again by itself; ${advice}`,
  });
  return { ...result, effect, ...(view.intent === undefined ? {} : { summary: view.intent.summary }) };
}

/** Everything that ends a run from wherever it stands: an open question, calls without a result, the end. */
export function endingOf(
  run: RunView,
  outcome: RunOutcome,
  options: { readonly reason: string; readonly answer?: 'deny' | 'supersede' },
): readonly Entry[] {
  const open = run.openApproval?.request;
  return [
    ...(open === undefined
      ? []
      : [
          {
            type: 'approval-response',
            runId: run.runId,
            response: { approvalId: open.approvalId, decision: options.answer ?? 'deny', reason: options.reason },
          } as const,
        ]),
    ...closingResults(run, options.reason),
    runEnd(run, outcome),
  ];
}

/** What was written of a message whose request ended early; undefined where it was nothing. */
export function brokenMessage(run: RunView, parts: readonly (TextPart | ReasoningPart)[]): AssistantEntry | undefined {
  const units = parts.reduce((sum, part) => sum + part.text.length, 0);
  if (units === 0) return undefined;
  return {
    type: 'assistant-message',
    runId: run.runId,
    turn: run.turns + 1,
    message: { role: 'assistant', content: parts },
    finish: 'unknown',
    usage: { ...noUsage, estimated: true },
    partial: true,
    units,
  };
}
