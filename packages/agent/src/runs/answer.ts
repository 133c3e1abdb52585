import { KwError } from '@kw/providers';
import type { ApprovalDecision, ApprovalRequest, ApprovalResponse } from '../approval.ts';
import type { Entry } from '../entry.ts';
import { sessionOf } from '../ids.ts';
import { workAfter } from '../log/folded-log.ts';
import type { Principal } from '../principal.ts';
import { mayBeSamePerson } from '../principal.ts';
import { roleIn } from '../roles.ts';
import type { AnswerResult } from '../runs.ts';
import type { RunsDeps } from './deps.ts';

/** Writes one answer, by compare-and-set on the log: of several at once exactly one is accepted. */
export async function answerApproval(
  approvalId: string,
  given: { readonly decision: ApprovalDecision; readonly by: Principal },
  deps: RunsDeps,
): Promise<AnswerResult> {
  const { store, logs, clock, redactor } = deps;
  const session = sessionOf(approvalId);
  const info = session === undefined ? undefined : await store.get(session);
  if (session === undefined || info === undefined) return 'unknown';
  const role = roleIn(info, given.by);
  if (role !== 'owner' && role !== 'approver') return 'forbidden';
  const { decision, reason, grant } = given.decision;
  for (;;) {
    const log = await logs.read(session);
    const { view } = log;
    const run = view.runs.find((candidate) => candidate.approvals.has(approvalId));
    const asked = run?.approvals.get(approvalId);
    if (run === undefined || asked === undefined) return 'unknown';
    if (asked.response !== undefined) return asked.response.decision === 'expire' ? 'expired' : 'already-answered';
    if (run.end !== undefined) return 'expired';
    if (clock.now() >= asked.request.expiresAt) return 'expired';
    if (decision === 'approve' && asked.request.approveBy === 'other-person' && mayBeSamePerson(run.start.by, given.by))
      throw new KwError(
        'other-person',
        `The question ${approvalId} wants another person: whoever asked may decline it, but not approve it.`,
      );
    if (decision === 'approve' && grant !== undefined) checkOffered(grant, asked.request);
    const response: ApprovalResponse = {
      approvalId,
      decision,
      by: given.by,
      ...(reason === undefined ? {} : { reason: redactor.text(reason) }),
      ...(decision === 'approve' && grant !== undefined ? { grant } : {}),
    };
    const entry: Entry = { type: 'approval-response', runId: run.runId, response };
    const result = await store.append(session, [entry], { expectedHead: view.head, work: workAfter(log, [entry], clock.now()) });
    if (result.type === 'appended') return 'accepted';
  }
}

function checkOffered(grant: string, { approvalId, grants = [] }: ApprovalRequest): void {
  if (grants.some(({ scope }) => scope === grant)) return;
  const offered = grants.length === 0 ? 'it is for this one call' : `it offers: ${grants.map(({ scope }) => scope).join(', ')}`;
  throw new KwError('grant-not-offered', `The question ${approvalId} does not offer the grant ${JSON.stringify(grant)}; ${offered}.`);
}
