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

/** What the events of the wire are made with. */
export interface WireOptions {
  readonly clock: () => number;
  readonly reader: Reader;
}

/** Turns the events of a run to those of the wire. By hand: a generator in between costs more for each event than turning it. */
export function toStreamEvents(events: AsyncIterable<AgentEvent>, options: WireOptions): AsyncIterable<PlacedEvent> {
  return { [Symbol.asyncIterator]: () => iterate(events[Symbol.asyncIterator](), wireOf(options)) };
}

function iterate(source: AsyncIterator<AgentEvent>, toWire: (event: AgentEvent) => readonly PlacedEvent[]): AsyncIterator<PlacedEvent> {
  let placed: readonly PlacedEvent[] = [];
  let next = 0;
  return {
    next: async () => {
      while (next >= placed.length) {
        const event = await source.next();
        if (event.done === true) return { done: true, value: undefined };
        placed = toWire(event.value);
        next = 0;
      }
      const value = placed[next];
      next += 1;
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    return: async () => {
      placed = [];
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Turns one event after the other. */
function wireOf({ clock, reader }: WireOptions): (event: AgentEvent) => readonly PlacedEvent[] {
  let metadata: Omit<ChatMetadata, 'processed_at' | 'query_length'> & { readonly query_length?: string } = {};
  let approval: StreamEvent['approval'];
  return (event) => {
    const { session: session_id, runId: run_id, cursor } = event;
    const frame = { delta: '', session_id, run_id, status: 'processing', done: false } as const;
    switch (event.type) {
      case 'text-delta':
        return pieces(event.text, cursor).map(({ text, after }) => ({ cursor: after, event: { ...frame, delta: text } }));
      case 'reasoning-delta':
        return pieces(event.text, cursor).map(({ text, after }) => ({
          cursor: after,
          event: { ...frame, activity: { type: 'reasoning-delta', text } },
        }));
      case 'approval-request':
        approval = toWireApproval(event.request, reader);
        return [{ cursor, event: { ...frame, status: 'awaiting_approval', approval } }];
      case 'run-parked':
        return [{ cursor, event: { ...frame, status: 'awaiting_approval', ...(approval !== undefined && { approval }) } }];
      case 'run-end': {
        const { status, response, error } = toWireOutcome(event.outcome, reader.language);
        const ended: StreamEvent = {
          response,
          session_id,
          run_id,
          status,
          done: true,
          metadata: { ...metadata, processed_at: new Date(clock()).toISOString() },
          usage: toWireUsage(event.usage, event.cost),
          ...(error !== undefined && { error }),
        };
        return [{ cursor, event: ended }];
      }
      default: {
        if (event.type === 'run-start') metadata = { query_length: lengthOf(event.query), model_used: event.settings.model.id };
        if (event.type === 'turn-end' && event.modelUsed !== undefined) metadata = { ...metadata, model_used: event.modelUsed };
        const activity = toWireActivity(event);
        return [{ cursor, event: { ...frame, ...(activity !== undefined && { activity }) } }];
      }
    }
  };
}

interface Piece {
  readonly text: string;
  readonly after: Cursor;
}

// A long delta (a reader who comes back late) goes out in pieces, each with its own place.
function pieces(text: string, cursor: Cursor): readonly Piece[] {
  if (text.length <= maxDeltaUnits) return text === '' ? [] : [{ text, after: cursor }];
  const [seq = 0, end = 0] = cursor.split(':').map(Number);
  const start = end - text.length;
  const all: Piece[] = [];
  for (let at = 0; at < text.length;) {
    const next = pieceEnd(text, at);
    all.push({ text: text.slice(at, next), after: `${seq}:${start + next}` });
    at = next;
  }
  return all;
}

// Pairs of surrogates are not cut.
function pieceEnd(text: string, at: number): number {
  const end = Math.min(text.length, at + maxDeltaUnits);
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd8_00 && last < 0xdc_00 ? end - 1 : end;
}
