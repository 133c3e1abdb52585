import type { Access } from './access.ts';
import type { Connection } from './database.ts';
import type { Poll } from './watch.ts';

/** The key under which those wait who look for something to drive. */
export const claimableKey = '*claimable';

/** The key under which a session's readers wait. */
export function sessionKey(id: string): string {
  return `session:${id}`;
}

/** Finds the sessions that other connections have written: `PRAGMA data_version` tells whether, `touched` tells which. */
export function createSessionPoll(access: Access, now: () => number): Poll {
  let dataVersion = -1;
  let touched = 0;
  let deleted = 0;

  return {
    start: () => {
      dataVersion = access.peek(readDataVersion) ?? -1;
      touched = access.peek(readTouched) ?? 0;
      deleted = access.peek(readDeleted) ?? 0;
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
        if (free) wake(claimableKey);
      }
    },
  };
}

function readDataVersion(connection: Connection): number {
  return Number(connection.statement('PRAGMA data_version').get()?.['data_version'] ?? 0);
}

function readTouched(connection: Connection): number {
  return Number(connection.statement('SELECT max(touched) AS touched FROM sessions').get()?.['touched'] ?? 0);
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
