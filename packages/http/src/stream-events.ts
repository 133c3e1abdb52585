import type { AgentEvent, Cursor } from '@kw/agent';
import type { ChatMetadata, StreamEvent } from '@kw/sdk-js';
import { lengthOf } from './ids.ts';
import type { Reader } from './language/reader.ts';
import { toWireUsage } from './to-wire-session.ts';
import { toWireActivity, toWireApproval, toWireOutcome } from './to-wire.ts';

/** A wire event with the place after it. */
export interface PlacedEvent {
  readonly cursor: Cursor;
  readonly event: StreamEvent;
}

const maxDeltaUnits = 2048; // the documented client must find each event whole in one network read

/** Turns the events of a run to those of the wire. */
export async function* toStreamEvents(
  events: AsyncIterable<AgentEvent>,
  { clock, reader }: { readonly clock: () => number; readonly reader: Reader },
): AsyncGenerator<PlacedEvent> {
  let metadata: Omit<ChatMetadata, 'processed_at' | 'query_length'> & { readonly query_length?: string } = {};
  let approval: StreamEvent['approval'];
  for await (const event of events) {
    const { session: session_id, runId: run_id, cursor } = event;
    const frame = { delta: '', session_id, run_id, status: 'processing', done: false } as const;
    switch (event.type) {
      case 'text-delta':
        for (const piece of pieces(event.text, cursor)) yield { cursor: piece.cursor, event: { ...frame, delta: piece.text } };
        break;
      case 'reasoning-delta':
        for (const { text, cursor: after } of pieces(event.text, cursor))
          yield { cursor: after, event: { ...frame, activity: { type: 'reasoning-delta', text } } };
        break;
      case 'approval-request':
        approval = toWireApproval(event.request, reader);
        yield { cursor, event: { ...frame, status: 'awaiting_approval', approval } };
        break;
      case 'run-parked':
        yield { cursor, event: { ...frame, status: 'awaiting_approval', ...(approval !== undefined && { approval }) } };
        break;
      case 'run-end': {
        const { status, response, error } = toWireOutcome(event.outcome, reader.language);
        const ended = { ...metadata, processed_at: new Date(clock()).toISOString() };
        yield {
          cursor,
          event: {
            response,
            session_id,
            run_id,
            status,
            done: true,
            metadata: ended,
            usage: toWireUsage(event.usage, event.cost),
            ...(error !== undefined && { error }),
          },
        };
        break;
      }
      default: {
        if (event.type === 'run-start') metadata = { query_length: lengthOf(event.query), model_used: event.settings.model.id };
        if (event.type === 'turn-end' && event.modelUsed !== undefined) metadata = { ...metadata, model_used: event.modelUsed };
        const activity = toWireActivity(event);
        yield { cursor, event: { ...frame, ...(activity !== undefined && { activity }) } };
      }
    }
  }
}

// A long delta (a reader who comes back late) goes out in pieces, each with its own place.
function* pieces(text: string, cursor: Cursor): Generator<{ readonly text: string; readonly cursor: Cursor }> {
  const [seq = 0, end = 0] = cursor.split(':').map(Number);
  const start = end - text.length;
  for (let at = 0; at < text.length;) {
    const next = pieceEnd(text, at);
    yield { text: text.slice(at, next), cursor: `${seq}:${start + next}` };
    at = next;
  }
}

// Pairs of surrogates are not cut.
function pieceEnd(text: string, at: number): number {
  const end = Math.min(text.length, at + maxDeltaUnits);
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd8_00 && last < 0xdc_00 ? end - 1 : end;
}
