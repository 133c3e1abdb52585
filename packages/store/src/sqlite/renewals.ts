import type { Lease } from '@kw/agent';
import type { Access } from './access.ts';
import { renewLease } from './session-writes.ts';

/** Prolongs leases. */
export interface Renewals {
  /** Undefined where the lease was lost. */
  add(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
}

interface Waiting {
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly resolve: (renewed: Lease | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes it: all leases that wait are prolonged by one write, so that a thousand of them do not wait for each other until they run out. */
export function createRenewals(access: Access, clock: () => number): Renewals {
  let waiting: Waiting[] = [];
  let isAsked = false;

  const flush = async (): Promise<void> => {
    let taken: readonly Waiting[] | undefined;
    const take = (): readonly Waiting[] => {
      if (taken !== undefined) return taken; // the write is tried again
      isAsked = false;
      taken = waiting;
      waiting = [];
      return taken;
    };
    try {
      const renewed = await access.write((connection) => take().map(({ lease, ttlMs }) => renewLease(connection, lease, ttlMs, clock())), {
        durable: false,
      });
      for (const [index, { resolve }] of take().entries()) resolve(renewed[index]);
    } catch (error) {
      for (const { reject } of take()) reject(error);
    }
  };

  return {
    add: (lease, ttlMs) =>
      new Promise((resolve, reject) => {
        waiting.push({ lease, ttlMs, resolve, reject });
        if (isAsked) return;
        isAsked = true;
        void flush();
      }),
  };
}
