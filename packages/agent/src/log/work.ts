import type { Entry, StoredEntry } from '../entry.ts';
import type { Work } from '../session-store.ts';
import { foldLog } from './fold.ts';
import { entryVersion } from './version.ts';
import type { LogView } from './view.ts';

/** Whether a session has something to drive. */
export function workOf({ current }: LogView): Work {
  if (current === undefined) return { type: 'none' };
  if (current.cancel === undefined && current.parked && current.openApproval !== undefined)
    return { type: 'waiting', wakeAt: current.openApproval.request.expiresAt };
  return { type: 'ready' };
}

/** The session's work once these entries are appended. */
export function workAfter(entries: readonly StoredEntry[], added: readonly Entry[], at: number): Work {
  const head = entries.at(-1)?.seq ?? 0;
  return workOf(foldLog([...entries, ...added.map((entry, index) => ({ seq: head + index + 1, version: entryVersion, at, entry }))]));
}
