import type { StreamEvent, WireApproval } from '@kw/sdk-js';

/** Something that the model did, in the order in which it happened. */
export type Step =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string; readonly startedAt: number; readonly endedAt?: number }
  | Notice
  | {
      readonly type: 'tool';
      readonly callId: string;
      readonly tool: string;
      readonly command: string;
      readonly effect?: string;
      readonly progress?: string;
      readonly outcome?: string;
      readonly isError?: boolean;
      readonly content?: string;
      readonly durationMs?: number;
      readonly exitCode?: number;
      readonly output?: string;
      /** The grant by which it runs unasked. */
      readonly grantId?: string;
      /** How a person answered the question about it, where the question itself is not shown. */
      readonly answer?: { readonly decision: Decision; readonly by?: string };
    }
  | { readonly type: 'approval'; readonly approval: WireApproval; readonly decision?: Decision; readonly by?: string };

/** A line beside the conversation; `text` is what the service says of it. */
export interface Notice {
  readonly type: 'notice';
  readonly kind: 'discarded' | 'retry' | 'compacted' | 'said';
  readonly text: string;
  /** Of a retry: until it comes, in milliseconds. */
  readonly delayMs?: number;
}

/** How a question to a person ended. */
export type Decision = 'approve' | 'deny' | 'expire' | 'supersede';

/** A tool's step. */
export type ToolStep = Extract<Step, { type: 'tool' }>;

/** An answer to a question. */
export interface Decided {
  readonly approvalId: string;
  readonly decision: Decision;
  readonly by?: string;
}

/** The steps after an answer to one of their questions. */
export function withDecision(steps: readonly Step[], { approvalId, decision, by }: Decided): readonly Step[] {
  return steps.map((step) =>
    step.type === 'approval' && step.approval.id === approvalId ? { ...step, decision, ...(by !== undefined && { by }) } : step,
  );
}

/** A decision as the wire writes it; what is not known is no leave. */
export function toDecision(text: string): Decision {
  return text === 'approve' || text === 'expire' || text === 'supersede' ? text : 'deny';
}

/** Where the last text is not the answer (a call as text was taken for one, a limit was met), the answer takes its place. */
export function withAnswer(steps: readonly Step[], answer: string): readonly Step[] {
  const last = steps.at(-1);
  if (answer.trim() === '' || (last?.type === 'text' && last.text.trim() === answer.trim())) return steps;
  return [...(last?.type === 'text' ? steps.slice(0, -1) : steps), { type: 'text', text: answer }];
}

/** The steps after an event; pure. */
export function stepsAfter(steps: readonly Step[], event: StreamEvent, now: number): readonly Step[] {
  if (event.delta !== undefined && event.delta !== '') return append(endReasoning(steps, now), 'text', event.delta, now);
  if (event.status === 'awaiting_approval' && event.approval !== undefined) return withApproval(endReasoning(steps, now), event.approval);
  const { activity } = event;
  if (activity === undefined) return steps;
  switch (activity.type) {
    case 'reasoning-delta':
      return append(steps, 'reasoning', activity.text, now);
    case 'message-discarded':
      return [...withoutOpenText(steps), { type: 'notice', kind: 'discarded', text: activity.reason }];
    case 'tool-call':
      return [
        ...endReasoning(steps, now),
        { type: 'tool', callId: activity.call_id, tool: activity.tool, command: commandOf(activity.arguments) },
      ];
    case 'tool-start':
      return changeTool(steps, activity.call_id, {
        command: activity.command,
        effect: activity.effect,
        ...(activity.grant_id !== undefined && { grantId: activity.grant_id }),
      });
    case 'tool-progress':
      return changeTool(steps, activity.call_id, { progress: activity.message });
    case 'tool-result':
      return changeTool(steps, activity.call_id, {
        outcome: activity.outcome,
        isError: activity.is_error,
        content: activity.content,
        durationMs: activity.duration_ms,
        ...(activity.exit_code !== undefined && { exitCode: activity.exit_code }),
        ...(activity.output !== undefined && { output: activity.output }),
      });
    case 'approval-response': {
      const { approval_id: approvalId, by } = activity;
      return withDecision(steps, { approvalId, decision: toDecision(activity.decision), ...(by !== undefined && { by }) });
    }
    case 'retry':
      return [...steps, { type: 'notice', kind: 'retry', text: activity.message, delayMs: activity.delay_ms }];
    case 'context-compacted':
      return [...steps, { type: 'notice', kind: 'compacted', text: '' }];
    case 'notice':
      return [...steps, { type: 'notice', kind: 'said', text: activity.message }];
    default:
      return steps;
  }
}

/** The command inside a call's arguments, which are shown until the call is judged. */
function commandOf(written: string): string {
  try {
    const parsed: unknown = JSON.parse(written);
    return typeof parsed === 'object' && parsed !== null && 'command' in parsed && typeof parsed.command === 'string'
      ? parsed.command
      : written;
  } catch {
    return written; // what a model wrote need not be JSON
  }
}

function append(steps: readonly Step[], type: 'text' | 'reasoning', text: string, now: number): readonly Step[] {
  const last = steps.at(-1);
  if (last?.type === type && (last.type === 'text' || last.endedAt === undefined))
    return [...steps.slice(0, -1), { ...last, text: last.text + text }];
  return [...steps, type === 'text' ? { type, text } : { type, text, startedAt: now }];
}

function endReasoning(steps: readonly Step[], now: number): readonly Step[] {
  const last = steps.at(-1);
  return last?.type === 'reasoning' && last.endedAt === undefined ? [...steps.slice(0, -1), { ...last, endedAt: now }] : steps;
}

function withoutOpenText(steps: readonly Step[]): readonly Step[] {
  const from = steps.findLastIndex(({ type }) => type !== 'text' && type !== 'reasoning');
  return steps.slice(0, from + 1);
}

function changeTool(steps: readonly Step[], callId: string, change: Partial<ToolStep>): readonly Step[] {
  return steps.map((step) => (step.type === 'tool' && step.callId === callId ? { ...step, ...change } : step));
}

/** The same question may come twice: when it is asked, and when its run parks. */
function withApproval(steps: readonly Step[], approval: WireApproval): readonly Step[] {
  const known = steps.some((step) => step.type === 'approval' && step.approval.id === approval.id);
  return known ? steps : [...steps, { type: 'approval', approval }];
}
