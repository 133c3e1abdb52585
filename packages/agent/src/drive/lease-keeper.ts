import type { Clock } from '../clock.ts';
import type { Lease, SessionStore } from '../session-store.ts';
import { stopReason } from './stop.ts';

/** Keeps a lease alive while a session is driven. */
export interface LeaseKeeper {
  lease(): Lease;
  /** Resolves when at least `effectMarginMs` are left; throws KwError `lease-lost`. */
  ready(): Promise<void>;
  /** Says that it was lost: nothing more may be written. */
  lost(): void;
  /** Stops renewing and gives the lease back. */
  release(): Promise<void>;
}

/** What a keeper is made with. */
export interface LeaseKeeperOptions {
  readonly store: SessionStore;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly onLost: () => void;
}

/** No effect starts with less of the lease left. */
export const effectMarginMs = 10_000;
const retryMs = 500;

/** Renews a lease at each third of its time. */
export function keepLease({ store, lease: first, ttlMs, clock, onLost }: LeaseKeeperOptions): LeaseKeeper {
  const stopped = new AbortController();
  let lease = first;
  let lost = false;

  const lose = (): void => {
    if (lost) return;
    lost = true;
    stopped.abort();
    onLost();
  };
  const renew = async (): Promise<boolean> => {
    try {
      const renewed = await store.renew(lease, ttlMs);
      if (renewed === undefined) lose();
      else lease = renewed;
      return renewed !== undefined;
    } catch {
      return false; // the store is away: it is tried again until the lease is over
    }
  };
  const keep = async (): Promise<void> => {
    let waitMs = ttlMs / 3;
    for (;;) {
      await clock.sleep(waitMs, stopped.signal);
      if (stopped.signal.aborted) return;
      waitMs = (await renew()) ? ttlMs / 3 : Math.min(retryMs, ttlMs / 3);
      if (clock.now() >= lease.expiresAt) lose();
    }
  };
  const keeping = keep();

  return {
    lease: () => lease,
    ready: async () => {
      if (!lost && lease.expiresAt - clock.now() < effectMarginMs) await renew();
      if (lost || lease.expiresAt - clock.now() < effectMarginMs) throw stopReason('lease-lost');
    },
    lost: lose,
    release: async () => {
      stopped.abort();
      await keeping;
      if (!lost) await store.release(lease);
    },
  };
}
