import { createMutex } from '../async/mutex.ts';
import { raceAbort } from '../async/race-abort.ts';
import type { Clock } from '../clock.ts';
import type { Entry, StoredEntry } from '../entry.ts';
import { readAll } from '../log/read-all.ts';
import { extended, placed } from '../log/folded-log.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { LogView, RunView } from '../log/view.ts';
import { workOf } from '../log/work.ts';
import type { Lease, SessionStore } from '../session-store.ts';
import { stopReason } from './stop.ts';

/** What to append, judged on the log as it stands; undefined: nothing. */
export type Plan = (run: RunView) => readonly Entry[] | undefined;

/** The log of a session in the hands of its driver. */
export interface Ledger {
  entries(): readonly StoredEntry[];
  view(): LogView;
  /** The run as it stands; throws KwError `run-over` where somebody else ended it. */
  run(runId: string): RunView;
  /** Appends to a run that has not ended. Foreign entries that came first are taken in and the plan is made anew. Throws KwError `lease-lost`, `run-over`. */
  append(runId: string, plan: Plan | readonly Entry[], options?: { readonly endsPartial?: boolean }): Promise<void>;
  /** Resolves when the log holds what is looked for. */
  until<T>(find: (view: LogView) => T | undefined, signal: AbortSignal): Promise<T>;
  /** Takes in what others append, until the signal is aborted. */
  watch(signal: AbortSignal): Promise<void>;
}

/** What a ledger is made with. */
export interface LedgerOptions {
  readonly store: SessionStore;
  readonly logs: LogReader;
  readonly session: string;
  readonly lease: () => Lease;
  readonly clock: Clock;
  /** Called where the store refuses the lease: true where it was taken anew and nobody was there in between. */
  readonly regain: () => Promise<boolean>;
  readonly pollMs: number;
}

interface Pending {
  readonly runId: string;
  readonly plan: Plan;
  readonly endsPartial: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Looks at the log at most this often. */
const lookMs = 20;

/** Reads a session's log and holds it. */
export async function openLedger({ store, logs, session, lease, clock, regain, pollMs }: LedgerOptions): Promise<Ledger> {
  let log = await logs.read(session);
  const exclusive = createMutex();
  const pending: Pending[] = [];
  const lookers = new Set<() => void>();

  const take = (more: readonly StoredEntry[]): void => {
    if (more.length === 0) return;
    log = extended(log, more);
    for (const look of lookers) look();
  };
  const refresh = async (): Promise<void> => take(await readAll(store, session, log.view.head));
  const run = (runId: string): RunView => {
    const { current } = log.view;
    if (current?.runId !== runId) throw stopReason('run-over');
    return current;
  };

  /** One append of the store for all that waits, as far as it may go together. */
  const flush = async (): Promise<void> => {
    const first = pending.shift();
    if (first === undefined) return;
    const batch = [first];
    while (!first.endsPartial && pending[0] !== undefined && !pending[0].endsPartial) batch.push(pending.shift() ?? first);
    try {
      await write(batch, first.endsPartial);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  /** What is held here is what stands there: entries that could only be kept in memory may be no more. */
  const isContinued = async (): Promise<boolean> => {
    const last = log.entries.at(-1);
    const [stored] = last === undefined ? [] : await store.read(session, { after: last.seq - 1, limit: 1 });
    return last === undefined || JSON.stringify(stored?.entry) === JSON.stringify(last.entry);
  };
  const write = async (batch: readonly Pending[], endsPartial: boolean): Promise<void> => {
    for (;;) {
      const planned = batch.flatMap(({ runId, plan }) => plan(run(runId)) ?? []);
      if (planned.length === 0) return;
      const stored = placed(log, planned, clock.now());
      const next = extended(log, stored);
      const options = { expectedHead: log.view.head, lease: lease(), work: workOf(next.view), endsPartial };
      const result = await store.append(session, planned, options);
      if (result.type === 'appended') {
        log = next;
        for (const look of lookers) look();
        return;
      }
      if (result.type === 'lease-lost' && !((await regain()) && (await isContinued()))) throw stopReason('lease-lost');
      await refresh();
    }
  };

  return {
    entries: () => log.entries,
    view: () => log.view,
    run,
    append: (runId, plan, { endsPartial = false } = {}) =>
      new Promise((resolve, reject) => {
        pending.push({ runId, plan: typeof plan === 'function' ? plan : () => plan, endsPartial, resolve, reject });
        void exclusive(flush);
      }),
    until: (find, signal) => {
      let look = (): void => undefined;
      const found = new Promise<NonNullable<ReturnType<typeof find>>>((resolve) => {
        look = () => {
          const value = find(log.view);
          if (value !== undefined && value !== null) resolve(value);
        };
        lookers.add(look);
        look();
      });
      return raceAbort(found, signal).finally(() => lookers.delete(look));
    },
    watch: async (signal) => {
      while (!signal.aborted) {
        const changed = store.changed(session, { signal, timeoutMs: pollMs, only: 'entries' });
        try {
          await exclusive(refresh);
        } catch {
          await clock.sleep(pollMs, signal); // the store is away: the driver's own appends tell how it ends
        }
        await changed;
        await clock.sleep(lookMs, signal);
      }
    },
  };
}
