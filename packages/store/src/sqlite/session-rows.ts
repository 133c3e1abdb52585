import {
  type Entry,
  type PartialChunk,
  personsOf,
  type Principal,
  type SessionInfo,
  type SessionMember,
  type StoredEntry,
  type Work,
} from '@kw/agent';
import type { Connection } from './database.ts';

/** A session's row, as far as writes judge it. */
export interface SessionRow {
  readonly key: number;
  readonly head: number;
  readonly generation: number;
  readonly fence: number;
  readonly leaseUntil: number;
  readonly info: SessionInfo;
}

type Row = Readonly<Record<string, unknown>>;

const columns =
  'key, id, issuer, subject, owner_name, members, title, created_at, updated_at, head, generation, wake_at, fence, lease_until';

/** The row of a session; undefined where there is none. */
export function findSession(connection: Connection, id: string): SessionRow | undefined {
  const row = connection.statement(`SELECT ${columns} FROM sessions WHERE id = ?`).get(id);
  return row === undefined ? undefined : toSessionRow(row);
}

/** What a reading needs of a session's row. */
export interface SessionPlace {
  readonly key: number;
  readonly head: number;
  readonly generation: number;
}

/** Where a session stands; undefined where there is none. */
export function findPlace(connection: Connection, id: string): SessionPlace | undefined {
  const row = connection.statement('SELECT key, head, generation FROM sessions WHERE id = ?').get(id);
  return row === undefined ? undefined : { key: Number(row['key']), head: Number(row['head']), generation: Number(row['generation']) };
}

/** Rows of an owner's sessions, the latest first. */
export function findOwned(connection: Connection, owner: Principal, limit: number): readonly SessionRow[] {
  return connection
    .statement(`SELECT ${columns} FROM sessions WHERE issuer = ? AND subject = ? ORDER BY updated_at DESC, touched DESC LIMIT ?`)
    .all(owner.issuer, owner.subject, limit)
    .map(toSessionRow);
}

/** The same with those that are shared with this person. */
export function findVisible(connection: Connection, person: Principal, limit: number): readonly SessionRow[] {
  const [subject = '', name = subject] = personsOf(person);
  return connection
    .statement(
      `SELECT ${columns} FROM sessions WHERE (issuer = ? AND subject = ?) OR key IN (SELECT session FROM members WHERE person IN (?, ?)) ORDER BY updated_at DESC, touched DESC LIMIT ?`,
    )
    .all(person.issuer, person.subject, subject, name, limit)
    .map(toSessionRow);
}

/** Entries after a seq, in order. */
export function findEntries(connection: Connection, key: number, after: number, limit: number): readonly StoredEntry[] {
  return connection
    .statement('SELECT seq, version, at, entry FROM entries WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?')
    .all(key, after, limit)
    .map(toStoredEntry);
}

/** The column `wake_at` of a work status. */
export function wakeAtOf(work: Work): number | null {
  if (work.type === 'waiting') return Math.max(1, work.wakeAt);
  return work.type === 'ready' ? 0 : null;
}

/** Pieces of a message being written, as a row holds them. */
export function parseChunks(lines: string): readonly PartialChunk[] {
  return lines.split('\n').flatMap((line): readonly PartialChunk[] => (line === '' ? [] : JSON.parse(line))); // written by writePartials only
}

/** Counts what other connections have written. */
export function readDataVersion(connection: Connection): number {
  return Number(connection.statement('PRAGMA data_version').get()?.['data_version'] ?? 0);
}

function toSessionRow(row: Row): SessionRow {
  const wakeAt = row['wake_at'];
  const { issuer, subject, owner_name: name, members, title } = row;
  return {
    key: Number(row['key']),
    head: Number(row['head']),
    generation: Number(row['generation']),
    fence: Number(row['fence']),
    leaseUntil: Number(row['lease_until']),
    info: {
      id: String(row['id']),
      owner: { issuer: String(issuer), subject: String(subject), ...(typeof name === 'string' && { name }) },
      ...(typeof members === 'string' && { members: parseMembers(members) }),
      ...(typeof title === 'string' && { title }),
      createdAt: Number(row['created_at']),
      updatedAt: Number(row['updated_at']),
      head: Number(row['head']),
      work: typeof wakeAt !== 'number' ? { type: 'none' } : wakeAt === 0 ? { type: 'ready' } : { type: 'waiting', wakeAt },
    },
  };
}

function parseMembers(text: string): readonly SessionMember[] {
  return JSON.parse(text); // written by shareSession only
}

function toStoredEntry(row: Row): StoredEntry {
  const entry: Entry = JSON.parse(String(row['entry'])); // written by append only
  return {
    seq: Number(row['seq']),
    version: Number(row['version']),
    at: Number(row['at']),
    entry,
  };
}
