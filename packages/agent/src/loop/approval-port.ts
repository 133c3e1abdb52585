import type { AnsweredApproval, ApprovalDecision, ApprovalRequest, ApprovalResponse, GrantScope } from '../approval.ts';
import type { Asked, ApprovalPort } from '../executor/scope.ts';
import { randomId } from '../ids.ts';
import { grantFor } from '../log/grants.ts';
import type { ApprovalView, RunView } from '../log/view.ts';
import { wordsOf } from '../text.ts';
import type { RunScope } from './scope.ts';

/** Asks through the log: whoever can, answers there. */
export function approvalPort(scope: RunScope): ApprovalPort {
  const { ledger, runId } = scope;
  return {
    newId: () => `${scope.session}.${randomId(scope.random)}`,
    answered: (callId) => {
      const last = [...ledger.run(runId).approvals.values()].findLast((view) => view.request.callId === callId);
      return last === undefined || last.used ? undefined : answeredOf(last);
    },
    granted: (offers) => grantFor(ledger.view().grants, new Set(offers.map(({ key }) => key)), ledger.run(runId)),
    open: (callId) => {
      const request = ledger.run(runId).openApproval?.request;
      return request?.callId === callId ? request : undefined;
    },
    ask: (request, signal) => ask(request, signal, scope),
  };
}

/** An approver in the driving process is whoever asked. */
const onlyOneself = 'another person must approve it, and here only whoever asked can be asked: ask through the service';

async function ask(request: ApprovalRequest, signal: AbortSignal, scope: RunScope): Promise<Asked> {
  const { ledger, runId, clock } = scope;
  const run = ledger.run(runId);
  if (run.start.settings.approvals === 'none') return { type: 'nobody' };
  if (scope.unwritable()) return { type: 'nobody', reason: 'the log cannot be written, so nobody is asked and nothing is changed' };
  if (request.question === true && scope.approvalWaitMs === 0) return { type: 'nobody' };
  if (request.approveBy !== undefined && scope.approve !== undefined && run.openApproval === undefined)
    return { type: 'nobody', reason: onlyOneself };
  if (run.openApproval === undefined) await ledger.append(runId, [{ type: 'approval-request', runId, request }]);
  const answered = await waitForAnswer(request, signal, scope);
  if (answered !== undefined) return { type: 'answered', approval: answered };
  const expired = clock.now() >= request.expiresAt;
  if (request.parkable && !expired) {
    await ledger.append(runId, (now) =>
      isOpen(now, request) ? [{ type: 'run-parked', runId, approvalId: request.approvalId }] : undefined,
    );
    const late = find(ledger.run(runId), request);
    return late === undefined ? { type: 'parked' } : { type: 'answered', approval: late };
  }
  const reason =
    expired || request.question === true
      ? 'nobody answered in time'
      : 'its arguments hold a secret, so it cannot wait to be answered later';
  const response: ApprovalResponse = { approvalId: request.approvalId, decision: 'expire', reason };
  await ledger.append(runId, (now) => (isOpen(now, request) ? [{ type: 'approval-response', runId, response }] : undefined));
  const approval = find(ledger.run(runId), request) ?? { request, response };
  return { type: 'answered', approval };
}

/** The answer, where it comes while the driver waits. */
async function waitForAnswer(request: ApprovalRequest, outer: AbortSignal, scope: RunScope): Promise<AnsweredApproval | undefined> {
  const { ledger, runId, clock } = scope;
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const leftMs = request.expiresAt - clock.now();
  const waitMs = Math.max(0, request.question === true ? leftMs : Math.min(scope.approvalWaitMs, leftMs));
  const logged = ledger.until((view) => {
    if (view.current?.runId !== runId) return 'run-over';
    return find(view.current, request);
  }, signal);
  logged.catch(() => undefined); // told by the race, or over
  try {
    const answer = offer(request, signal, scope);
    answer.catch(() => undefined);
    const found = await Promise.race([logged, answer.then(() => logged), clock.sleep(waitMs, signal).then(() => undefined)]);
    outer.throwIfAborted();
    if (found === 'run-over') ledger.run(runId); // throws what it is
    return found === 'run-over' ? undefined : found;
  } finally {
    over.abort();
  }
}

/** Lets this process's own approver answer; its answer goes through the log like any other. Never resolves without one. Who started the run is no other person. */
async function offer(request: ApprovalRequest, signal: AbortSignal, scope: RunScope): Promise<void> {
  const said = request.approveBy === undefined ? await approved(request, signal, scope) : undefined;
  if (said === undefined || signal.aborted) return new Promise(() => undefined);
  const { decision, reason, grant }: ApprovalDecision = typeof said === 'boolean' ? { decision: said ? 'approve' : 'deny' } : said;
  const { by } = scope.ledger.run(scope.runId).start;
  const response: ApprovalResponse = {
    approvalId: request.approvalId,
    decision,
    by,
    ...(reason === undefined ? {} : { reason: scope.redactor.text(reason) }),
    ...(decision === 'approve' && grant !== undefined ? grantedBy(grant, request) : {}),
  };
  await scope.ledger.append(scope.runId, (run) =>
    isOpen(run, request) ? [{ type: 'approval-response', runId: scope.runId, response }] : undefined,
  );
}

/** An approver that grants what is not offered has approved this one call. */
function grantedBy(grant: GrantScope, { grants = [] }: ApprovalRequest): Pick<ApprovalResponse, 'grant'> {
  return grants.some(({ scope }) => scope === grant) ? { grant } : {};
}

async function approved(
  request: ApprovalRequest,
  signal: AbortSignal,
  { approve }: RunScope,
): Promise<ApprovalDecision | boolean | undefined> {
  try {
    return await approve?.(request, { signal });
  } catch (error) {
    return { decision: 'deny', reason: `the approver failed: ${wordsOf(error)}` };
  }
}

function isOpen(run: RunView, request: ApprovalRequest): boolean {
  return run.openApproval?.request.approvalId === request.approvalId;
}

function find(run: RunView, request: ApprovalRequest): AnsweredApproval | undefined {
  const view = run.approvals.get(request.approvalId);
  return view === undefined ? undefined : answeredOf(view);
}

function answeredOf(view: ApprovalView): AnsweredApproval | undefined {
  return view.response === undefined ? undefined : { request: view.request, response: view.response };
}
