import { KwError } from '@kw/providers';
import type { StoredEntry } from '../entry.ts';
import type { AgentEvent } from '../event.ts';
import { type Place, toCursor } from '../log/cursor.ts';
import { deltaPieces, isHalf, maxDeltaUnits } from '../log/delta-pieces.ts';
import { afterEntry, type BareEvent, eventsOf } from '../log/events.ts';
import { isKnown } from '../log/version.ts';
import type { FollowOptions, RunRef } from '../runs.ts';
import type { Partial } from '../session-store.ts';
import { checkReader, type RunsDeps } from './deps.ts';
import { checkNext, checkOffset, type Doubt, doubtAfter, placeOf } from './follow-cursor.ts';

/** Of so many looks that found nothing, one asks whether the session is still there. */
const deletionLooks = 8;

/** Reads a run's events from the store alone, whoever drives it. Ends with the run, at its parking where wished, or when the signal is aborted. */
export async function* followRun(ref: RunRef, options: FollowOptions, { store, logs, pollMs }: RunsDeps): AsyncGenerator<AgentEvent, void> {
  const { session, runId } = ref;
  // Plain signals: one made of several is looked at in each of its parts each time.
  const left = new AbortController();
  const { signal } = left;
  const leave = (): void => left.abort();
  options.signal?.addEventListener('abort', leave);
  if (options.signal?.aborted === true) leave();
  let progress: ProgressPlace | undefined;
  let quiet = 0;
  try {
    const start = await startOf(ref, options, { store, logs });
    if (start === 'over') return;
    let place = start;
    let doubt: Doubt | undefined = {};
    while (!signal.aborted) {
      const changed = store.changed(session, { signal, timeoutMs: pollMs });
      const { entries, partial } = await store.snapshot(session, place.seq);
      for (const [index, stored] of entries.entries()) {
        if (isKnown(stored) && stored.entry.runId === runId) {
          checkNext(place, stored);
          for (const { event, place: next } of eventsOf(session, stored, place)) {
            yield event;
            place = next;
          }
          if (stored.entry.type === 'run-end') return;
          if (options.untilParked === true && stored.entry.type === 'run-parked' && isStillParked(entries.slice(index + 1), runId)) return;
          place = afterEntry(stored, place);
        } else if (isOver(stored, runId)) return;
        else place = { seq: stored.seq, offset: place.offset };
      }
      doubt = doubtAfter(doubt, place, partial);
      if (partial !== undefined && entries.every((stored) => stored.entry.runId === runId || !isOver(stored, runId))) {
        progress = sameMessage(progress, partial);
        for (const { event, next, shown } of partialEvents(partial, place, progress)) {
          yield { ...event, session, runId, cursor: toCursor(next) };
          place = next;
          progress = { ...progress, shown };
        }
      }
      progress ??= { generation: -1, shown: 0 };
      quiet = entries.length === 0 && partial === undefined ? quiet + 1 : 0;
      if (quiet % deletionLooks === 1 && (await store.get(session)) === undefined) throw unknownRun(runId);
      await changed;
    }
  } finally {
    options.signal?.removeEventListener('abort', leave);
    leave();
  }
}

/** How many progress chunks of the message were seen. Those from before the first look are over: progress is for watching, never kept. */
interface ProgressPlace {
  readonly generation: number;
  readonly shown: number;
}

function sameMessage(before: ProgressPlace | undefined, partial: Partial): ProgressPlace {
  if (before?.generation === partial.generation) return before;
  const seen = before === undefined ? partial.chunks.filter((chunk) => chunk.kind === 'progress').length : 0;
  return { generation: partial.generation, shown: seen };
}

interface PartialEvent {
  readonly event: BareEvent;
  readonly next: Place;
  readonly shown: number;
}

/** What a reader has not had of the message being written, neighbours of one kind as one; half a letter at its end waits for its other half. */
function* partialEvents({ chunks }: Partial, from: Place, progress: ProgressPlace): Iterable<PartialEvent> {
  let offset = 0;
  let seen = 0;
  let place = from;
  let { shown } = progress;
  let kind: 'text' | 'reasoning' = 'text';
  let text = '';
  const told = (end: number): readonly PartialEvent[] => {
    const half = isHalf(text.charCodeAt(text.length - 1)) ? text.slice(-1) : '';
    const whole = half === '' ? text : text.slice(0, -1);
    let at = end - text.length;
    text = half;
    const type = kind === 'text' ? 'text-delta' : 'reasoning-delta';
    return (whole.length <= maxDeltaUnits ? oneOf(whole) : [...deltaPieces(whole)]).map((piece) => {
      at += piece.length;
      place = { seq: from.seq, offset: at };
      return { event: { type, text: piece }, next: place, shown };
    });
  };
  for (const chunk of chunks) {
    if (chunk.kind === 'progress') {
      seen += 1;
      if (seen <= shown) continue;
      yield* told(offset);
      shown = seen;
      yield { event: { type: 'tool-progress', callId: chunk.callId, message: chunk.text }, next: place, shown };
      continue;
    }
    const start = offset;
    offset += chunk.text.length;
    if (offset <= from.offset) continue;
    if (chunk.kind !== kind || text.length + chunk.text.length > maxDeltaUnits) yield* told(start);
    ({ kind } = chunk);
    text += start < from.offset ? chunk.text.slice(from.offset - start) : chunk.text;
  }
  yield* told(offset);
}

function oneOf(text: string): readonly string[] {
  return text === '' ? [] : [text];
}

function isStillParked(later: readonly StoredEntry[], runId: string): boolean {
  return !later.some(({ entry }) => entry.runId === runId && entry.type !== 'cancel-request');
}

/** Another run of the session began: this one has no more events, whether or not its end was seen. */
function isOver({ entry }: StoredEntry, runId: string): boolean {
  return entry.type === 'run-start' && numberOf(entry.runId) > numberOf(runId);
}

function numberOf(runId: string): number {
  return Number(runId.slice(runId.lastIndexOf('.') + 1));
}

/** Where a reader begins; `over` where it has had everything. */
async function startOf(
  { session, runId }: RunRef,
  { after, by, untilParked }: FollowOptions,
  { store, logs }: Pick<RunsDeps, 'store' | 'logs'>,
): Promise<Place | 'over'> {
  const given = after === undefined ? undefined : placeOf(after);
  const info = await store.get(session);
  if (info !== undefined && by !== undefined) checkReader(info, by);
  const log = info === undefined ? [] : (await logs.read(session)).entries;
  const entries = log.filter((stored) => stored.entry.runId === runId);
  const start = entries.find(({ entry }) => entry.type === 'run-start');
  const end = entries.find(({ entry }) => entry.type === 'run-end');
  if (start === undefined) throw unknownRun(runId);
  // A place before the run is one in another run's message.
  const place = given === undefined || given.seq < start.seq ? { seq: start.seq - 1, offset: 0 } : given;
  const last = entries.at(-1);
  const parked = untilParked === true && last?.entry.type === 'run-parked' && last.seq <= place.seq;
  if (parked || (end !== undefined && end.seq <= place.seq)) return 'over';
  checkOffset(given ?? place, log);
  return place;
}

function unknownRun(runId: string): KwError {
  return new KwError('unknown-run', `There is no run ${runId}. Its session was deleted or never made.`);
}
