import type { StoredEntry } from '../entry.ts';

/** The version that stores write beside each entry. */
export const entryVersion = 1;

const known: ReadonlySet<string> = new Set<string>([
  'run-start',
  'assistant-message',
  'message-discarded',
  'program-message',
  'retry',
  'tool-intent',
  'tool-result',
  'approval-request',
  'approval-response',
  'run-parked',
  'run-resumed',
  'cancel-request',
  'context-compacted',
  'notice',
  'grant-revoked',
  'run-end',
]);

/** Whether this program understands an entry; others are skipped by readers and left to newer programs by drivers. */
export function isKnown(stored: StoredEntry): boolean {
  return stored.version <= entryVersion && known.has(stored.entry.type);
}
