import { isKwError, KwError } from '@kw/agent';
import { type Connection, openDatabase, type Schema, untilFree } from './database.ts';
import { fileMissing, isBusy, isFull, storeUnavailable } from './engine-error.ts';
import { createWalSync } from './wal-sync.ts';
import { createWriteHealth, type WriteStep } from './write-health.ts';

/** How one write is to be kept. */
export interface WriteOptions {
  /** True: survives a power failure. False: survives the death of the process. */
  readonly durable: boolean;
  /** Goes before all that waits: what must not run out of time behind it. */
  readonly urgent?: boolean;
}

/** The way to one database file: opened at the first use, and again where that failed. */
export interface Access {
  /** Runs a reading at once. */
  read<T>(run: (connection: Connection) => T): Promise<T>;
  /** Runs a reading that must not wait; undefined where it failed. */
  peek<T>(run: (connection: Connection) => T): T | undefined;
  /** Runs a write with all others that wait as one transaction; what is durable waits for the disk, and nothing else does. */
  write<T>(run: (connection: Connection) => T, options: WriteOptions): Promise<T>;
  /** Resolves where it can be read and written; rejects with the reason where its file was taken away or writes fail. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What a way is made with. */
export interface AccessOptions {
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Told why nothing can be written: when that begins, and at most once a minute while it lasts. */
  readonly onUnavailable?: (error: KwError) => void;
}

interface Waiting {
  readonly durable: boolean;
  readonly run: (connection: Connection) => void;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

const patienceMs = 10_000;
// What a transaction wakes runs in one turn of the event loop, which accepts one connection a turn: turns must stay short.
// Where they are not, as on a machine that is too busy, so many more go together that nobody waits for many of them.
const minBatch = 64;
const batchesAhead = 2;
/** How often a write looks whether the file is still where it was opened. */
const lookMs = 2_000;
/** How often a -wal file is emptied to make room while the disk stays full. */
const makeRoomMs = 1_000;
/** How often a check writes while writes fail. */
const probeMs = 1_000;

/** Makes the way to a database file. All failures are KwErrors. */
export function createAccess(path: string, schema: Schema, { clock = Date.now, onUnavailable }: AccessOptions = {}): Access {
  const health = createWriteHealth(clock, onUnavailable);
  let lookedAt = clock();
  let missing: string | undefined;
  let madeRoomAt = Number.NEGATIVE_INFINITY;
  let probedAt = Number.NEGATIVE_INFINITY;
  let probing: Promise<void> | undefined;
  let open: Connection | undefined;
  let closed = false;
  const disk = createWalSync(path);
  let queue: Waiting[] = [];
  let flushing: Promise<void> | undefined;

  const connect = (): Connection => {
    if (closed) throw new KwError('store-unavailable', `The session store ${path} was closed.`, { details: { path } });
    open ??= openDatabase(path, schema);
    return open;
  };

  const guarded = async <T>(run: () => T): Promise<T> => {
    try {
      return await untilFree(run, patienceMs);
    } catch (error) {
      throw storeUnavailable(path, error);
    }
  };

  const look = (connection: Connection): void => {
    lookedAt = clock();
    missing = connection.missing();
  };
  const checkPlace = (connection: Connection): void => {
    if (Math.abs(clock() - lookedAt) >= lookMs) look(connection);
    if (missing !== undefined) throw fileMissing(path, missing);
  };
  const failed = (step: WriteStep, error: unknown): KwError => {
    const failure = storeUnavailable(path, error);
    if (!closed) health.failed(step, failure);
    return failure;
  };

  const transact = (batch: readonly Waiting[]): void => {
    const connection = connect();
    checkPlace(connection);
    connection.statement('BEGIN IMMEDIATE').run();
    try {
      for (const { run } of batch) run(connection);
      connection.statement('COMMIT').run();
    } catch (error) {
      rollback(connection);
      throw error;
    }
  };

  /** A -wal file holds old versions of pages: emptied, it leaves room on a disk that is full. */
  const makeRoom = (): boolean => {
    if (open === undefined || Math.abs(clock() - madeRoomAt) < makeRoomMs) return false;
    madeRoomAt = clock();
    try {
      return open.emptyWal();
    } catch {
      return false; // that has no room either: the write's own failure is told
    }
  };
  const transactWithRoom = (batch: readonly Waiting[]): void => {
    try {
      transact(batch);
    } catch (error) {
      if (!isFull(error) || !makeRoom()) throw error;
      transact(batch);
    }
  };

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await guarded(() => transactWithRoom(batch));
    } catch (error) {
      // One that cannot be written must not take the others with it.
      if (batch.length > 1) for (const one of batch) await commit([one]);
      else batch[0]?.fail(failed('commit', error));
      return;
    }
    health.worked('commit');
    const waiting = open?.hasWal === true ? batch.filter(({ durable }) => durable) : [];
    if (waiting.length > 0) void keep(waiting);
    for (const one of batch) if (!waiting.includes(one)) one.settle();
  };
  /** Others go on meanwhile: they see what is committed, and whatever of theirs reaches the disk takes all before it along. */
  const keep = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await disk.sync();
      health.worked('sync');
      for (const { settle } of batch) settle();
    } catch (error) {
      const failure = failed('sync', error);
      for (const { fail } of batch) fail(failure);
    }
  };

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      const size = Math.max(minBatch, Math.ceil(queue.length / batchesAhead));
      const batch = queue.slice(0, size);
      queue = queue.slice(size);
      await commit(batch);
    }
    flushing = undefined;
  };

  const write = <T>(run: (connection: Connection) => T, { durable, urgent = false }: WriteOptions): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | { readonly refusal: unknown } | undefined;
      const waiting: Waiting = {
        durable,
        run: (connection) => {
          result = settled(run, connection);
        },
        settle: () => {
          if (result !== undefined && 'value' in result) resolve(result.value);
          else reject(result?.refusal);
        },
        fail: reject,
      };
      if (urgent) queue.unshift(waiting);
      else queue.push(waiting);
      flushing ??= flush();
    });
  /** Writes the version of the tables anew, with all that a write goes through; its outcome is in the health. */
  const probe = (): Promise<void> => {
    probing ??= write(rewriteVersion, { durable: true, urgent: true })
      .catch(() => undefined)
      .finally(() => {
        probedAt = clock();
        probing = undefined;
      });
    return probing;
  };

  return {
    read: (run) => {
      try {
        return Promise.resolve(run(connect())); // what is free, as it nearly always is, costs no more
      } catch (error) {
        return isBusy(error) ? guarded(() => run(connect())) : Promise.reject(storeUnavailable(path, error));
      }
    },
    peek: (run) => {
      try {
        return run(connect());
      } catch {
        return undefined; // a hint only: the reading that follows tells what is wrong
      }
    },
    write,
    check: async () => {
      const connection = await guarded(connect);
      look(connection);
      if (missing !== undefined) throw failed('commit', fileMissing(path, missing));
      if (health.failure() === undefined) return;
      if (Math.abs(clock() - probedAt) >= probeMs) await probe();
      const failure = health.failure();
      if (failure !== undefined) throw failure;
    },
    close: async () => {
      await flushing;
      if (closed) return;
      closed = true;
      await disk.close();
      try {
        open?.close();
      } catch (error) {
        throw storeUnavailable(path, error);
      }
    },
  };
}

function rewriteVersion(connection: Connection): void {
  const version = Number(connection.statement('PRAGMA user_version').get()?.['user_version']);
  connection.exec(`PRAGMA user_version = ${version}`);
}

// A refusal (KwError) is decided before anything is written, so the transaction goes on.
function settled<T>(run: (connection: Connection) => T, connection: Connection): { readonly value: T } | { readonly refusal: unknown } {
  try {
    return { value: run(connection) };
  } catch (error) {
    if (isKwError(error)) return { refusal: error };
    throw error;
  }
}

function rollback(connection: Connection): void {
  try {
    connection.statement('ROLLBACK').run();
  } catch {
    // the engine has rolled back by itself (disk full, I/O error)
  }
}
