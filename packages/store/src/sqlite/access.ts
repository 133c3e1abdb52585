import { isKwError, KwError } from '@kw/agent';
import { type Connection, openDatabase, type Schema, untilFree } from './database.ts';
import { isBusy, storeUnavailable } from './engine-error.ts';
import { createWalSync } from './wal-sync.ts';

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
  close(): Promise<void>;
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

/** Makes the way to a database file. All failures are KwErrors. */
export function createAccess(path: string, schema: Schema): Access {
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

  const transact = (batch: readonly Waiting[]): void => {
    const connection = connect();
    connection.statement('BEGIN IMMEDIATE').run();
    try {
      for (const { run } of batch) run(connection);
      connection.statement('COMMIT').run();
    } catch (error) {
      rollback(connection);
      throw error;
    }
  };

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await guarded(() => transact(batch));
    } catch (error) {
      // One that cannot be written must not take the others with it.
      if (batch.length > 1) for (const one of batch) await commit([one]);
      else batch[0]?.fail(error);
      return;
    }
    const waiting = open?.hasWal === true ? batch.filter(({ durable }) => durable) : [];
    if (waiting.length > 0) void keep(waiting);
    for (const one of batch) if (!waiting.includes(one)) one.settle();
  };
  /** Others go on meanwhile: they see what is committed, and whatever of theirs reaches the disk takes all before it along. */
  const keep = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await disk.sync();
      for (const { settle } of batch) settle();
    } catch (error) {
      for (const { fail } of batch) fail(storeUnavailable(path, error));
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
    write: <T>(run: (connection: Connection) => T, { durable, urgent = false }: WriteOptions) =>
      new Promise<T>((resolve, reject) => {
        let result: { readonly value: T } | { readonly refusal: unknown } | undefined;
        const write: Waiting = {
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
        if (urgent) queue.unshift(write);
        else queue.push(write);
        flushing ??= flush();
      }),
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
