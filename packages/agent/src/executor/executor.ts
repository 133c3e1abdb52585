import { isKwError, type ToolCall } from '@kw/providers';
import { randomId } from '../ids.ts';
import { approve, type Approval } from './approve.ts';
import { fingerprintOf } from './fingerprint.ts';
import { hidesCode } from './hidden-code.ts';
import { judge, type Judgement, type JudgeScope } from './judge.ts';
import { runInvocation } from './run-invocation.ts';
import type { CallResult, Executed, ExecutionScope, Intent } from './scope.ts';

/** The one place where calls take effect. */
export interface Executor {
  /** Understands and decides a call without doing anything. */
  judge(call: ToolCall, scope: JudgeScope): Judgement;
  /**
   * Executes a call once: judged, asked for where the policy says so, written down, run, redacted, kept.
   * Whatever the tool does, the answer is a result; only an abort before its start and failures of the journal and the approvals are thrown.
   */
  execute(call: ToolCall, scope: ExecutionScope): Promise<Executed>;
}

const unseen =
  'the command holds what looks like a secret, and hiding that would hide a part of what runs from whoever is asked. Keep the secret apart: give a manifest as `input` of the kubectl tool, or the value as one plain word';

/** Makes the executor, the only caller of `invocation.run`. */
export function createExecutor(): Executor {
  return { judge, execute };
}

async function execute(call: ToolCall, scope: ExecutionScope): Promise<Executed> {
  const judgement = judge(call, scope);
  if (judgement.type === 'not-understood') return ended({ outcome: 'not-understood', content: `not run: ${judgement.reason}` }, scope);
  const { invocation } = judgement;
  const facts = { effect: invocation.effect, summary: scope.redactor.text(invocation.summary) };
  if (judgement.type === 'refused') return ended({ outcome: 'refused', content: `not run: ${judgement.reason}`, ...facts }, scope);
  const { decision, tool } = judgement;
  if (decision.verdict === 'deny') return ended({ outcome: 'denied', content: `not run: ${decision.reason}`, ...facts }, scope);

  const { source } = invocation;
  const isSeen = decision.verdict === 'ask' || invocation.effect !== 'read';
  if (isSeen && source !== undefined && hidesCode(source, scope.redactor.text(source)))
    return ended({ outcome: 'refused', content: `not run: ${unseen}`, ...facts }, scope);

  const secret = scope.redactor.touches(call.arguments);
  const salt = secret ? randomId(scope.random) : '';
  const fingerprint = await fingerprintOf({ tool, argumentsJson: call.arguments, invocation, target: scope.target, salt });
  let approval: Approval | undefined;
  if (decision.verdict === 'ask') {
    approval = await approve({ call, judged: judgement, reason: decision.reason, secret, fingerprint }, scope);
    if (approval.type === 'parked') return approval;
    if (approval.type === 'changed') return execute({ ...call, arguments: approval.argumentsJson }, scope);
    if (approval.type === 'declined') {
      const unanswered = approval.unanswered ? { unanswered: true } : {};
      return ended({ outcome: 'denied', content: `not run: ${approval.reason}`, ...facts, ...unanswered }, scope);
    }
  }
  if (invocation.effect !== 'read') await scope.journal.ready();
  scope.signal.throwIfAborted();
  const intent: Intent = {
    callId: call.id,
    tool: tool.name,
    ...facts,
    traits: invocation.traits,
    reasons: invocation.reasons.map((reason) => scope.redactor.text(reason)),
    fingerprint,
    decidedBy: approval?.type === 'approved' ? approval.by : decision.reason,
    ...(approval?.type === 'approved' ? { approvalId: approval.approvalId } : {}),
  };
  try {
    await scope.journal.intent(intent);
  } catch (error) {
    if (!isKwError(error) || error.code !== 'store-unavailable') throw error;
    const content = `not run: what is done must be written down first, and the log cannot be written (${error.message})`;
    return ended({ outcome: 'refused', content, ...facts }, scope);
  }
  return { type: 'result', result: await runInvocation(invocation, call.id, scope) };
}

function ended(result: Pick<CallResult, 'outcome' | 'content'> & Partial<CallResult>, { redactor }: ExecutionScope): Executed {
  return { type: 'result', result: { durationMs: 0, isError: true, ...result, content: redactor.text(result.content) } };
}
