import { chmodSync, closeSync, mkdirSync, openSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { KwError } from '@kw/agent';
import { engineCode, isBusy } from './engine-error.ts';
import { rememberFiles } from './file-identity.ts';
import { loadSqlite } from './load-sqlite.ts';

/** What a database file holds: its mark and the steps from one version of its tables to the next. */
export interface Schema {
  /** `PRAGMA application_id`: tells our files from others'. */
  readonly applicationId: number;
  /** Step n leads from version n to n + 1; never edited once released. */
  readonly migrations: readonly string[];
}

/** One open connection. Statements are compiled once. */
export interface Connection {
  readonly path: string;
  /** True where the file can only be read: every write fails. */
  readonly readOnly: boolean;
  /** True where commits go to a -wal file, which is brought onto the disk apart from them. */
  readonly hasWal: boolean;
  /** The file that was deleted, moved or replaced since it was opened: what is written then is lost with this process. */
  missing(): string | undefined;
  statement(sql: string): StatementSync;
  /** Runs statements that give no rows. */
  exec(sql: string): void;
  /** Brings the -wal file over and empties it; false where that is not possible now. */
  emptyWal(): boolean;
  close(): void;
}

/** 16 MiB of the -wal file. Messages that are being written change the same pages again and again: each is brought over once for many times. */
const maxCheckpointPages = 4_096;
const minCheckpointPages = 64;
/** The part of the room on the disk that a -wal file may take, so that there is always enough to bring it over. */
const walShare = 1 / 4;
const pageBytes = 4_096;
/** Pages of a thousand messages that are being written are not read from the file again. */
const cacheKib = 8_192;
const busyTimeoutMs = 10; // blocks the process, so longer waits are asynchronous

/** Opens (and makes, 0600 in a 0700 directory) a database in WAL mode; read-only where it cannot be written. */
export function openDatabase(path: string, schema: Schema): Connection {
  try {
    return openWritable(path, schema);
  } catch (error) {
    if (!isReadOnlyFailure(error)) throw error;
    return openReadOnly(path, schema, error);
  }
}

function openWritable(path: string, schema: Schema): Connection {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600)); // the engine gives -wal and -shm the mode of the file
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  const { DatabaseSync: Database } = loadSqlite();
  const database = new Database(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
  try {
    checkOwner(path, database, schema);
    // auto_vacuum must precede the first table; both stay with the file.
    if (versionOf(database) === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
    // secure_delete: what is deleted is overwritten in the file.
    database.exec('PRAGMA secure_delete = FAST; PRAGMA synchronous = FULL');
    migrate(path, database, schema);
    const hasWal = journalMode(database) === 'wal';
    if (hasWal)
      database.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${checkpointPages(path)}; PRAGMA cache_size = -${cacheKib}`);
    return connection(database, { path, readOnly: false, hasWal, missing: rememberFiles(path).missing });
  } catch (error) {
    database.close();
    throw error;
  }
}

// A WAL database in a directory that cannot be written has no place for its -shm file: it is read as it stands.
function openReadOnly(path: string, schema: Schema, cause: unknown): Connection {
  const { DatabaseSync: Database } = loadSqlite();
  for (const query of ['mode=ro', 'mode=ro&immutable=1']) {
    try {
      const url = pathToFileURL(path);
      url.search = query;
      const database = new Database(url, { readOnly: true, timeout: busyTimeoutMs });
      try {
        checkOwner(path, database, schema);
        if (versionOf(database) !== schema.migrations.length) break;
        return connection(database, { path, readOnly: true, hasWal: false, missing: () => undefined });
      } catch (error) {
        database.close();
        if (engineCode(error) === undefined) throw error;
      }
    } catch (error) {
      if (engineCode(error) === undefined) throw error;
    }
  }
  throw cause;
}

function connection(database: DatabaseSync, about: Pick<Connection, 'path' | 'readOnly' | 'hasWal' | 'missing'>): Connection {
  const statements = new Map<string, StatementSync>();
  return {
    ...about,
    statement: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const made = database.prepare(sql);
      statements.set(sql, made);
      return made;
    },
    exec: (sql) => database.exec(sql),
    emptyWal: () => about.hasWal && database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0,
    close: () => database.close(),
  };
}

/** A small volume, or one that is nearly full, has its -wal file brought over more often. */
function checkpointPages(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return Math.min(maxCheckpointPages, Math.max(minCheckpointPages, Math.floor((bavail * bsize * walShare) / pageBytes)));
  } catch {
    return maxCheckpointPages; // not told there
  }
}

function checkOwner(path: string, database: DatabaseSync, schema: Schema): void {
  const applicationId = pragma(database, 'application_id');
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_master').get()?.['n'] ?? 0);
  if (applicationId !== schema.applicationId && (applicationId !== 0 || tables > 0)) {
    throw new KwError(
      'store-unavailable',
      `${path} is a database of another program. Nothing was changed. Move it aside or choose another state directory.`,
      { details: { path } },
    );
  }
  if (versionOf(database) > schema.migrations.length) {
    throw new KwError(
      'store-unavailable',
      `${path} was written by a newer version of this program (tables ${versionOf(database)}, known ${schema.migrations.length}). Update the program or choose another state directory.`,
      { details: { path } },
    );
  }
}

function migrate(path: string, database: DatabaseSync, schema: Schema): void {
  if (versionOf(database) === schema.migrations.length) return;
  database.exec('BEGIN IMMEDIATE'); // another process may be at it, too
  try {
    checkOwner(path, database, schema);
    for (const step of schema.migrations.slice(versionOf(database))) database.exec(step);
    database.exec(`PRAGMA application_id = ${schema.applicationId}; PRAGMA user_version = ${schema.migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return pragma(database, 'user_version');
}

/** Some file systems cannot hold a -wal file. */
function journalMode(database: DatabaseSync): string {
  return String(database.prepare('PRAGMA journal_mode').get()?.['journal_mode']);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

function isReadOnlyFailure(error: unknown): boolean {
  const code = engineCode(error);
  if (code !== undefined) return code === 3 || code === 8 || code === 14;
  const system: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return system === 'EACCES' || system === 'EROFS' || system === 'EPERM';
}

/** Runs what may meet a lock of another process again until it passes; throws what it threw after `patienceMs`. */
export async function untilFree<T>(run: () => T, patienceMs: number): Promise<T> {
  for (let waited = 0, delay = 1; ; waited += delay, delay = Math.min(delay * 2, 50)) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || waited >= patienceMs) throw error;
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, delay);
    });
  }
}
