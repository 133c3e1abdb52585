import type { AgentEvent, Cursor, RunInput, RunLimits, RunRef } from '@kw/agent';
import type { ChatResponseBody } from '@kw/sdk-js';
import type { Context } from 'hono';
import { type ApiError, statusOfFailedRun, toStreamFailure } from '../api-error.ts';
import { lengthOf } from '../ids.ts';
import type { Reader } from '../language/reader.ts';
import type { ApiEnv } from '../options.ts';
import { readJson } from '../read-json.ts';
import { type ChatInput, chatRequestSchema, parseBody } from '../schemas.ts';
import { type Handler, readerOf, refuse, rfc3339, type RouteScope } from '../scope.ts';
import { eventStream } from '../sse.ts';
import { toStreamEvents } from '../stream-events.ts';
import { toWireApproval, toWireOutcome } from '../to-wire.ts';

interface Started {
  readonly input: ChatInput;
  readonly run: RunRef;
  /** Gives the turn's place back. */
  readonly release: () => void;
}

/** `POST /api/v1/chat`: asks and waits for the answer or for a question. */
export function chat(scope: RouteScope): Handler {
  return async (context) => {
    const started = await start(scope, context);
    if ('refusal' in started) return refuse(scope, context, started.refusal);
    const { run, input, release } = started;
    let modelUsed: string | undefined;
    let cursor: Cursor | undefined;
    try {
      for await (const event of scope.runs.follow(run, {
        untilParked: true,
        ...(scope.stopping !== undefined && { signal: scope.stopping }),
      })) {
        cursor = event.cursor;
        if (event.type === 'run-start') modelUsed = event.settings.model.id;
        if (event.type === 'turn-end') modelUsed = event.modelUsed ?? modelUsed;
        if (event.type === 'approval-request' || event.type === 'run-end')
          return answer(scope, { run, query: input.query, modelUsed, event, reader: readerOf(scope, context) });
      }
    } finally {
      settle(scope, { run, cursor, release });
    }
    return refuse(scope, context, drainingError(`The run ${run.runId} goes on: ask GET /api/v1/runs/${run.runId}.`));
  };
}

/** `POST /api/v1/chat/stream`: asks and sends each event as it comes. Leaving stops nothing. */
export function chatStream(scope: RouteScope): Handler {
  return async (context) => {
    const started = await start(scope, context);
    if ('refusal' in started) return refuse(scope, context, started.refusal);
    const { run, release } = started;
    const reader = readerOf(scope, context);
    scope.observer?.onStream?.(1);
    return eventStream((signal) => toStreamEvents(scope.runs.follow(run, { untilParked: true, signal }), { clock: scope.clock, reader }), {
      limits: scope.limits,
      headers: { 'content-location': `/api/v1/runs/${run.runId}` },
      signal: scope.stopping,
      take: context.env.takeStream,
      toFailure: (error) => toStreamFailure(error, reader.language),
      onEnd: ({ all, cursor }) => {
        scope.observer?.onStream?.(-1);
        if (all) release();
        else settle(scope, { run, cursor, release });
      },
    });
  };
}

async function start(scope: RouteScope, context: Context<ApiEnv>): Promise<Started | { readonly refusal: ApiError }> {
  if (scope.draining?.aborted === true) return { refusal: drainingError() };
  const body = await readJson(context.req.raw, scope.limits);
  if ('error' in body) return { refusal: body.error };
  const parsed = parseBody(chatRequestSchema, body.value);
  if ('error' in parsed) return { refusal: parsed.error };
  const by = context.get('principal');
  const admitted = await scope.gate?.admit(by);
  const release = scope.turns.take(by);
  if (typeof release === 'string') return { refusal: tooManyTurns(release, scope) };
  try {
    const run = await scope.runs.start(withLimits(toRunInput(parsed.output), admitted?.limits), by);
    return { input: parsed.output, run, release };
  } catch (error) {
    release();
    throw error;
  }
}

function withLimits(input: RunInput, limits: Partial<RunLimits> | undefined): RunInput {
  return limits === undefined ? input : { ...input, limits };
}

function tooManyTurns(full: 'all' | 'own', { limits }: RouteScope): ApiError {
  const message =
    full === 'all'
      ? `${limits.turnsAtOnce} turns run already. Try again in a moment.`
      : `${limits.turnsPerPerson} of your turns run already. Try again when one of them has ended.`;
  return { status: 503, code: 'too-many-turns', message, details: { own: full === 'own' }, headers: { 'retry-after': '2' } };
}

function toRunInput({ query, session_id: session, context, supersede }: ChatInput): RunInput {
  const namespace = context?.namespace ?? '';
  const cluster = context?.cluster ?? '';
  return {
    text: query,
    ...(session !== undefined && session !== null && { session }),
    ...((namespace !== '' || cluster !== '') && {
      target: { ...(namespace !== '' && { namespace }), ...(cluster !== '' && { context: cluster }) },
    }),
    ...(supersede === true && { supersede }),
  };
}

function answer(
  { clock }: RouteScope,
  {
    run,
    query,
    modelUsed,
    event,
    reader,
  }: {
    readonly run: RunRef;
    readonly query: string;
    readonly modelUsed: string | undefined;
    readonly event: AgentEvent & { readonly type: 'approval-request' | 'run-end' };
    readonly reader: Reader;
  },
): Response {
  const now = rfc3339(clock());
  const metadata = { query_length: lengthOf(query), processed_at: now, ...(modelUsed !== undefined && { model_used: modelUsed }) };
  const common = { session_id: run.session, run_id: run.runId, metadata, timestamp: now, cursor: event.cursor };
  if (event.type === 'approval-request') {
    const body: ChatResponseBody = {
      response: '',
      status: 'awaiting_approval',
      ...common,
      approval: toWireApproval(event.request, reader),
    };
    return Response.json(body);
  }
  const body: ChatResponseBody = { ...toWireOutcome(event.outcome, reader.language), ...common };
  return Response.json(body, { status: event.outcome.type === 'failed' ? statusOfFailedRun(event.outcome.code) : 200 });
}

// The turn's place is given back when the run ends or parks, also where its reader has left before.
function settle(
  { runs, stopping }: RouteScope,
  { run, cursor, release }: { readonly run: RunRef; readonly cursor: Cursor | undefined; readonly release: () => void },
): void {
  const wait = async (): Promise<void> => {
    try {
      const state = await runs.state(run);
      if (state?.status !== 'running') return;
      for await (const _ of runs.follow(run, {
        untilParked: true,
        ...(cursor !== undefined && { after: cursor }),
        ...(stopping !== undefined && { signal: stopping }),
      }));
    } catch {
      // an abort, or a store that is gone: whoever asks next is told
    } finally {
      release();
    }
  };
  void wait();
}

function drainingError(more = ''): ApiError {
  return { status: 503, code: 'draining', message: `The server stops. ${more}`.trim(), headers: { 'retry-after': '5' } };
}
