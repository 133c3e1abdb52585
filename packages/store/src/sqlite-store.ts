import { dirname, join, parse } from 'node:path';
import type { KwError, OutputStore, SessionStore } from '@kw/agent';
import { createAccess } from './sqlite/access.ts';
import { createSqliteOutputs, type OutputLimits } from './sqlite/outputs.ts';
import { outputSchema } from './sqlite/output-schema.ts';
import { sessionSchema } from './sqlite/session-schema.ts';
import { createSqliteSessions } from './sqlite/sessions.ts';

/** Where and how sessions are kept. */
export interface SqliteStoreOptions {
  /** The database file, such as `~/.local/state/kubelet-wuhrai/sessions.db`; outputs are kept beside it in `sessions.outputs.db`. */
  readonly path: string;
  /** Milliseconds since the epoch; judges leases. Default `Date.now`. */
  readonly clock?: () => number;
  readonly outputLimits?: OutputLimits;
  /** Told why sessions cannot be written (a full disk, a file that was taken away): when that begins, and at most once a minute while it lasts. */
  readonly onUnavailable?: (error: KwError) => void;
}

/** Sessions and outputs of one machine. */
export interface SqliteStore {
  readonly sessions: SessionStore;
  readonly outputs: OutputStore;
  /** Resolves where sessions can be read and written; rejects with KwError `store-unavailable` while writes fail or where the file was taken away. */
  check(): Promise<void>;
  /** Resolves when all that was asked before is written and the files are closed. */
  close(): Promise<void>;
}

/**
 * Keeps sessions and outputs in SQLite files that any number of processes of one machine may share.
 * Nothing is opened before the first use; every failure is a KwError `store-unavailable` that names the file.
 */
export function sqliteStore({ path, clock = Date.now, outputLimits, onUnavailable }: SqliteStoreOptions): SqliteStore {
  const { name, ext } = parse(path);
  const access = createAccess(path, sessionSchema, { clock, ...(onUnavailable === undefined ? {} : { onUnavailable }) });
  const sessions = createSqliteSessions(access, clock);
  const outputAccess = createAccess(join(dirname(path), `${name}.outputs${ext}`), outputSchema, { clock });
  const outputs = createSqliteOutputs(outputAccess, outputLimits);
  return {
    sessions,
    outputs,
    check: access.check,
    close: async () => {
      await Promise.all([sessions.close(), outputAccess.close()]);
    },
  };
}
