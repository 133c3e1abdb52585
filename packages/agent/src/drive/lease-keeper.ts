import type { Clock } from '../clock.ts';
import type { Lease, SessionStore } from '../session-store.ts';
import { stopReason } from './stop.ts';

/** Keeps a lease alive while a session is driven. */
export interface LeaseKeeper {
  lease(): Lease;
  /** Prolongs it where less than `effectMarginMs` are left, and resolves when so much is; throws KwError `lease-lost`. */
  ready(): Promise<void>;
  /** The store refused it: taken anew where nobody had the session in between, else it is lost and this is false. */
  regain(): Promise<boolean>;
  /** Stops renewing and gives the lease back. */
  release(): Promise<void>;
}

/** What a keeper is made with. */
export interface LeaseKeeperOptions {
  readonly store: SessionStore;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly clock: Clock;
  /** Nothing more may be written. */
  readonly onLost: () => void;
}

/** No effect starts with less of the lease left. */
export const effectMarginMs = 10_000;
/** What an effect's lease has beyond the margin, so that its intent can be written meanwhile. */
const intentMs = 2_000;
/** Renewals in one time of the lease: two may fail. */
const renewals = 3;
const retryMs = 500;

/**
 * Renews a lease at each third of its time. A lease is short, so that another process takes over soon where this one died; before an effect it is
 * prolonged, and what was promised then is never shortened. A process that slept past its lease's end goes on if nobody else was there.
 */
export function keepLease({ store, lease: first, ttlMs, clock, onLost }: LeaseKeeperOptions): LeaseKeeper {
  const stopped = new AbortController();
  let lease = first;
  // By this process's own clock, counted from before the store was asked: clocks of machines differ.
  let until = clock.now() + Math.max(0, Math.min(ttlMs, first.expiresAt - clock.now()));
  let lost = false;
  let regaining: Promise<boolean> | undefined;

  const lose = (): void => {
    if (lost) return;
    lost = true;
    stopped.abort();
    onLost();
  };
  const wanted = (forMs: number): number => Math.max(ttlMs, forMs, until - clock.now());
  const takeAnew = async (forMs: number): Promise<boolean> => {
    const [from, time] = [clock.now(), wanted(forMs)];
    const again = await store.acquire(lease.session, time);
    if (again !== undefined && again.fence === lease.fence + 1) {
      lease = again;
      until = from + time;
      return true;
    }
    if (again !== undefined) await store.release(again);
    lose();
    return false;
  };
  const regain = async (forMs = ttlMs): Promise<boolean> => {
    if (lost || stopped.signal.aborted) return false;
    regaining ??= takeAnew(forMs).finally(() => {
      regaining = undefined;
    });
    return regaining;
  };
  const renew = async (forMs = ttlMs): Promise<boolean> => {
    try {
      const [from, time] = [clock.now(), wanted(forMs)];
      const renewed = await store.renew(lease, time);
      if (renewed === undefined) return await regain(forMs);
      lease = renewed;
      until = from + time;
      return true;
    } catch {
      return false; // the store is away: it is tried again until the lease is over
    }
  };
  const keep = async (): Promise<void> => {
    let waitMs = ttlMs / renewals;
    for (;;) {
      await clock.sleep(waitMs, stopped.signal);
      if (stopped.signal.aborted) return;
      const renewed = await renew();
      const late = clock.now() >= until;
      if (late && !renewed) lose();
      // Renewed, and over again by the time that this was known: nobody was there in between, as the store says.
      if (renewed) waitMs = late ? 0 : ttlMs / renewals;
      else waitMs = Math.min(retryMs, ttlMs / renewals);
    }
  };
  const keeping = keep();

  return {
    lease: () => lease,
    ready: async () => {
      // A store that is slow or away for a moment is asked again: nothing has begun yet.
      for (let tries = 0; tries < renewals && !lost && until - clock.now() < effectMarginMs; tries += 1)
        if (!(await renew(effectMarginMs + intentMs))) await clock.sleep(retryMs, stopped.signal);
      if (lost || until - clock.now() < effectMarginMs) throw stopReason('lease-lost');
    },
    regain: () => regain(),
    release: async () => {
      stopped.abort();
      await keeping;
      await regaining?.catch(() => false);
      if (!lost) await store.release(lease).catch(() => undefined); // one that cannot be given back runs out
    },
  };
}
