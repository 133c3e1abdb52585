import type { ToolCall } from '@kw/providers';
import type { AnsweredApproval, ApprovalRequest } from '../approval.ts';
import { defined } from '../defined.ts';
import type { GrantChoice } from './grants.ts';
import type { Judgement } from './judge.ts';
import { previewOf } from './preview.ts';
import type { ExecutionScope } from './scope.ts';

/** How the asking for one call ended. */
export type Approval =
  | { readonly type: 'approved'; readonly approvalId: string; readonly by: string }
  | { readonly type: 'declined'; readonly reason: string; readonly unanswered: boolean }
  /** What is written down is another call than this one: it has to be judged anew. */
  | { readonly type: 'changed'; readonly argumentsJson: string }
  | { readonly type: 'parked' };

type Judged = Extract<Judgement, { type: 'judged' }>;

/** What is asked about. */
export interface Question {
  readonly call: ToolCall;
  readonly judged: Judged;
  readonly reason: string;
  /** The arguments hold a secret. */
  readonly secret: boolean;
  readonly fingerprint: string;
}

/** A question with what may be granted on it. */
export interface AskedQuestion extends Question, GrantChoice {}

/** Times that an answered question is asked again before the call is given up. */
const maxAskedAgain = 5;
const defaultTtlMs = 600_000;

/** Asks until there is an answer that holds: for these bytes, for these objects, in time, once. */
export async function approve(question: AskedQuestion, scope: ExecutionScope): Promise<Approval> {
  let answered = scope.approvals.answered(question.call.id);
  let askedAgain: string | undefined;
  for (let round = 0; round <= maxAskedAgain; round += 1) {
    if (answered !== undefined) {
      const refusal = declined(answered);
      if (refusal !== undefined) return refusal;
      const logged = question.secret ? undefined : await scope.journal.loggedArguments(question.call.id);
      if (logged !== undefined && logged !== question.call.arguments) return { type: 'changed', argumentsJson: logged };
      askedAgain = await stale(answered.request, question, scope);
      if (askedAgain === undefined) return { type: 'approved', approvalId: answered.request.approvalId, by: byOf(answered) };
    }
    const request = scope.approvals.open(question.call.id) ?? (await requestFor({ question, askedAgain }, scope));
    const asked = await scope.approvals.ask(request, scope.signal);
    if (asked.type === 'parked') return asked;
    if (asked.type === 'nobody')
      return { type: 'declined', reason: asked.reason ?? 'it needs an approval, and nobody can be asked in this run', unanswered: true };
    answered = asked.approval;
  }
  return { type: 'declined', reason: `what it would change keeps changing: asked ${maxAskedAgain + 1} times`, unanswered: false };
}

async function requestFor(
  { question, askedAgain }: { readonly question: AskedQuestion; readonly askedAgain: string | undefined },
  scope: ExecutionScope,
): Promise<ApprovalRequest> {
  const preview = await previewOf(question.judged.invocation, question.call.id, scope);
  const { call, judged, secret, grants, ungranted } = question;
  const { invocation } = judged;
  const { redactor } = scope;
  return {
    approvalId: scope.approvals.newId(),
    callId: call.id,
    tool: judged.tool.name,
    summary: redactor.text(invocation.summary),
    arguments: redactor.text(call.arguments),
    effect: invocation.effect,
    traits: invocation.traits,
    reasons: [...invocation.reasons.map((reason) => redactor.text(reason)), question.reason],
    fingerprint: question.fingerprint,
    expiresAt: scope.clock.now() + (scope.approvalTtlMs ?? defaultTtlMs),
    parkable: !secret,
    ...defined({ target: scope.target, preview, askedAgain, approveBy: judged.decision.approveBy, ungranted }),
    ...(grants.length === 0 ? {} : { grants }),
  };
}

function declined({ response }: AnsweredApproval): Approval | undefined {
  switch (response.decision) {
    case 'approve':
      return undefined;
    case 'deny':
      return { type: 'declined', reason: response.reason ?? 'the user declined it', unanswered: false };
    case 'expire':
      return { type: 'declined', reason: 'nobody answered in time', unanswered: true };
    case 'supersede':
      return { type: 'declined', reason: 'the user went on with another message', unanswered: false };
  }
}

/** Why an approval holds no longer; undefined where it does. */
async function stale(request: ApprovalRequest, question: Question, scope: ExecutionScope): Promise<string | undefined> {
  if (scope.clock.now() >= request.expiresAt) return 'the approval expired before the call could start';
  if (question.fingerprint !== request.fingerprint) return 'the call changed since it was shown';
  if (request.preview === undefined) return undefined;
  const now = await previewOf(question.judged.invocation, question.call.id, scope);
  return now?.stateHash === request.preview.stateHash ? undefined : 'the object changed since it was shown';
}

function byOf({ response }: AnsweredApproval): string {
  const { by } = response;
  return by === undefined ? 'an approval' : `an approval by ${by.name ?? by.subject}`;
}
