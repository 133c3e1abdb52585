import {
  type AppendOptions,
  type AppendResult,
  type Entry,
  entryVersion,
  KwError,
  type Lease,
  type Principal,
  type SessionInfo,
  type SessionMember,
} from '@kw/agent';
import type { Connection } from './database.ts';
import { findSession, type SessionPlace, type SessionRow, wakeAtOf } from './session-rows.ts';

const nextTouch = '(SELECT coalesce(max(touched), 0) + 1 FROM sessions)';

/** Writes a new session. Throws KwError `session-exists`. */
export function createSession(
  connection: Connection,
  session: { readonly id: string; readonly owner: Principal; readonly title?: string },
  now: number,
): SessionInfo {
  if (findSession(connection, session.id) !== undefined) {
    throw new KwError('session-exists', `A session ${session.id} exists already. Choose another id.`);
  }
  const { id, owner, title } = session;
  connection
    .statement(
      `INSERT INTO sessions (id, issuer, subject, owner_name, title, created_at, updated_at, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ${nextTouch})`,
    )
    .run(id, owner.issuer, owner.subject, owner.name ?? null, title?.toWellFormed() ?? null, now, now);
  return requireSession(connection, id).info;
}

/** How an append ended, and where the session stands after it. */
export interface Appended {
  readonly result: AppendResult;
  readonly place?: SessionPlace;
}

/** Appends by compare-and-set on the head; a lease is judged first. An entry's line is made when it is written: what waits is not held twice. */
export function appendEntries(
  connection: Connection,
  session: string,
  entries: readonly Entry[],
  { expectedHead, lease, work, endsPartial = false, now }: AppendOptions & { readonly now: number },
): Appended {
  const row = requireSession(connection, session);
  if (lease !== undefined && !holds(row, lease, now)) return { result: { type: 'lease-lost' } };
  if (row.head !== expectedHead) return { result: { type: 'head-moved', head: row.head } };
  const insert = connection.statement('INSERT INTO entries (session, seq, version, at, entry) VALUES (?, ?, ?, ?, ?)');
  let head = row.head;
  for (const entry of entries) insert.run(row.key, ++head, entryVersion, now, toLine(entry));
  if (endsPartial) connection.statement('DELETE FROM partials WHERE session = ?').run(row.key);
  const generation = row.generation + (endsPartial ? 1 : 0);
  connection
    .statement(`UPDATE sessions SET head = ?, generation = ?, wake_at = ?, updated_at = ?, touched = ${nextTouch} WHERE key = ?`)
    .run(head, generation, wakeAtOf(work), now, row.key);
  return { result: { type: 'appended', head }, place: { key: row.key, head, generation } };
}

function toLine(entry: Entry): string {
  return JSON.stringify(entry);
}

/** Gives the session to a new holder; undefined where somebody else has it. */
export function acquireLease(connection: Connection, session: string, ttlMs: number, now: number): Lease | undefined {
  const row = findSession(connection, session);
  if (row === undefined || row.leaseUntil > now) return undefined;
  const lease = { session, fence: row.fence + 1, expiresAt: now + ttlMs };
  connection.statement('UPDATE sessions SET fence = ?, lease_until = ? WHERE key = ?').run(lease.fence, lease.expiresAt, row.key);
  return lease;
}

/** Prolongs a lease from now; undefined where it was lost. */
export function renewLease(connection: Connection, lease: Lease, ttlMs: number, now: number): Lease | undefined {
  const expiresAt = now + ttlMs;
  const { changes } = connection
    .statement('UPDATE sessions SET lease_until = ? WHERE id = ? AND fence = ? AND lease_until > ?')
    .run(expiresAt, lease.session, lease.fence, now);
  return Number(changes) === 1 ? { ...lease, expiresAt } : undefined;
}

/** Ends a lease; nothing happens where it was lost. */
export function releaseLease(connection: Connection, lease: Lease, now: number): void {
  const row = findSession(connection, lease.session);
  if (row === undefined || !holds(row, lease, now)) return;
  connection.statement(`UPDATE sessions SET lease_until = 0, touched = ${nextTouch} WHERE key = ?`).run(row.key);
}

/** Renames a session. Throws KwError `unknown-session`. */
export function renameSession(connection: Connection, session: string, title: string): void {
  const { key } = requireSession(connection, session);
  connection.statement(`UPDATE sessions SET title = ?, touched = ${nextTouch} WHERE key = ?`).run(title.toWellFormed(), key);
}

/** Shares a session with exactly these people. Throws KwError `unknown-session`. */
export function shareSession(connection: Connection, session: string, members: readonly SessionMember[]): void {
  const { key } = requireSession(connection, session);
  connection.statement('DELETE FROM members WHERE session = ?').run(key);
  const insert = connection.statement('INSERT OR IGNORE INTO members (session, person, role) VALUES (?, ?, ?)');
  for (const { person, role } of members) insert.run(key, person.toWellFormed(), role);
  const text = members.length === 0 ? null : JSON.stringify(members);
  connection.statement(`UPDATE sessions SET members = ?, touched = ${nextTouch} WHERE key = ?`).run(text, key);
}

/** Deletes a session with all that is in it; nothing happens where there is none. */
export function deleteSession(connection: Connection, session: string): void {
  const row = findSession(connection, session);
  if (row === undefined) return;
  connection.statement('DELETE FROM entries WHERE session = ?').run(row.key);
  connection.statement('DELETE FROM partials WHERE session = ?').run(row.key);
  connection.statement('DELETE FROM members WHERE session = ?').run(row.key);
  connection.statement('DELETE FROM sessions WHERE key = ?').run(row.key);
  connection.statement("UPDATE counters SET value = value + 1 WHERE name = 'deleted'").run();
  connection.exec('PRAGMA incremental_vacuum(4096)');
}

function holds(row: SessionRow, lease: Lease, now: number): boolean {
  return row.fence === lease.fence && row.leaseUntil > now;
}

function requireSession(connection: Connection, id: string): SessionRow {
  const row = findSession(connection, id);
  if (row === undefined) throw new KwError('unknown-session', `There is no session ${id}. It was deleted or never made.`);
  return row;
}
