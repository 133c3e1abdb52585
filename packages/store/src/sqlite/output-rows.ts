import type { OutputInfo, OutputRef } from '@kw/agent';
import type { Connection } from './database.ts';

/** A chunk as it goes to the disk. */
export interface StoredChunk {
  /** From 1, without gaps before the middle is dropped. */
  readonly part: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly cut: boolean;
  readonly bytes: number;
  readonly data: Uint8Array;
}

/** How much may be kept, in compressed bytes. */
export interface Caps {
  readonly maxOutputBytes: number;
  readonly maxSessionBytes: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Makes the next output of a session. */
export function createOutput(connection: Connection, session: string): { readonly key: number; readonly ref: OutputRef } {
  const row = connection
    .statement(
      'INSERT INTO outputs (session, number) SELECT ?, coalesce(max(number), 0) + 1 FROM outputs WHERE session = ? RETURNING key, number',
    )
    .get(session, session);
  return { key: Number(row?.['key']), ref: `output:${Number(row?.['number'])}` };
}

/** Keeps one more chunk, and lets go what is too much: the middle of this output, then the oldest outputs of the session. */
export function addChunk(connection: Connection, key: number, chunk: StoredChunk, caps: Caps): void {
  const { kept, session } = requireOutput(connection, key);
  const tail = kept + chunk.data.length > caps.maxOutputBytes / 2;
  connection
    .statement('INSERT INTO chunks (output, part, first_line, last_line, cut, tail, bytes, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(key, chunk.part, chunk.firstLine, chunk.lastLine, chunk.cut ? 1 : 0, tail ? 1 : 0, chunk.bytes, chunk.data);
  connection.statement('UPDATE outputs SET kept = kept + ? WHERE key = ?').run(chunk.data.length, key);
  for (let total = kept + chunk.data.length; total > caps.maxOutputBytes;) {
    const freed = dropFirst(connection, key, 'tail = 1');
    if (freed === 0) break;
    total -= freed;
  }
  for (let total = sessionBytes(connection, session); total > caps.maxSessionBytes;) {
    const freed = dropOldestOutput(connection, session, key);
    if (freed === 0) break;
    total -= freed;
  }
}

/** Writes down the sizes of all that came. */
export function closeOutput(
  connection: Connection,
  key: number,
  { bytes, lines }: { readonly bytes: number; readonly lines: number },
): void {
  connection.statement('UPDATE outputs SET bytes = ?, lines = ?, closed = 1 WHERE key = ?').run(bytes, lines, key);
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
  const key = Number(row['key']);
  const droppedBytes = Number(row['dropped_bytes']);
  const sizes = row['closed'] === 1 ? row : sizesSoFar(connection, key, droppedBytes);
  const info: OutputInfo = {
    ref,
    bytes: Number(sizes['bytes']),
    lines: Number(sizes['lines']),
    ...(row['dropped_from'] !== null && {
      dropped: { fromLine: Number(row['dropped_from']), toLine: Number(row['dropped_to']), bytes: droppedBytes },
    }),
  };
  return { key, info };
}

/** The first kept chunk after `afterPart` that reaches `fromLine`. */
export function findChunk(connection: Connection, key: number, fromLine: number, afterPart: number): StoredChunk | undefined {
  const row = connection
    .statement(
      'SELECT part, first_line, last_line, cut, bytes, data FROM chunks WHERE output = ? AND last_line >= ? AND part > ? ORDER BY part LIMIT 1',
    )
    .get(key, fromLine, afterPart);
  const data = row?.['data'];
  if (row === undefined || !(data instanceof Uint8Array)) return undefined;
  return {
    part: Number(row['part']),
    firstLine: Number(row['first_line']),
    lastLine: Number(row['last_line']),
    cut: row['cut'] === 1,
    bytes: Number(row['bytes']),
    data,
  };
}

/** Deletes all outputs of a session. */
export function deleteOutputs(connection: Connection, session: string): void {
  connection.statement('DELETE FROM chunks WHERE output IN (SELECT key FROM outputs WHERE session = ?)').run(session);
  connection.statement('DELETE FROM outputs WHERE session = ?').run(session);
  connection.exec('PRAGMA incremental_vacuum');
}

function sizesSoFar(connection: Connection, key: number, droppedBytes: number): Row {
  const row = connection
    .statement('SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(max(last_line), 0) AS lines FROM chunks WHERE output = ?')
    .get(key);
  return { bytes: Number(row?.['bytes']) + droppedBytes, lines: row?.['lines'] };
}

function requireOutput(connection: Connection, key: number): { readonly kept: number; readonly session: string } {
  const row = connection.statement('SELECT kept, session FROM outputs WHERE key = ?').get(key);
  return { kept: Number(row?.['kept'] ?? 0), session: String(row?.['session'] ?? '') };
}

function sessionBytes(connection: Connection, session: string): number {
  return Number(connection.statement('SELECT coalesce(sum(kept), 0) AS kept FROM outputs WHERE session = ?').get(session)?.['kept']);
}

function dropOldestOutput(connection: Connection, session: string, except: number): number {
  const row = connection
    .statement('SELECT key FROM outputs WHERE session = ? AND key <> ? AND kept > 0 ORDER BY key LIMIT 1')
    .get(session, except);
  if (row === undefined) return 0;
  const key = Number(row['key']);
  let freed = 0;
  for (let one = dropFirst(connection, key, '1'); one > 0; one = dropFirst(connection, key, '1')) freed += one;
  return freed;
}

function dropFirst(connection: Connection, key: number, which: 'tail = 1' | '1'): number {
  const row = connection
    .statement(
      `DELETE FROM chunks WHERE output = ? AND part = (SELECT min(part) FROM chunks WHERE output = ? AND ${which}) RETURNING first_line, last_line, bytes, length(data) AS size`,
    )
    .get(key, key);
  if (row === undefined) return 0;
  const size = Number(row['size']);
  connection
    .statement(
      `UPDATE outputs SET kept = kept - ?, dropped_bytes = dropped_bytes + ?,
         dropped_from = min(coalesce(dropped_from, ?), ?), dropped_to = max(coalesce(dropped_to, 0), ?) WHERE key = ?`,
    )
    .run(size, Number(row['bytes']), Number(row['first_line']), Number(row['first_line']), Number(row['last_line']), key);
  return size;
}
