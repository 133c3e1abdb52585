import { KwError } from '@kw/providers';
import type { AssistantEntry, StoredEntry } from '../entry.ts';
import type { Cursor } from '../event.ts';
import { parseCursor, type Place, toCursor } from '../log/cursor.ts';
import { isKnown } from '../log/version.ts';
import type { Partial } from '../session-store.ts';
import type { RunsDeps } from './deps.ts';

const wayOut = 'Leave Last-Event-ID (or the cursor) out to get everything again.';

/** Takes a cursor apart. Throws KwError `bad-cursor` where it is none. */
export function placeOf(cursor: Cursor): Place {
  const place = parseCursor(cursor);
  if (place === undefined)
    throw new KwError('bad-cursor', `${JSON.stringify(cursor)} is no cursor: it looks like 12:340. ${wayOut}`, { details: { cursor } });
  return place;
}

/** Throws KwError `bad-cursor` where no reader of the session can have been given a cursor, as far as its log tells. */
export async function checkCursor(session: string, cursor: Cursor, { logs }: Pick<RunsDeps, 'logs'>): Promise<void> {
  const place = placeOf(cursor);
  const { entries } = await logs.read(session);
  const head = entries.at(-1)?.seq ?? 0;
  if (place.seq > head)
    throw new KwError('bad-cursor', `The cursor ${cursor} is beyond the last event of ${session}. ${wayOut}`, { details: { cursor } });
  checkOffset(place, entries);
}

/**
 * Throws KwError `bad-cursor` where what follows a place in the log tells that its offset was given to nobody. What is not in the log yet is not judged:
 * another process may have shown text of it that this one cannot see.
 */
export function checkOffset(place: Place, entries: readonly StoredEntry[]): void {
  if (place.offset === 0) return;
  for (const stored of entries) {
    if (stored.seq <= place.seq) continue;
    if (!isKnown(stored)) return;
    switch (stored.entry.type) {
      case 'run-start':
        if (stored.seq === 1) throw notGiven(place);
        return; // a run's last place keeps the offset of what broke off
      case 'message-discarded':
      case 'run-end':
        return; // what was shown is void
      case 'assistant-message':
        checkNext(place, stored);
        return;
      default:
        checkNext(place, stored);
    }
  }
}

/**
 * Throws KwError `bad-cursor` where what follows a place tells that its offset was given to nobody, so that its reader would miss text: a message that
 * is shorter, or a step of a call, which comes between messages only.
 */
export function checkNext(place: Place, { entry }: StoredEntry): void {
  if (place.offset === 0) return;
  switch (entry.type) {
    case 'assistant-message':
      if (place.offset > unitsOf(entry)) throw notGiven(place);
      return;
    case 'tool-intent':
    case 'tool-result':
    case 'approval-request':
      throw notGiven(place);
    default:
  }
}

function unitsOf({ message }: AssistantEntry): number {
  return message.content.reduce((sum, part) => sum + (part.type === 'tool-call' ? 1 : part.text.length), 0);
}

/** An offset that the log does not vouch for, and the text that there was of its message at the last look. */
export interface Doubt {
  readonly units?: number;
}

/**
 * Whether an offset is still in doubt. Text that stands still may have gone on in a process that cannot write to the store, and a first look may
 * be a moment old; text that grows and is behind still was never given to anybody: throws KwError `bad-cursor`.
 */
export function doubtAfter(before: Doubt | undefined, place: Place, partial: Partial | undefined): Doubt | undefined {
  if (before === undefined || place.offset === 0) return undefined;
  const units = (partial?.chunks ?? []).reduce((sum, chunk) => sum + (chunk.kind === 'progress' ? 0 : chunk.text.length), 0);
  if (units >= place.offset) return undefined;
  if (before.units !== undefined && units > before.units) throw notGiven(place);
  return { units };
}

function notGiven(place: Place): KwError {
  const cursor = toCursor(place);
  return new KwError('bad-cursor', `The cursor ${cursor} is the id of no event: what comes after its entry is not so long. ${wayOut}`, {
    details: { cursor },
  });
}
