import type { RunState, Usage } from '@kw/agent';
import type { SessionStatus, WireExchange, WireSession, WireUsage } from '@kw/sdk-js';
import type { Language } from './language/language.ts';
import { rfc3339 } from './scope.ts';
import type { BookCall, BookRun, BookSession } from './session-book.ts';
import { nameOf, toWireOutcome, toWireTarget } from './to-wire.ts';

const statuses: Readonly<Record<BookSession['status'], SessionStatus>> = { idle: 'idle', open: 'running', waiting: 'awaiting_approval' };

/** A session in a list, as it is sent. */
export function toWireSession(
  { id, title, status, createdAt, updatedAt, role, owner, members }: BookSession,
  open?: RunState,
): WireSession {
  return {
    id,
    title,
    status: statuses[status],
    created_at: rfc3339(createdAt),
    updated_at: rfc3339(updatedAt),
    role,
    ...(owner !== undefined && { owner: nameOf(owner) }),
    ...(members.length > 0 && { viewers: named(members, 'viewer'), approvers: named(members, 'approver') }),
    ...(open !== undefined && { open_run: open.ref.runId }),
  };
}

/** A question and what came of it, as it is sent. */
export function toWireExchange({ runId, question, target, outcome, answer, ...run }: BookRun, language: Language): WireExchange {
  const { startedAt, endedAt, calls, steps, usage, cost } = run;
  const ended = outcome === undefined ? { status: 'processing' as const, response: answer } : toWireOutcome(outcome, language);
  return {
    run_id: runId,
    query: question,
    status: ended.status,
    response: ended.response,
    started_at: rfc3339(startedAt),
    ...(endedAt !== undefined && { ended_at: rfc3339(endedAt) }),
    tools: calls.map(toWireCall),
    steps: steps.map((step) => (step.type === 'text' ? { type: 'text', text: step.text } : { type: 'tool', call_id: step.callId })),
    usage: toWireUsage(usage, cost),
    ...(target !== undefined && { target: toWireTarget(target) }),
    ...('error' in ended && ended.error !== undefined && { error: ended.error }),
  };
}

/** Tokens and money, as they are sent. */
export function toWireUsage(usage: Usage, cost: BookRun['cost']): WireUsage {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens, estimated } = usage;
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    ...(cachedInputTokens !== undefined && { cached_input_tokens: cachedInputTokens }),
    ...(reasoningTokens !== undefined && { reasoning_tokens: reasoningTokens }),
    ...(estimated !== undefined && { estimated }),
    ...(cost !== undefined && {
      cost: { amount: cost.amount, currency: cost.currency, ...(cost.estimated !== undefined && { estimated: cost.estimated }) },
    }),
  };
}

function toWireCall({
  callId,
  tool,
  command,
  effect,
  outcome,
  durationMs,
  exitCode,
  output,
  answer,
  grantId,
}: BookCall): WireExchange['tools'][number] {
  return {
    call_id: callId,
    tool,
    command,
    outcome,
    is_error: outcome !== 'ran' || (exitCode ?? 0) !== 0,
    duration_ms: durationMs ?? 0,
    ...(effect !== undefined && { effect }),
    ...(exitCode !== undefined && { exit_code: exitCode }),
    ...(output !== undefined && { output }),
    ...(answer !== undefined && {
      answer: { decision: answer.decision, ...(answer.by !== undefined && { by: nameOf(answer.by) }) },
    }),
    ...(grantId !== undefined && { grant_id: grantId }),
  };
}

function named(members: BookSession['members'], role: 'viewer' | 'approver'): readonly string[] {
  return members.filter((member) => member.role === role).map(({ person }) => person);
}
