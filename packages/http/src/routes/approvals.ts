import { roleIn, type RunRef, sessionOf } from '@kw/agent';
import type { ApprovalAnswerResponse } from '@kw/sdk-js';
import { localize } from '../language/localize.ts';
import { readJson } from '../read-json.ts';
import { approvalAnswerSchema, parseBody } from '../schemas.ts';
import { type Handler, readerOf, refuse, type RouteScope } from '../scope.ts';

/** `POST /api/v1/approvals/:id`: takes one answer and runs nothing itself. */
export function answerApproval(scope: RouteScope): Handler {
  return async (context) => {
    const id = context.req.param('id') ?? '';
    const unknown = {
      status: 404,
      code: 'unknown-approval',
      message: `There is no question ${id.slice(0, 200)}.`,
      details: { id: id.slice(0, 200) },
    } as const;
    const forbidden = {
      status: 403,
      code: 'forbidden',
      message: "Only the session's owner and its approvers may answer this question. Ask the owner to name you as an approver.",
      details: { act: 'answer' },
    } as const;
    const body = await readJson(context.req.raw, scope.limits);
    if ('error' in body) return refuse(scope, context, body.error);
    const parsed = parseBody(approvalAnswerSchema, body.value);
    if ('error' in parsed) return refuse(scope, context, parsed.error);

    const session = sessionOf(id);
    const info = session === undefined ? undefined : await scope.sessions.get(session);
    if (session === undefined || info === undefined) return refuse(scope, context, unknown);
    const by = context.get('principal');
    const role = roleIn(info, by);
    if (role !== 'owner' && role !== 'approver') return refuse(scope, context, forbidden);
    await scope.gate?.checkRunning();
    const run = await runOf(scope, session, id);
    if (run === undefined) return refuse(scope, context, unknown);

    const { decision, reason, grant } = parsed.output;
    if (decision === 'deny' && typeof grant === 'string')
      return refuse(scope, context, { status: 400, code: 'bad-request', message: 'grant goes with "approve" only.' });
    const said = { decision, ...(typeof reason === 'string' && { reason }), ...(typeof grant === 'string' && { grant }) };
    const result = await scope.runs.answer(id, said, by);
    if (result === 'unknown') return refuse(scope, context, unknown);
    if (result === 'forbidden') return refuse(scope, context, forbidden);
    const answer: ApprovalAnswerResponse = { status: result, run_id: run.runId, session_id: session };
    if (result === 'accepted') return Response.json(answer);
    const message = result === 'expired' ? 'The question has expired; nothing was run.' : 'The question was answered before.';
    return Response.json(
      {
        ...answer,
        error: { code: result, message: localize({ code: result, message }, readerOf(scope, context).language) },
      } satisfies ApprovalAnswerResponse,
      {
        status: result === 'expired' ? 410 : 409,
      },
    );
  };
}

async function runOf({ sessions }: RouteScope, session: string, approvalId: string): Promise<RunRef | undefined> {
  for (let after = 0; ;) {
    const page = await sessions.read(session, { after });
    const last = page.at(-1);
    if (last === undefined) return undefined;
    for (const { entry } of page)
      if (entry.type === 'approval-request' && entry.request.approvalId === approvalId) return { session, runId: entry.runId };
    after = last.seq;
  }
}
