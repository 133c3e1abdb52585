import type { OutputInfo, OutputRef } from '@kw/agent';
import type { Connection } from './database.ts';

/** Where a chunk stands: the head, novel lines of the dropped middle, the tail. */
export const chunkKinds = { head: 0, novel: 1, tail: 2 } as const;

/** A chunk as it is on the disk. */
export interface StoredChunk {
  readonly kind: number;
  /** From 1; heads and tails count on, novel ones by themselves. */
  readonly part: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly cut: boolean;
  /** Of the text, in UTF-8. */
  readonly bytes: number;
  readonly data: Uint8Array;
}

/** Sizes of all that came so far. */
export interface Sizes {
  readonly bytes: number;
  readonly lines: number;
}

/** Makes the next output of a session. */
export function createOutput(connection: Connection, session: string): { readonly key: number; readonly ref: OutputRef } {
  const row = connection
    .statement(
      'INSERT INTO outputs (session, number) SELECT ?, coalesce(max(number), 0) + 1 FROM outputs WHERE session = ? RETURNING key, number',
    )
    .get(session, session);
  return { key: Number(row?.['key']), ref: `output:${Number(row?.['number'])}` };
}

/** Keeps a chunk. */
export function insertChunk(connection: Connection, key: number, { kind, part, firstLine, lastLine, cut, bytes, data }: StoredChunk): void {
  connection
    .statement('INSERT INTO chunks (output, kind, part, first_line, last_line, cut, bytes, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(key, kind, part, firstLine, lastLine, cut ? 1 : 0, bytes, data);
  connection.statement('UPDATE outputs SET kept = kept + ? WHERE key = ?').run(data.length, key);
}

/** Lets a chunk go and writes down that it was there. */
export function dropChunk(connection: Connection, key: number, { kind, part }: Pick<StoredChunk, 'kind' | 'part'>): void {
  const row = connection
    .statement('DELETE FROM chunks WHERE output = ? AND kind = ? AND part = ? RETURNING first_line, last_line, bytes, length(data) AS size')
    .get(key, kind, part);
  if (row === undefined) return;
  connection
    .statement(
      `UPDATE outputs SET kept = kept - ?, dropped_bytes = dropped_bytes + ?,
         dropped_from = min(coalesce(dropped_from, ?), ?), dropped_to = max(coalesce(dropped_to, 0), ?) WHERE key = ?`,
    )
    .run(Number(row['size']), Number(row['bytes']), Number(row['first_line']), Number(row['first_line']), Number(row['last_line']), key);
}

/** Corrects how much was dropped by what was kept of it after all. */
export function keepOfDropped(connection: Connection, key: number, bytes: number): void {
  connection.statement('UPDATE outputs SET dropped_bytes = dropped_bytes - ? WHERE key = ?').run(bytes, key);
}

/** Writes down the sizes of all that came so far. */
export function setSizes(connection: Connection, key: number, { bytes, lines }: Sizes): void {
  connection.statement('UPDATE outputs SET bytes = ?, lines = ? WHERE key = ?').run(bytes, lines, key);
}

/** Lets the oldest outputs of a session go until no more than `maxBytes` are kept of it, but none of the output that is being written. */
export function boundSession(
  connection: Connection,
  session: string,
  { maxBytes, except }: { readonly maxBytes: number; readonly except: number },
): void {
  const rows = connection.statement('SELECT key, kept FROM outputs WHERE session = ? AND kept > 0 ORDER BY key').all(session);
  let total = rows.reduce((sum, row) => sum + Number(row['kept']), 0);
  for (const row of rows) {
    if (total <= maxBytes) return;
    const key = Number(row['key']);
    if (key === except) continue;
    const chunks = connection.statement('SELECT kind, part FROM chunks WHERE output = ?').all(key);
    for (const chunk of chunks) dropChunk(connection, key, { kind: Number(chunk['kind']), part: Number(chunk['part']) });
    total -= Number(row['kept']);
  }
}

/** What is known of an output; sizes of one that is still open are those so far. */
export function findOutput(
  connection: Connection,
  session: string,
  ref: OutputRef,
): { readonly key: number; readonly info: OutputInfo } | undefined {
  const number = Number(ref.slice('output:'.length));
  const row = connection.statement('SELECT * FROM outputs WHERE session = ? AND number = ?').get(session, number);
  if (row === undefined) return undefined;
  const info: OutputInfo = {
    ref,
    bytes: Number(row['bytes']),
    lines: Number(row['lines']),
    ...(row['dropped_from'] !== null && {
      dropped: { fromLine: Number(row['dropped_from']), toLine: Number(row['dropped_to']), bytes: Number(row['dropped_bytes']) },
    }),
  };
  return { key: Number(row['key']), info };
}

/** The first kept chunk after another that reaches `fromLine`. */
export function findChunk(
  connection: Connection,
  key: number,
  { fromLine, after }: { readonly fromLine: number; readonly after: Pick<StoredChunk, 'kind' | 'part'> | undefined },
): StoredChunk | undefined {
  const row = connection
    .statement(
      `SELECT kind, part, first_line, last_line, cut, bytes, data FROM chunks
         WHERE output = ? AND (kind, part) > (?, ?) AND last_line >= ? ORDER BY kind, part LIMIT 1`,
    )
    .get(key, after?.kind ?? -1, after?.part ?? 0, fromLine);
  return row === undefined ? undefined : toChunk(row);
}

/** One kept chunk. */
export function getChunk(connection: Connection, key: number, { kind, part }: Pick<StoredChunk, 'kind' | 'part'>): StoredChunk | undefined {
  const row = connection
    .statement('SELECT kind, part, first_line, last_line, cut, bytes, data FROM chunks WHERE output = ? AND kind = ? AND part = ?')
    .get(key, kind, part);
  return row === undefined ? undefined : toChunk(row);
}

/** Deletes all outputs of a session. */
export function deleteOutputs(connection: Connection, session: string): void {
  connection.statement('DELETE FROM chunks WHERE output IN (SELECT key FROM outputs WHERE session = ?)').run(session);
  connection.statement('DELETE FROM outputs WHERE session = ?').run(session);
  connection.exec('PRAGMA incremental_vacuum');
}

function toChunk(row: Readonly<Record<string, unknown>>): StoredChunk | undefined {
  const data = row['data'];
  if (!(data instanceof Uint8Array)) return undefined;
  return {
    kind: Number(row['kind']),
    part: Number(row['part']),
    firstLine: Number(row['first_line']),
    lastLine: Number(row['last_line']),
    cut: row['cut'] === 1,
    bytes: Number(row['bytes']),
    data,
  };
}
