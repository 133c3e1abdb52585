import type { ChatStatus, SessionResponse, StreamEvent, WireApproval, WireCursor, WireExchange, WireUsage } from '@kw/sdk-js';

/** Something that the model did, in the order in which it happened. */
export type Step =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string; readonly startedAt: number; readonly endedAt?: number }
  | { readonly type: 'notice'; readonly text: string }
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
    }
  | { readonly type: 'approval'; readonly approval: WireApproval; readonly decision?: Decision };

/** How a question to a person ended. */
export type Decision = 'approve' | 'deny' | 'expire' | 'supersede';

/** A tool's step. */
export type ToolStep = Extract<Step, { type: 'tool' }>;

/** One question and all that followed. */
export interface Exchange {
  readonly runId?: string;
  readonly query: string;
  readonly steps: readonly Step[];
  readonly status: ChatStatus;
  readonly error?: string;
  readonly usage?: WireUsage;
}

/** The conversation on the screen. */
export interface Chat {
  readonly sessionId?: string;
  readonly exchanges: readonly Exchange[];
}

/** A conversation with nothing in it. */
export const emptyChat: Chat = { exchanges: [] };

/** What happens to a conversation. */
export type ChatAction =
  | { readonly type: 'reset' }
  | { readonly type: 'load'; readonly session: SessionResponse }
  | { readonly type: 'ask'; readonly query: string }
  | { readonly type: 'restart'; readonly runId: string }
  | { readonly type: 'event'; readonly event: StreamEvent; readonly now: number; readonly cursor?: WireCursor | undefined }
  | { readonly type: 'decide'; readonly approvalId: string; readonly decision: Decision }
  | { readonly type: 'fail'; readonly message: string };

/** The conversation after an action; pure. */
export function reduce(chat: Chat, action: ChatAction): Chat {
  switch (action.type) {
    case 'reset':
      return emptyChat;
    case 'load':
      return { sessionId: action.session.id, exchanges: action.session.exchanges.map(toExchange) };
    case 'ask':
      return { ...chat, exchanges: [...chat.exchanges, { query: action.query, steps: [], status: 'processing' }] };
    case 'restart': {
      const { error: _, ...last } = chat.exchanges.at(-1) ?? { query: '', steps: [], status: 'processing' as const };
      return withLast(chat, { ...last, runId: action.runId, steps: [], status: 'processing' });
    }
    case 'event':
      return onEvent(chat, action.event, action.now);
    case 'decide':
      return changeLast(chat, (last) => ({ ...last, steps: last.steps.map((step) => decided(step, action)) }));
    case 'fail':
      return changeLast(chat, (last) => ({ ...last, status: 'error', error: action.message }));
  }
}

function toExchange({ run_id, query, status, response, tools, steps: kept, usage }: WireExchange): Exchange {
  const calls = new Map(tools.map((call) => [call.call_id, toToolStep(call)]));
  const steps = kept.flatMap((step): readonly Step[] => {
    if (step.type === 'text') return [step];
    const call = calls.get(step.call_id);
    return call === undefined ? [] : [call];
  });
  return { runId: run_id, query, steps: withAnswer(steps, response), status, ...(usage !== undefined && { usage }) };
}

function toToolStep(call: WireExchange['tools'][number]): ToolStep {
  return {
    type: 'tool',
    callId: call.call_id,
    tool: call.tool,
    command: call.command,
    outcome: call.outcome,
    isError: call.is_error,
    durationMs: call.duration_ms,
    ...(call.effect !== undefined && { effect: call.effect }),
    ...(call.exit_code !== undefined && { exitCode: call.exit_code }),
    ...(call.output !== undefined && { output: call.output }),
  };
}

function withLast(chat: Chat, last: Exchange): Chat {
  return { ...chat, exchanges: [...chat.exchanges.slice(0, -1), last] };
}

function changeLast(chat: Chat, change: (last: Exchange) => Exchange): Chat {
  const last = chat.exchanges.at(-1);
  return last === undefined ? chat : withLast(chat, change(last));
}

function decided(step: Step, { approvalId, decision }: { readonly approvalId: string; readonly decision: Decision }): Step {
  return step.type === 'approval' && step.approval.id === approvalId ? { ...step, decision } : step;
}

function onEvent(chat: Chat, event: StreamEvent, now: number): Chat {
  const known = { ...chat, sessionId: event.session_id };
  return changeLast(known, (last) => {
    const steps = stepsAfter(last.steps, event, now);
    const base = { ...last, ...(event.run_id !== undefined && { runId: event.run_id }), steps, status: event.status };
    if (!event.done) return base;
    return {
      ...base,
      steps: withAnswer(steps, event.response ?? ''),
      ...(event.error !== undefined && { error: event.error.message }),
      ...(event.usage !== undefined && { usage: event.usage }),
    };
  });
}

/** Where the last text is not the answer (a call as text was taken for one, a limit was met), the answer takes its place. */
function withAnswer(steps: readonly Step[], answer: string): readonly Step[] {
  const last = steps.at(-1);
  if (answer.trim() === '' || (last?.type === 'text' && last.text.trim() === answer.trim())) return steps;
  return [...(last?.type === 'text' ? steps.slice(0, -1) : steps), { type: 'text', text: answer }];
}

function stepsAfter(steps: readonly Step[], event: StreamEvent, now: number): readonly Step[] {
  if (event.delta !== undefined && event.delta !== '') return append(endReasoning(steps, now), 'text', event.delta, now);
  if (event.status === 'awaiting_approval' && event.approval !== undefined) return withApproval(endReasoning(steps, now), event.approval);
  const { activity } = event;
  if (activity === undefined) return steps;
  switch (activity.type) {
    case 'reasoning-delta':
      return append(steps, 'reasoning', activity.text, now);
    case 'message-discarded':
      return [...withoutOpenText(steps), { type: 'notice', text: activity.reason }];
    case 'tool-call':
      return [
        ...endReasoning(steps, now),
        { type: 'tool', callId: activity.call_id, tool: activity.tool, command: commandOf(activity.arguments) },
      ];
    case 'tool-start':
      return changeTool(steps, activity.call_id, { command: activity.command, effect: activity.effect });
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
      const decision = toDecision(activity.decision);
      return steps.map((step) => decided(step, { approvalId: activity.approval_id, decision }));
    }
    case 'retry':
      return [...steps, { type: 'notice', text: activity.message }];
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

function toDecision(text: string): Decision {
  return text === 'approve' || text === 'expire' || text === 'supersede' ? text : 'deny';
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
