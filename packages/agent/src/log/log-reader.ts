import type { StoredEntry } from '../entry.ts';
import type { SessionStore } from '../session-store.ts';
import { extended, type FoldedLog, foldedLog } from './folded-log.ts';
import { readAll } from './read-all.ts';

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
}

/**
 * Makes a reader over a store that others write, too. What it remembers is only ever a beginning: each reading asks for the last known entry
 * with all that came after it, and begins anew where that entry is another one (the session was deleted and made again, or entries that were held
 * in memory are no more).
 */
export function createLogReader(
  store: Pick<SessionStore, 'read'>,
  { maxSessions = 64, maxEntries = 20_000 }: LogReaderOptions = {},
): LogReader {
  const known = new Map<string, FoldedLog>();
  let held = 0;

  const forget = (session: string): void => {
    held -= known.get(session)?.entries.length ?? 0;
    known.delete(session);
  };
  const remember = (session: string, log: FoldedLog): FoldedLog => {
    forget(session);
    if (log.entries.length === 0 || log.entries.length > maxEntries) return log;
    known.set(session, log);
    held += log.entries.length;
    for (const oldest of known.keys()) {
      if (known.size <= maxSessions && held <= maxEntries) break;
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
      const before = known.get(session);
      const log = before === undefined ? undefined : await more(session, before);
      return remember(session, log ?? foldedLog(await readAll(store, session)));
    },
  };
}

function isSame(one: StoredEntry, other: StoredEntry): boolean {
  if (one.seq !== other.seq || one.at !== other.at || one.entry.type !== other.entry.type) return false;
  return one.entry === other.entry || JSON.stringify(one.entry) === JSON.stringify(other.entry);
}
