import type { Entry, StoredEntry } from '../entry.ts';
import type { Work } from '../session-store.ts';
import { foldLog } from './fold.ts';
import { entryVersion } from './version.ts';
import type { LogView } from './view.ts';
import { workOf } from './work.ts';

/** A log with what is known from it; made longer without being read again: runs that ended are folded once, the current one anew. */
export interface FoldedLog {
  readonly entries: readonly StoredEntry[];
  readonly view: LogView;
  /** What is known of the runs before the current one. */
  readonly before: LogView;
  /** The entries after them. */
  readonly live: readonly StoredEntry[];
}

/** Folds a whole log. */
export function foldedLog(entries: readonly StoredEntry[]): FoldedLog {
  const start = Math.max(
    0,
    entries.findLastIndex(({ entry }) => entry.type === 'run-start'),
  );
  const before = foldLog(entries.slice(0, start));
  const live = entries.slice(start);
  return { entries, before, live, view: foldLog(live, before) };
}

/** The log with more entries behind it. */
export function extended(log: FoldedLog, more: readonly StoredEntry[]): FoldedLog {
  if (more.length === 0) return log;
  const isOver = log.view.current === undefined;
  const before = isOver ? log.view : log.before;
  const live = isOver ? more : [...log.live, ...more];
  return { entries: [...log.entries, ...more], before, live, view: foldLog(live, before) };
}

/** Entries as they will stand behind a log. */
export function placed({ view }: FoldedLog, added: readonly Entry[], at: number): readonly StoredEntry[] {
  return added.map((entry, index) => ({ seq: view.head + index + 1, version: entryVersion, at, entry }));
}

/** The session's work once these entries are appended. */
export function workAfter(log: FoldedLog, added: readonly Entry[], at: number): Work {
  return workOf(extended(log, placed(log, added, at)).view);
}
