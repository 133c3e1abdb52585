import type { Lease, PartialChunk } from '@kw/agent';
import type { Connection } from './database.ts';

/** Pieces that a driver adds to its message. */
export interface PartialWrite {
  readonly lease: Lease;
  readonly chunks: readonly PartialChunk[];
}

/** The end of a message being written, as this process left it. */
export interface Tail {
  readonly key: number;
  readonly fence: number;
  /** The last row, and how long it is in UTF-16 units. */
  readonly id: number;
  readonly units: number;
}

/** What came of a write: undefined where the lease was lost or nothing was to be written. */
export interface Written {
  readonly held: boolean;
  readonly before?: Tail | undefined;
  readonly after?: Tail;
}

/** A row is made longer up to this size: few rows to delete at the message's end, and few to read. */
const rowUnits = 1_024;
/** A longer piece is written as several rows, so that no copy of a very long one is made on the way to the file. */
const pieceUnits = 65_536;
/** Rows of the feed that are kept for the polls of other processes. */
const feedRows = 1_024;

/** Adds pieces to many messages; `tailOf` knows where this process left them. */
export function writePartials(
  connection: Connection,
  writes: readonly PartialWrite[],
  { tailOf, now }: { readonly tailOf: (session: string) => Tail | undefined; readonly now: number },
): readonly Written[] {
  const moved = new Map<string, Tail>();
  const written = writes.map(({ lease, chunks }): Written => {
    if (chunks.length === 0) return { held: isHeld(connection, lease, now) };
    const before = moved.get(lease.session) ?? tailOf(lease.session);
    let after = before;
    for (const pieces of isSmall(chunks) ? [chunks] : inPieces(chunks)) {
      const text = JSON.stringify(pieces);
      after = lengthen(connection, lease, { tail: after, text, now }) ?? insert(connection, lease, { text, now });
      if (after === undefined) return { held: false };
    }
    if (after !== undefined) moved.set(lease.session, after);
    return { held: true, before, ...(after === undefined ? {} : { after }) };
  });
  if (moved.size > 0) feed(connection, [...moved.keys()]);
  return written;
}

function isSmall(chunks: readonly PartialChunk[]): boolean {
  let units = 0;
  for (const { text } of chunks) units += text.length;
  return units <= pieceUnits;
}

/** The chunks in lists that are not much longer than a piece; a longer text is cut. */
function* inPieces(chunks: readonly PartialChunk[]): Iterable<readonly PartialChunk[]> {
  let list: PartialChunk[] = [];
  let units = 0;
  for (const chunk of chunks.flatMap(cut)) {
    if (list.length > 0 && units + chunk.text.length > pieceUnits) {
      yield list;
      list = [];
      units = 0;
    }
    list.push(chunk);
    units += chunk.text.length;
  }
  yield list;
}

function cut(chunk: PartialChunk): PartialChunk | readonly PartialChunk[] {
  if (chunk.kind === 'progress' || chunk.text.length <= pieceUnits) return chunk;
  const { kind, text } = chunk;
  return Array.from({ length: Math.ceil(text.length / pieceUnits) }, (_, at) => ({
    kind,
    text: text.slice(at * pieceUnits, (at + 1) * pieceUnits),
  }));
}

function lengthen(
  connection: Connection,
  lease: Lease,
  { tail, text, now }: { readonly tail: Tail | undefined; readonly text: string; readonly now: number },
): Tail | undefined {
  if (tail === undefined || tail.fence !== lease.fence || tail.units + text.length >= rowUnits) return undefined;
  const { changes } = connection
    .statement(
      'UPDATE partials SET chunks = chunks || ? WHERE id = ? AND EXISTS (SELECT 1 FROM sessions WHERE key = ? AND fence = ? AND lease_until > ?)',
    )
    .run(`\n${text}`, tail.id, tail.key, lease.fence, now);
  return Number(changes) === 1 ? { ...tail, units: tail.units + 1 + text.length } : undefined;
}

function insert(connection: Connection, lease: Lease, { text, now }: { readonly text: string; readonly now: number }): Tail | undefined {
  const row = connection
    .statement(
      'INSERT INTO partials (session, chunks) SELECT key, ? FROM sessions WHERE id = ? AND fence = ? AND lease_until > ? RETURNING id, session',
    )
    .get(text, lease.session, lease.fence, now);
  if (row === undefined) return undefined;
  return { key: Number(row['session']), fence: lease.fence, id: Number(row['id']), units: text.length };
}

function isHeld(connection: Connection, lease: Lease, now: number): boolean {
  const found = connection.statement('SELECT 1 FROM sessions WHERE id = ? AND fence = ? AND lease_until > ?');
  return found.get(lease.session, lease.fence, now) !== undefined;
}

function feed(connection: Connection, sessions: readonly string[]): void {
  const { lastInsertRowid } = connection.statement('INSERT INTO feed (sessions) VALUES (?)').run(JSON.stringify(sessions));
  const id = Number(lastInsertRowid);
  if (id % feedRows === 0) connection.statement('DELETE FROM feed WHERE id <= ?').run(id - feedRows);
}
