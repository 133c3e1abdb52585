import type { StoredEntry } from '../entry.ts';
import type { SessionStore } from '../session-store.ts';
import { extended, type FoldedLog, foldedLog } from './folded-log.ts';
import { readAll } from './read-all.ts';
import { unitsOf } from './units.ts';
import { isKnown } from './version.ts';

/** Reads the logs of sessions, each entry once as long as it is remembered. */
export interface LogReader {
  /** The session's log as it stands in the store; empty where there is none. */
  read(session: string): Promise<FoldedLog>;
}

/** How much is remembered. */
export interface LogReaderOptions {
  readonly maxSessions?: number;
  /** Entries of all sessions together. */
  readonly maxEntries?: number;
  /** Text of all sessions together, in UTF-16 units; the last session that was read is remembered whatever its length. */
  readonly maxUnits?: number;
}

interface Known {
  readonly log: FoldedLog;
  readonly units: number;
}

/**
 * Makes a reader over a store that others write, too. What it remembers is only ever a beginning: each reading asks for the last known entry
 * with all that came after it, and begins anew where that entry is another one (the session was deleted and made again, or entries that were held
 * in memory are no more).
 */
export function createLogReader(
  store: Pick<SessionStore, 'read'>,
  { maxSessions = 64, maxEntries = 20_000, maxUnits = 16_777_216 }: LogReaderOptions = {},
): LogReader {
  const known = new Map<string, Known>();
  let held = 0;
  let heldUnits = 0;

  const forget = (session: string): void => {
    const before = known.get(session);
    if (before === undefined) return;
    held -= before.log.entries.length;
    heldUnits -= before.units;
    known.delete(session);
  };
  const remember = (session: string, log: FoldedLog): FoldedLog => {
    const before = known.get(session);
    forget(session);
    if (log.entries.length === 0 || log.entries.length > maxEntries) return log;
    // A log that was made longer begins with the very entries that were counted.
    const isLonger = before !== undefined && before.log.entries[0] === log.entries[0];
    const units = (isLonger ? before.units : 0) + textIn(isLonger ? log.entries.slice(before.log.entries.length) : log.entries);
    known.set(session, { log, units });
    held += log.entries.length;
    heldUnits += units;
    for (const oldest of known.keys()) {
      if (known.size <= maxSessions && held <= maxEntries && (heldUnits <= maxUnits || known.size === 1)) break;
      forget(oldest);
    }
    return log;
  };
  const more = async (session: string, log: FoldedLog): Promise<FoldedLog | undefined> => {
    const last = log.entries.at(-1);
    if (last === undefined) return undefined;
    const [first, ...rest] = await readAll(store, session, last.seq - 1);
    return first !== undefined && isSame(first, last) ? extended(log, rest) : undefined;
  };

  return {
    read: async (session) => {
      const before = known.get(session)?.log;
      const log = before === undefined ? undefined : await more(session, before);
      return remember(session, log ?? foldedLog(await readAll(store, session)));
    },
  };
}

function textIn(entries: readonly StoredEntry[]): number {
  return entries.reduce((sum, stored) => sum + (isKnown(stored) ? unitsOf(stored.entry) : 0), 0);
}

function isSame(one: StoredEntry, other: StoredEntry): boolean {
  if (one.seq !== other.seq || one.at !== other.at || one.entry.type !== other.entry.type) return false;
  return one.entry === other.entry || JSON.stringify(one.entry) === JSON.stringify(other.entry);
}
