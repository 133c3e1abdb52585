import { isKwError, type ToolCall } from '@kw/providers';
import type { Grant } from '../approval.ts';
import { randomId } from '../ids.ts';
import { approve, type Approval, type Question } from './approve.ts';
import { fingerprintOf } from './fingerprint.ts';
import { grantsFor } from './grants.ts';
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
  const judged = judge(call, scope);
  if (judged.type === 'not-understood') return ended({ outcome: 'not-understood', content: `not run: ${judged.reason}` }, scope);
  const { invocation } = judged;
  const facts = { effect: invocation.effect, summary: scope.redactor.text(invocation.summary) };
  if (judged.type === 'refused') return ended({ outcome: 'refused', content: `not run: ${judged.reason}`, ...facts }, scope);
  const { decision, tool } = judged;
  if (decision.verdict === 'deny') return ended({ outcome: 'denied', content: `not run: ${decision.reason}`, ...facts }, scope);

  const { source } = invocation;
  const isSeen = decision.verdict === 'ask' || invocation.effect !== 'read';
  if (isSeen && source !== undefined && hidesCode(source, scope.redactor.text(source)))
    return ended({ outcome: 'refused', content: `not run: ${unseen}`, ...facts }, scope);

  const secret = scope.redactor.touches(call.arguments);
  const salt = secret ? randomId(scope.random) : '';
  const fingerprint = fingerprintOf({ tool, argumentsJson: call.arguments, invocation, target: scope.target, salt });
  const question = { call, judged, reason: decision.reason, secret, fingerprint };
  for (let leave = await leaveFor(question, scope, 'first'); ; leave = await leaveFor(question, scope, 'after a revocation')) {
    if (leave.type === 'parked') return leave;
    if (leave.type === 'changed') return execute({ ...call, arguments: leave.argumentsJson }, scope);
    if (leave.type === 'declined') {
      const unanswered = leave.unanswered ? { unanswered: true } : {};
      return ended({ outcome: 'denied', content: `not run: ${leave.reason}`, ...facts, ...unanswered }, scope);
    }
    const release = await scope.takeSlot?.(tool.name, scope.signal);
    try {
      if (invocation.effect !== 'read') await scope.journal.ready();
      scope.signal.throwIfAborted();
      const intent: Intent = {
        callId: call.id,
        tool: tool.name,
        ...facts,
        traits: invocation.traits,
        reasons: invocation.reasons.map((reason) => scope.redactor.text(reason)),
        fingerprint,
        ...decidedBy(leave, decision.reason),
      };
      try {
        await scope.journal.intent(intent);
      } catch (error) {
        if (isKwError(error) && error.code === 'grant-revoked' && leave.type === 'granted') continue;
        if (!isKwError(error) || error.code !== 'store-unavailable') throw error;
        const content = `not run: what is done must be written down first, and the log cannot be written (${error.message})`;
        return ended({ outcome: 'refused', content, ...facts }, scope);
      }
      return {
        type: 'result',
        result: await runInvocation(invocation, { callId: call.id, tool: tool.name, approveBy: decision.approveBy }, scope),
      };
    } finally {
      release?.();
    }
  }
}

type Leave = Approval | { readonly type: 'allowed' } | { readonly type: 'granted'; readonly grant: Grant };

/** By whose leave a call runs. A question about it that was asked before is finished first. */
async function leaveFor(question: Question, scope: ExecutionScope, round: 'first' | 'after a revocation'): Promise<Leave> {
  const { approvals } = scope;
  if (question.judged.decision.verdict === 'allow') return { type: 'allowed' };
  const choice = grantsFor(question, scope);
  const isAsked = approvals.answered(question.call.id) !== undefined || approvals.open(question.call.id) !== undefined;
  const grant = isAsked || round !== 'first' ? undefined : approvals.granted?.(choice.grants);
  return grant === undefined ? approve({ ...question, ...choice }, scope) : { type: 'granted', grant };
}

function decidedBy(leave: Leave, reason: string): Pick<Intent, 'decidedBy' | 'approvalId' | 'grantId'> {
  if (leave.type === 'approved') return { decidedBy: leave.by, approvalId: leave.approvalId };
  if (leave.type !== 'granted') return { decidedBy: reason };
  const { grantId, label, scope, by } = leave.grant;
  const what = scope === 'exact' ? 'this very command' : label;
  return { decidedBy: `a grant by ${by.name ?? by.subject} for the session: ${what}`, grantId };
}

function ended(result: Pick<CallResult, 'outcome' | 'content'> & Partial<CallResult>, { redactor }: ExecutionScope): Executed {
  return { type: 'result', result: { durationMs: 0, isError: true, ...result, content: redactor.text(result.content) } };
}
