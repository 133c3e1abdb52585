import type { SessionResponse, StreamEvent, WireError, WireExchange, WireSession, WireTarget, WireUsage, ChatStatus } from '@kw/sdk-js';
import { type Given, grantsAfter } from './grants.ts';
import { type Decided, type Step, stepsAfter, toDecision, type ToolStep, withAnswer, withDecision } from './steps.ts';

/** One question and all that followed. */
export interface Exchange {
  readonly runId?: string;
  readonly query: string;
  readonly steps: readonly Step[];
  readonly status: ChatStatus;
  /** Where and as whom it acts. */
  readonly target?: WireTarget;
  readonly error?: WireError;
  readonly usage?: WireUsage;
}

/** What the user is to the session, and with whom it is shared. */
export interface Sharing {
  readonly role: WireSession['role'];
  readonly owner?: string;
  readonly viewers: readonly string[];
  readonly approvers: readonly string[];
}

/** The conversation on the screen. */
export interface Chat {
  readonly sessionId?: string;
  readonly sharing: Sharing;
  /** What was granted in it, as far as that is known. */
  readonly grants: readonly Given[];
  readonly exchanges: readonly Exchange[];
}

/** A conversation with nothing in it: whoever begins it owns it. */
export const emptyChat: Chat = { sharing: { role: 'owner', viewers: [], approvers: [] }, grants: [], exchanges: [] };

/** What happens to a conversation. */
export type ChatAction =
  | { readonly type: 'reset' }
  | { readonly type: 'load'; readonly session: SessionResponse }
  | { readonly type: 'share'; readonly session: WireSession }
  | { readonly type: 'ask'; readonly query: string }
  | { readonly type: 'event'; readonly event: StreamEvent; readonly now: number }
  | ({ readonly type: 'decide' } & Decided)
  | { readonly type: 'fail'; readonly error: WireError };

/** The conversation after an action; pure. */
export function reduce(chat: Chat, action: ChatAction): Chat {
  switch (action.type) {
    case 'reset':
      return emptyChat;
    case 'load': {
      const { session } = action;
      const exchanges = session.exchanges.map((kept) => toExchange(kept, session.open_run));
      return { sessionId: session.id, sharing: toSharing(session), grants: session.grants ?? [], exchanges };
    }
    case 'share':
      return chat.sessionId === action.session.id ? { ...chat, sharing: toSharing(action.session) } : chat;
    case 'ask':
      return { ...chat, exchanges: [...chat.exchanges.map(setAside), { query: action.query, steps: [], status: 'processing' }] };
    case 'event':
      return onEvent(chat, action.event, action.now);
    case 'decide':
      return { ...chat, exchanges: chat.exchanges.map((one) => ({ ...one, steps: withDecision(one.steps, action) })) };
    case 'fail': {
      const last = chat.exchanges.at(-1);
      return last === undefined ? chat : withExchange(chat, chat.exchanges.length - 1, { ...last, status: 'error', error: action.error });
    }
  }
}

function toSharing({ role, owner, viewers = [], approvers = [] }: WireSession): Sharing {
  return { role, viewers, approvers, ...(owner !== undefined && { owner }) };
}

/** What of the open run was done already comes again with its events. */
function toExchange(
  { run_id: runId, query, status, response, tools, steps: kept, target, error, usage }: WireExchange,
  open?: string,
): Exchange {
  const where = target === undefined ? {} : { target };
  if (runId === open) return { runId, query, steps: [], status: 'processing', ...where };
  const calls = new Map(tools.map((call) => [call.call_id, toToolStep(call)]));
  const steps = kept.flatMap((step): readonly Step[] => {
    if (step.type === 'text') return [step];
    const call = calls.get(step.call_id);
    return call === undefined ? [] : [call];
  });
  return {
    runId,
    query,
    steps: withAnswer(steps, response),
    status,
    ...where,
    ...(error !== undefined && { error }),
    ...(usage !== undefined && { usage }),
  };
}

function toToolStep(call: WireExchange['tools'][number]): ToolStep {
  const { answer } = call;
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
    ...(call.grant_id !== undefined && { grantId: call.grant_id }),
    ...(answer !== undefined && {
      answer: { decision: toDecision(answer.decision), ...(answer.by !== undefined && { by: answer.by }) },
    }),
  };
}

/** A new question declines one that waits. */
function setAside(exchange: Exchange): Exchange {
  if (exchange.status !== 'awaiting_approval') return exchange;
  const steps = exchange.steps.map((step): Step =>
    step.type === 'approval' && step.decision === undefined ? { ...step, decision: 'supersede' } : step,
  );
  return { ...exchange, steps, status: 'cancelled' };
}

function withExchange(chat: Chat, index: number, exchange: Exchange): Chat {
  return { ...chat, exchanges: chat.exchanges.map((one, at) => (at === index ? exchange : one)) };
}

function onEvent(chat: Chat, event: StreamEvent, now: number): Chat {
  if (event.session_id === '') return chat; // the stream broke, and is taken up again
  const known = { ...chat, sessionId: event.session_id, grants: grantsAfter(chat, event) };
  const index = placeOf(known, event.run_id);
  const before = known.exchanges[index];
  if (before !== undefined) return withExchange(known, index, afterEvent(before, event, now));
  // Somebody else asked, or this person elsewhere.
  const fresh = afterEvent({ query: '', steps: [], status: 'processing' }, event, now);
  return { ...known, exchanges: [...known.exchanges.map(setAside), fresh] };
}

/** The exchange of a run: its own, or the one that was asked here and does not know its run yet; -1 where it is a new one. */
function placeOf({ exchanges }: Chat, runId: string | undefined): number {
  const last = exchanges.length - 1;
  if (runId === undefined) return last;
  const own = exchanges.findLastIndex((one) => one.runId === runId);
  const asked = exchanges[last];
  return own === -1 && asked?.runId === undefined && asked?.status === 'processing' ? last : own;
}

function afterEvent(before: Exchange, event: StreamEvent, now: number): Exchange {
  const { activity } = event;
  const steps = stepsAfter(before.steps, event, now);
  const started = activity?.type === 'run-start' ? activity : undefined;
  const base: Exchange = {
    ...before,
    ...(event.run_id !== undefined && { runId: event.run_id }),
    ...(started?.query !== undefined && { query: started.query }),
    ...(started?.target !== undefined && { target: started.target }),
    steps,
    status: event.status,
  };
  if (!event.done) return base;
  return {
    ...base,
    steps: withAnswer(steps, event.response ?? ''),
    ...(event.error !== undefined && { error: event.error }),
    ...(event.usage !== undefined && { usage: event.usage }),
  };
}
