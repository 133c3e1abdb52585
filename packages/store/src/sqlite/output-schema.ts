import type { Schema } from './database.ts';

/**
 * Tables of the outputs. Chunks are read by kind, then part: the head (0), novel lines of the dropped middle (1), the tail (2).
 * `first_line` to `last_line` are the lines a chunk has a part of; `cut` says that its last line goes on in the next part.
 */
export const outputSchema: Schema = {
  applicationId: 0x6b_77_6f_01,
  migrations: [
    `
    CREATE TABLE outputs (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      session TEXT NOT NULL,
      number INTEGER NOT NULL,
      bytes INTEGER NOT NULL DEFAULT 0,
      lines INTEGER NOT NULL DEFAULT 0,
      kept INTEGER NOT NULL DEFAULT 0,
      dropped_from INTEGER,
      dropped_to INTEGER,
      dropped_bytes INTEGER NOT NULL DEFAULT 0,
      UNIQUE (session, number)
    ) STRICT;
    CREATE TABLE chunks (
      output INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      part INTEGER NOT NULL,
      first_line INTEGER NOT NULL,
      last_line INTEGER NOT NULL,
      cut INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (output, kind, part)
    ) STRICT;
    `,
  ],
};
