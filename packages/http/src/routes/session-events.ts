import { type Cursor, isSessionId, parseCursor } from '@kw/agent';
import { type ApiError, toStreamFailure } from '../api-error.ts';
import { toCursor } from '../ids.ts';
import type { Reader } from '../language/reader.ts';
import { type Handler, readerOf, refuse, type RouteScope } from '../scope.ts';
import { eventStream } from '../sse.ts';
import { type PlacedEvent, toStreamEvents } from '../stream-events.ts';
import { whileReadable } from '../while-readable.ts';

/** A new run is looked for at least so often where no hint comes. */
const lookMs = 5_000;

/** `GET /api/v1/sessions/:id/events`: the events of all runs of a session after `Last-Event-ID` or `?cursor=`, and of those to come; it ends when the reader leaves. */
export function sessionStream(scope: RouteScope): Handler {
  return async (context) => {
    const id = context.req.param('id') ?? '';
    const book = scope.sessionsOf?.(context.get('principal'));
    const known = isSessionId(id) ? await book?.show(id) : undefined;
    if (known?.id !== id)
      return refuse(scope, context, {
        status: 404,
        code: 'unknown-session',
        message: `There is no session ${id.slice(0, 200)}.`,
        details: { id: id.slice(0, 200) },
      });
    const wanted = context.req.query('cursor') ?? context.req.header('last-event-id') ?? '';
    const after = wanted === '' ? '0:0' : toCursor(wanted);
    if (after === undefined)
      return refuse(scope, context, { status: 400, code: 'bad-request', message: 'cursor must be the id of an event, such as 12:340.' });
    await scope.runs.checkCursor(id, after);
    const release = scope.readers.take();
    if (typeof release === 'string') return refuse(scope, context, tooManyReaders(scope));
    const reading = { session: id, after, reader: readerOf(scope, context), runs: async () => (await book?.show(id))?.runs ?? [] };
    scope.observer?.onStream?.(1);
    const { sessions, clock } = scope;
    const guard = { sessions, clock, session: id, by: context.get('principal') };
    const eventsFor = (signal: AbortSignal): AsyncIterable<PlacedEvent> => {
      const events = eventsOf(scope, { ...reading, signal });
      return known.role === 'owner' ? events : whileReadable(events, guard);
    };
    return eventStream(eventsFor, {
      limits: scope.limits,
      signal: scope.stopping,
      take: context.env.takeStream,
      toFailure: (error) => toStreamFailure(error, reading.reader.language),
      onEnd: () => {
        scope.observer?.onStream?.(-1);
        release();
      },
    });
  };
}

interface Reading {
  readonly session: string;
  readonly after: Cursor;
  readonly reader: Reader;
  /** The runs of the session so far, in order. */
  readonly runs: () => Promise<readonly { readonly runId: string }[]>;
  readonly signal: AbortSignal;
}

async function* eventsOf(
  { runs, sessions, clock }: RouteScope,
  { session, after, reader, runs: list, signal }: Reading,
): AsyncGenerator<PlacedEvent> {
  let cursor = after;
  let read = 0;
  while (!signal.aborted) {
    const changed = sessions.changed(session, { signal, timeoutMs: lookMs, only: 'entries' });
    for (const { runId } of (await list()).slice(read)) {
      const state = await runs.state({ session, runId });
      if (state === undefined) break; // not written yet
      read += 1;
      if (state.status === 'ended' && seqOf(state.cursor) <= seqOf(cursor)) continue;
      const from = seqOf(cursor) > seqOf(state.from) ? cursor : state.from;
      for await (const placed of toStreamEvents(runs.follow({ session, runId }, { after: from, signal }), { clock, reader })) {
        ({ cursor } = placed);
        yield placed;
      }
      if (signal.aborted) return;
    }
    await changed;
  }
}

function seqOf(cursor: Cursor): number {
  return parseCursor(cursor)?.seq ?? 0;
}

function tooManyReaders({ limits }: RouteScope): ApiError {
  const message = `${limits.readersAtOnce} streams are read already. Try again in a moment.`;
  return { status: 503, code: 'too-many-streams', message, headers: { 'retry-after': '5' } };
}
