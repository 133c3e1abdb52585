import type { Lease, PartialChunk } from '@kw/agent';
import type { Access } from './access.ts';
import { type PartialWrite, type Tail, writePartials } from './partial-writes.ts';
import type { SessionCache } from './session-cache.ts';

/** Takes pieces of the messages that are being written. */
export interface PartialQueue {
  /** Resolves when they are written; false where the lease was lost. */
  add(lease: Lease, chunks: readonly PartialChunk[]): Promise<boolean>;
}

interface Waiting extends PartialWrite {
  readonly resolve: (held: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** What a queue is made with. */
export interface PartialQueueOptions {
  readonly access: Access;
  readonly cache: SessionCache;
  readonly clock: () => number;
  /** Called for each session that was written on. */
  readonly onWritten: (session: string) => void;
}

/** All messages of this process are written on together, at most so often: a transaction costs more than a piece. */
const tickMs = 20;
const maxTails = 4_096;
/** So many readers, and at least this part of all, are woken in one turn of the event loop, which accepts one connection a turn. */
const wokenAtOnce = 64;
const wokenPart = 1 / 4;

/** Makes a queue: the first pieces after a rest are written at once. */
export function createPartialQueue({ access, cache, clock, onWritten }: PartialQueueOptions): PartialQueue {
  const tails = new Map<string, Tail>();
  let waiting: Waiting[] = [];
  let isRunning = false;

  const remember = (session: string, tail: Tail): void => {
    tails.delete(session);
    tails.set(session, tail);
    if (tails.size > maxTails) tails.delete(tails.keys().next().value ?? '');
  };
  const flush = async (): Promise<void> => {
    const writes = waiting;
    waiting = [];
    try {
      const written = await access.write(
        (connection) => writePartials(connection, writes, { tailOf: (session) => tails.get(session), now: clock() }),
        { durable: false },
      );
      const atOnce = Math.max(wokenAtOnce, Math.ceil(writes.length * wokenPart));
      for (const [index, { lease, chunks, resolve }] of writes.entries()) {
        const { held, before, after } = written[index] ?? { held: false };
        if (after !== undefined) {
          remember(lease.session, after);
          cache.wrote(lease.session, chunks, { before, after });
          onWritten(lease.session);
        }
        resolve(held);
        if (index % atOnce === atOnce - 1) await turn();
      }
    } catch (error) {
      for (const { lease, reject } of writes) {
        tails.delete(lease.session);
        reject(error);
      }
    }
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const rest = new Promise<void>((resolve) => {
        setTimeout(resolve, tickMs);
      });
      await flush();
      await rest;
    }
    isRunning = false;
  };

  return {
    add: (lease, chunks) =>
      new Promise((resolve, reject) => {
        waiting.push({ lease, chunks, resolve, reject });
        if (isRunning) return;
        isRunning = true;
        void run();
      }),
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
