import { roleIn, type RunState, type SessionRole } from '@kw/agent';
import type { ChatStatus, RunResponseBody } from '@kw/sdk-js';
import type { Context } from 'hono';
import { type ApiError, toStreamFailure } from '../api-error.ts';
import { lengthOf, toCursor, toRunRef } from '../ids.ts';
import type { ApiEnv } from '../options.ts';
import { readJson } from '../read-json.ts';
import { placeOf, resumeEvents } from '../resume-events.ts';
import { cancelSchema, parseBody } from '../schemas.ts';
import { type Handler, readerOf, refuse, rfc3339, type RouteScope } from '../scope.ts';
import { eventStream } from '../sse.ts';
import type { PlacedEvent } from '../stream-events.ts';
import { toWireApproval, toWireOutcome } from '../to-wire.ts';
import { whileReadable } from '../while-readable.ts';

const maxWaitMs = 60_000;

/** `GET /api/v1/runs/:id`: a run as it stands; `?wait=30s` waits that long for its end or a question. */
export function getRun(scope: RouteScope): Handler {
  return async (context) => {
    const found = await find(scope, context);
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    const wait = context.req.query('wait');
    const waitMs = wait === undefined ? 0 : toWaitMs(wait);
    if (waitMs === undefined) return refuse(scope, context, badRequest('wait must be a number of seconds, such as 30s.'));
    if (waitMs === 0 || !isMoving(found.state)) return Response.json(await toBody(scope, context, found.state));
    const release = scope.readers.take();
    if (typeof release === 'string') return refuse(scope, context, tooManyReaders(scope));
    try {
      return Response.json(await toBody(scope, context, await afterWait(scope, found.state, waitMs)));
    } finally {
      release();
    }
  };
}

/** `GET /api/v1/runs/:id/stream`: the run's events after `?cursor=` or `Last-Event-ID`, to its end or its parking. */
export function runStream(scope: RouteScope): Handler {
  return async (context) => {
    const found = await find(scope, context);
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    const { state, role } = found;
    const wanted = context.req.query('cursor') ?? context.req.header('last-event-id');
    const after = wanted === undefined || wanted === '' ? undefined : toCursor(wanted);
    if (wanted !== undefined && wanted !== '' && after === undefined)
      return refuse(scope, context, badRequest('cursor must be the id of an event, such as 12:340.'));
    const place = after === undefined ? 'inside' : placeOf(state, after);
    if (place === 'beyond') return refuse(scope, context, badRequest(`cursor ${after} is beyond the run ${state.ref.runId}.`));
    if (place === 'end') return new Response(null, { status: 204 }); // what tells an EventSource not to come back
    if (after !== undefined) await scope.runs.checkCursor(state.ref.session, after);
    const location = { 'content-location': `/api/v1/runs/${state.ref.runId}` };
    if (context.req.raw.method === 'HEAD') return new Response(null, { headers: { 'content-type': 'text/event-stream', ...location } }); // nobody would read it
    const release = scope.readers.take();
    if (typeof release === 'string') return refuse(scope, context, tooManyReaders(scope));
    const reader = readerOf(scope, context);
    scope.observer?.onStream?.(1);
    const { sessions, clock } = scope;
    const guard = { sessions, clock, session: state.ref.session, by: context.get('principal') };
    const eventsFor = (signal: AbortSignal): AsyncIterable<PlacedEvent> => {
      const events = resumeEvents(scope, { state, after, reader, signal });
      return role === 'owner' ? events : whileReadable(events, guard);
    };
    return eventStream(eventsFor, {
      limits: scope.limits,
      headers: location,
      signal: scope.stopping,
      take: context.env.takeStream,
      toFailure: (error) => toStreamFailure(error, reader.language),
      onEnd: () => {
        scope.observer?.onStream?.(-1);
        release();
      },
    });
  };
}

/** `POST /api/v1/runs/:id/cancel`: asks for the run's end. */
export function cancelRun(scope: RouteScope): Handler {
  return async (context) => {
    const found = await find(scope, context, 'change');
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    const body = await readJson(context.req.raw, scope.limits, { empty: {} });
    if ('error' in body) return refuse(scope, context, body.error);
    const parsed = parseBody(cancelSchema, body.value);
    if ('error' in parsed) return refuse(scope, context, parsed.error);
    await scope.runs.cancel(found.state.ref, context.get('principal'), parsed.output.reason ?? undefined);
    const state = (await scope.runs.state(found.state.ref)) ?? found.state;
    return Response.json(await toBody(scope, context, state), { status: state.status === 'ended' ? 200 : 202 });
  };
}

async function find(
  scope: RouteScope,
  context: Context<ApiEnv>,
  act: 'read' | 'change' = 'read',
): Promise<{ readonly state: RunState; readonly role: SessionRole } | { readonly refusal: ApiError }> {
  const id = context.req.param('id') ?? '';
  const ref = toRunRef(id);
  const unknown: ApiError = {
    status: 404,
    code: 'unknown-run',
    message: `There is no run ${id.slice(0, 200)}.`,
    details: { id: id.slice(0, 200) },
  };
  const session = ref === undefined ? undefined : await scope.sessions.get(ref.session);
  if (ref === undefined || session === undefined) return { refusal: unknown };
  const role = roleIn(session, context.get('principal'));
  if (role === undefined || (act === 'change' && role !== 'owner')) {
    const way = role === undefined ? 'Ask its owner to share it with you.' : 'Only its owner may do this.';
    const message = `The session ${ref.session} belongs to somebody else. ${way}`;
    return { refusal: { status: 403, code: 'forbidden', message, details: { act: role === undefined ? 'read' : 'change' } } };
  }
  const state = await scope.runs.state(ref);
  return state === undefined ? { refusal: unknown } : { state, role };
}

function isMoving({ status, openApproval }: RunState): boolean {
  return status === 'running' && openApproval === undefined;
}

async function afterWait({ runs, stopping }: RouteScope, state: RunState, waitMs: number): Promise<RunState> {
  const signals = [AbortSignal.timeout(waitMs), ...(stopping === undefined ? [] : [stopping])];
  const signal = AbortSignal.any(signals);
  try {
    for await (const event of runs.follow(state.ref, { after: state.cursor, untilParked: true, signal })) {
      if (event.type === 'approval-request' || event.type === 'run-end') break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return (await runs.state(state.ref)) ?? state;
}

async function toBody(scope: RouteScope, context: Context<ApiEnv>, state: RunState): Promise<RunResponseBody> {
  const { runs, clock } = scope;
  const reader = readerOf(scope, context);
  const { ref, status, startedAt, endedAt, openApproval, outcome, settings, from, cursor } = state;
  let queryLength = '0';
  let modelUsed = settings.model.id;
  for await (const event of runs.follow(ref, { after: from, untilParked: true })) {
    if (event.type === 'run-start') queryLength = lengthOf(event.query);
    if (event.type === 'turn-end') modelUsed = event.modelUsed ?? modelUsed;
    if (status !== 'ended' || event.type === 'run-end') break;
  }
  const moving: ChatStatus = openApproval === undefined ? 'processing' : 'awaiting_approval';
  return {
    ...(outcome === undefined ? { status: moving, response: '' } : toWireOutcome(outcome, reader.language)),
    session_id: ref.session,
    run_id: ref.runId,
    done: status === 'ended',
    metadata: { query_length: queryLength, processed_at: rfc3339(endedAt ?? clock()), model_used: modelUsed },
    timestamp: rfc3339(clock()),
    ...(openApproval !== undefined && { approval: toWireApproval(openApproval, reader) }),
    cursor,
    started_at: rfc3339(startedAt),
    ...(endedAt !== undefined && { ended_at: rfc3339(endedAt) }),
  };
}

function toWaitMs(text: string): number | undefined {
  const match = /^(\d{1,4})s?$/.exec(text);
  return match === null ? undefined : Math.min(Number(match[1]) * 1000, maxWaitMs);
}

function tooManyReaders({ limits }: RouteScope): ApiError {
  const message = `${limits.readersAtOnce} streams are read already. Try again in a moment.`;
  return { status: 503, code: 'too-many-streams', message, headers: { 'retry-after': '5' } };
}

function badRequest(message: string): ApiError {
  return { status: 400, code: 'bad-request', message };
}
