import { type Cursor, parseCursor, type RunRef, type Runs, type RunState } from '@kw/agent';
import type { WireApproval } from '@kw/sdk-js';
import type { Reader } from './language/reader.ts';
import { type PlacedEvent, toStreamEvents } from './stream-events.ts';
import { toWireApproval } from './to-wire.ts';

/** Where a reader comes back to. */
export interface Resume {
  readonly state: RunState;
  /** Absent: from the run's beginning. */
  readonly after: Cursor | undefined;
  readonly reader: Reader;
  readonly signal: AbortSignal;
}

/** How a cursor lies to the run: `beyond` is no cursor of it, `end` is behind its last event. */
export function placeOf({ status, cursor }: RunState, after: Cursor): 'inside' | 'end' | 'beyond' {
  if (status === 'ended') return seqOf(after) >= seqOf(cursor) ? 'end' : 'inside';
  return seqOf(after) > seqOf(cursor) ? 'beyond' : 'inside';
}

/** The events of a run for a reader who comes back. One who has seen all of a parked run is told again what it waits for. */
export async function* resumeEvents(
  { runs, clock }: { readonly runs: Runs; readonly clock: () => number },
  { state, after, reader, signal }: Resume,
): AsyncGenerator<PlacedEvent> {
  const { ref } = state;
  if (after !== undefined && seqOf(after) >= seqOf(state.cursor) && state.status === 'parked' && state.openApproval !== undefined) {
    yield questionOf(ref, { approval: toWireApproval(state.openApproval, reader), cursor: after });
    return;
  }
  let last: PlacedEvent | undefined;
  let cursor = after;
  for (;;) {
    for await (const placed of toStreamEvents(
      runs.follow(ref, { untilParked: true, signal, ...(cursor !== undefined && { after: cursor }) }),
      { clock, reader },
    )) {
      last = placed;
      cursor = placed.cursor;
      yield placed;
    }
    if (last?.event.done === true || signal.aborted) return;
    const now = await runs.state(ref);
    if (now === undefined || now.status !== 'running') return;
    // It was parked, and is answered already: what follows comes after this place.
  }
}

function questionOf(
  { session, runId }: RunRef,
  { approval, cursor }: { readonly approval: WireApproval; readonly cursor: Cursor },
): PlacedEvent {
  const event = {
    delta: '',
    session_id: session,
    run_id: runId,
    status: 'awaiting_approval',
    done: false,
    approval,
  } as const;
  return { cursor, event };
}

function seqOf(cursor: Cursor): number {
  return parseCursor(cursor)?.seq ?? 0;
}
