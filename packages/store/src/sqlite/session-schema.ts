import type { Schema } from './database.ts';

/**
 * Tables of the sessions. `wake_at` is the work: null = none, 0 = ready, else waiting until then.
 * `touched` counts writes over all sessions, so that a poll finds the changed ones; `deleted` in `counters` counts deletions.
 * `members` of a session is a JSON array; the table of that name finds the sessions that are shared with somebody.
 * A row of `partials` holds pieces of a message being written, a JSON array a line; `feed` tells a poll of which sessions they are, a row a write.
 */
export const sessionSchema: Schema = {
  applicationId: 0x6b_77_73_01,
  migrations: [
    `
    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO counters VALUES ('deleted', 0);
    CREATE TABLE sessions (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      owner_name TEXT,
      title TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      head INTEGER NOT NULL DEFAULT 0,
      generation INTEGER NOT NULL DEFAULT 1,
      wake_at INTEGER,
      fence INTEGER NOT NULL DEFAULT 0,
      lease_until INTEGER NOT NULL DEFAULT 0,
      touched INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sessions_touched ON sessions (touched);
    CREATE INDEX sessions_owner ON sessions (issuer, subject, updated_at);
    CREATE INDEX sessions_work ON sessions (wake_at) WHERE wake_at IS NOT NULL;
    CREATE TABLE entries (
      session INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      entry TEXT NOT NULL,
      UNIQUE (session, seq)
    ) STRICT;
    CREATE TABLE partials (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      session INTEGER NOT NULL,
      chunks TEXT NOT NULL
    ) STRICT;
    CREATE INDEX partials_session ON partials (session, id);
    `,
    `
    CREATE TABLE feed (id INTEGER PRIMARY KEY AUTOINCREMENT, sessions TEXT NOT NULL) STRICT;
    `,
    `
    CREATE TABLE members (
      session INTEGER NOT NULL,
      person TEXT NOT NULL,
      role TEXT NOT NULL,
      PRIMARY KEY (person, session, role)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX members_session ON members (session);
    ALTER TABLE sessions ADD COLUMN members TEXT;
    CREATE INDEX sessions_updated ON sessions (updated_at);
    `,
  ],
};
