import type { Access } from './access.ts';
import type { Connection } from './database.ts';
import { readDataVersion } from './session-rows.ts';
import type { Poll } from './watch.ts';

/** The key under which those wait who look for something to drive. */
export const claimableKey = '*claimable';

/** The key under which a session's readers wait. */
export function sessionKey(id: string): string {
  return `session:${id}`;
}

/** The key under which those wait who care for a session's entries only. */
export function entriesKey(id: string): string {
  return `entries:${id}`;
}

/** Finds the sessions that other connections have written: `PRAGMA data_version` tells whether, `touched` and `feed` tell which. */
export function createSessionPoll(access: Access, now: () => number): Poll {
  let dataVersion = -1;
  let touched = 0;
  let deleted = 0;
  let fed = 0;

  return {
    start: () => {
      dataVersion = access.peek(readDataVersion) ?? -1;
      touched = access.peek(readTouched) ?? 0;
      deleted = access.peek(readDeleted) ?? 0;
      fed = access.peek(readFed) ?? 0;
    },
    look: (wake, all) => {
      const version = access.peek(readDataVersion);
      if (version === undefined) return all();
      if (version === dataVersion) return;
      dataVersion = version;
      const deletions = access.peek(readDeleted) ?? deleted;
      if (deletions !== deleted) {
        deleted = deletions;
        touched = access.peek(readTouched) ?? 0; // the deleted may have had the highest
        return all();
      }
      const rows = access.peek((connection) => readChanged(connection, touched, now())) ?? [];
      for (const { id, at, free } of rows) {
        touched = Math.max(touched, at);
        wake(sessionKey(id));
        wake(entriesKey(id));
        if (free) wake(claimableKey);
      }
      const written = access.peek((connection) => readFeed(connection, fed));
      if (written === undefined) return;
      fed = written.last;
      for (const id of written.sessions) wake(sessionKey(id));
    },
  };
}

function readTouched(connection: Connection): number {
  return Number(connection.statement('SELECT max(touched) AS touched FROM sessions').get()?.['touched'] ?? 0);
}

function readFed(connection: Connection): number {
  return Number(connection.statement('SELECT max(id) AS last FROM feed').get()?.['last'] ?? 0);
}

/** The sessions whose messages were written on since a row of the feed. */
function readFeed(connection: Connection, since: number): { readonly last: number; readonly sessions: readonly string[] } {
  const rows = connection.statement('SELECT id, sessions FROM feed WHERE id > ? ORDER BY id').all(since);
  const sessions = new Set(rows.flatMap((row): readonly string[] => JSON.parse(String(row['sessions'])))); // written by writePartials only
  return { last: Number(rows.at(-1)?.['id'] ?? since), sessions: [...sessions] };
}

function readDeleted(connection: Connection): number {
  return Number(connection.statement("SELECT value FROM counters WHERE name = 'deleted'").get()?.['value'] ?? 0);
}

function readChanged(
  connection: Connection,
  since: number,
  now: number,
): readonly { readonly id: string; readonly at: number; readonly free: boolean }[] {
  return connection
    .statement('SELECT id, touched, wake_at IS NOT NULL AND lease_until <= ? AS free FROM sessions WHERE touched > ? ORDER BY touched')
    .all(now, since)
    .map((row) => ({ id: String(row['id']), at: Number(row['touched']), free: row['free'] === 1 }));
}
