import { type Entry, entryVersion, type PartialChunk, type PartialMessage, type StoredEntry } from '@kw/agent';
import type { Connection } from './database.ts';
import type { Tail } from './partial-writes.ts';
import { findEntries, findPlace, parseChunks, readDataVersion, type SessionPlace } from './session-rows.ts';

/** Where sessions stand and what is being written in them, as the file says: read from it, or just written to it by this process. */
export interface SessionCache {
  /** Entries after a seq and the message being written beyond them, as one consistent reading. */
  snapshot(
    connection: Connection,
    session: string,
    after: number,
  ): { readonly entries: readonly StoredEntry[]; readonly partial?: PartialMessage };
  /** This process has appended entries at this time, up to the place. */
  appended(session: string, entries: readonly Entry[], written: { readonly place: SessionPlace; readonly at: number }): void;
  /** This process has written on a message. */
  wrote(session: string, chunks: readonly PartialChunk[], ends: { readonly before: Tail | undefined; readonly after: Tail }): void;
  forget(session: string): void;
}

interface Known extends SessionPlace {
  /** The `data_version` under which it is so: another one means that another process has written. */
  readonly version: number;
  /** The last row that was read, and how much of it. */
  readonly id: number;
  readonly units: number;
  readonly chunks: readonly PartialChunk[];
  /** How many chunks there were when neighbours were last joined. */
  readonly joined: number;
  /** The last entries up to the head, as far as this process has appended them. */
  readonly latest: readonly Latest[];
}

/** An entry that its driver still holds, as a rule: whoever reads it then need not parse it. */
interface Latest {
  readonly seq: number;
  readonly at: number;
  readonly entry: WeakRef<Entry>;
}

const maxSessions = 2_048;
/** So many small pieces wait until they are joined: joining each time would copy the message each time, and what waits for long costs the collector. */
const maxPieces = 8;
const maxLatest = 16;

/** Makes a cache that is right as long as no other process writes, and then reads only what is new. */
export function createSessionCache(): SessionCache {
  const known = new Map<string, Known>();
  let current = -1;
  let isCurrent = false;

  /** Asked once for all who read in one turn of the event loop: whoever reads too early is woken by the poll. */
  const look = (connection: Connection): void => {
    if (isCurrent) return;
    current = readDataVersion(connection);
    isCurrent = true;
    setImmediate(() => {
      isCurrent = false;
    });
  };
  const remember = (session: string, next: Known): void => {
    if (!known.has(session) && known.size >= maxSessions) known.delete(known.keys().next().value ?? '');
    known.set(session, next);
  };
  const load = (connection: Connection, session: string): Known | undefined => {
    const place = findPlace(connection, session);
    if (place === undefined) {
      known.delete(session);
      return undefined;
    }
    const before = known.get(session);
    const start = before?.key === place.key && before.generation === place.generation ? before : { id: 0, units: 0, chunks: [], joined: 0 };
    const rows = connection
      .statement('SELECT id, chunks FROM partials WHERE session = ? AND id >= ? ORDER BY id')
      .all(place.key, start.id)
      .map((row) => ({ id: Number(row['id']), text: String(row['chunks']) }));
    const fresh = rows.flatMap(({ id, text }) => parseChunks(id === start.id ? text.slice(start.units) : text));
    const last = rows.at(-1) ?? { id: start.id, text: '' };
    const next = { ...place, version: current, id: last.id, units: last.text.length, latest: [], ...added(start, fresh) };
    remember(session, next);
    return next;
  };

  return {
    snapshot: (connection, session, after) => {
      look(connection);
      const found = known.get(session);
      const latest = found?.version === current ? latestAfter(found, after) : undefined;
      if (found !== undefined && latest !== undefined) return { entries: latest, ...partialOf(found) };
      return inOneReading(connection, () => {
        const now = load(connection, session);
        if (now === undefined) return { entries: [] };
        return { entries: now.head > after ? findEntries(connection, now.key, after, -1) : [], ...partialOf(now) };
      });
    },
    appended: (session, entries, { place, at }) => {
      const before = known.get(session);
      if (before === undefined || before.key !== place.key || before.head > place.head) return;
      const first = place.head - entries.length + 1;
      const added = entries.map((entry, index) => ({ seq: first + index, at, entry: new WeakRef(entry) }));
      const latest = [...(before.head === first - 1 ? before.latest : []), ...added].slice(-maxLatest);
      if (before.generation === place.generation) known.set(session, { ...before, head: place.head, latest });
      else known.set(session, { ...place, version: before.version, id: 0, units: 0, chunks: [], joined: 0, latest });
    },
    wrote: (session, chunks, { before, after }) => {
      const found = known.get(session);
      if (found === undefined || found.key !== after.key || found.id > after.id || (found.id === after.id && found.units >= after.units))
        return; // read since
      const isNext = found.id === 0 ? before?.id !== after.id : found.id === before?.id && found.units === before.units;
      if (isNext) known.set(session, { ...found, id: after.id, units: after.units, ...added(found, chunks) });
      else known.delete(session);
    },
    forget: (session) => {
      known.delete(session);
    },
  };
}

/** All entries after a seq, where they are at hand. */
function latestAfter({ head, latest }: Known, after: number): readonly StoredEntry[] | undefined {
  if (head <= after) return [];
  const entries = latest.flatMap(({ seq, at, entry: ref }): StoredEntry[] => {
    const entry = seq > after ? ref.deref() : undefined;
    return entry === undefined ? [] : [{ seq, version: entryVersion, at, entry }];
  });
  return entries.length === head - after ? entries : undefined;
}

function partialOf({ generation, chunks }: Known): { readonly partial?: PartialMessage } {
  return chunks.length === 0 ? {} : { partial: { generation, chunks } };
}

function added({ chunks, joined }: Pick<Known, 'chunks' | 'joined'>, fresh: readonly PartialChunk[]): Pick<Known, 'chunks' | 'joined'> {
  if (fresh.length === 0) return { chunks, joined };
  const all = [...chunks, ...fresh];
  if (all.length < joined + maxPieces) return { chunks: all, joined };
  const less = joinNeighbours(all);
  return { chunks: less, joined: less.length };
}

/** Longer chunks are not joined: what is one long text is copied as one. */
const maxJoinedUnits = 32_768;
const minJoinedUnits = 1_024;
/** A message is about so many chunks. */
const chunksOfMessage = 16;

/**
 * Neighbours of one kind become one chunk, up to a size that grows with the message: a long one stays a few chunks, and its letters are copied a few times.
 * They are copied: a chain of pieces would hold on to all that they were cut from.
 */
function joinNeighbours(chunks: readonly PartialChunk[]): readonly PartialChunk[] {
  const all: PartialChunk[] = [];
  const total = chunks.reduce((sum, { text }) => sum + text.length, 0);
  const limit = Math.min(maxJoinedUnits, Math.max(minJoinedUnits, Math.ceil(total / chunksOfMessage)));
  let texts: string[] = [];
  let units = 0;
  let kind: 'text' | 'reasoning' = 'text';
  const put = (): void => {
    if (texts.length > 0) all.push({ kind, text: texts.join('') });
    texts = [];
    units = 0;
  };
  for (const chunk of chunks) {
    if (chunk.kind === 'progress' || chunk.text.length >= limit) {
      put();
      all.push(chunk);
      continue;
    }
    if (chunk.kind !== kind) put();
    ({ kind } = chunk);
    texts.push(chunk.text);
    units += chunk.text.length;
    if (units >= limit) put();
  }
  put();
  return all;
}

function inOneReading<T>(connection: Connection, read: () => T): T {
  connection.statement('BEGIN').run();
  try {
    return read();
  } finally {
    connection.statement('COMMIT').run();
  }
}
