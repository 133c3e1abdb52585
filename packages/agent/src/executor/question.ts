import type { ApprovalRequest } from '../approval.ts';
import { createMutex } from '../async/mutex.ts';
import { defined } from '../defined.ts';
import type { ToolAnswer, ToolContext, ToolInvocation } from '../tool.ts';
import type { ExecutionScope } from './scope.ts';

/** The call that asks. */
export interface Asking {
  readonly callId: string;
  readonly tool: string;
  /** Who must approve the call answers its questions, too. */
  readonly approveBy: ApprovalRequest['approveBy'] | undefined;
  readonly invocation: ToolInvocation;
  readonly signal: AbortSignal;
}

/** A running call waits for an answer for so long, in milliseconds. */
const questionTtlMs = 300_000;
const nobody = 'nobody can be asked in this run';

/** Puts what a running call wants to know into the log, where whoever answers approvals answers it; one question at a time. */
export function askDuring({ callId, tool, approveBy, invocation, signal }: Asking, scope: ExecutionScope): NonNullable<ToolContext['ask']> {
  const { approvals, redactor, clock } = scope;
  const oneAtATime = createMutex();
  return ({ text, reasons }) =>
    oneAtATime(async (): Promise<ToolAnswer> => {
      const approvalId = approvals.newId();
      const request: ApprovalRequest = {
        approvalId,
        callId,
        tool,
        summary: redactor.text(text),
        arguments: '',
        effect: invocation.effect,
        traits: [],
        reasons: reasons.map((reason) => redactor.text(reason)),
        fingerprint: `question ${approvalId}`,
        expiresAt: clock.now() + Math.min(scope.approvalTtlMs ?? questionTtlMs, questionTtlMs),
        parkable: false,
        question: true,
        ...defined({ target: scope.target, approveBy }),
      };
      const asked = await approvals.ask(request, signal);
      if (asked.type === 'parked') return { type: 'nobody', reason: nobody };
      if (asked.type === 'nobody') return { type: 'nobody', reason: asked.reason ?? nobody };
      const { decision, reason } = asked.approval.response;
      if (decision === 'approve') return { type: 'yes' };
      return decision === 'deny' ? { type: 'no', ...defined({ reason }) } : { type: 'nobody', reason: reason ?? 'nobody answered in time' };
    });
}
