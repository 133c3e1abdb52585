/** Counts failed authentications by address. */
export interface Failures {
  /** Seconds until the address may try again; 0 where it may now. */
  blockedFor(address: string): number;
  count(address: string): void;
}

const windowMs = 60_000;
const maxAddresses = 10_000;

/** Makes a counter that blocks an address after `limit` failures in a minute. */
export function createFailures(limit: number, clock: () => number): Failures {
  const known = new Map<string, readonly number[]>();
  const recent = (address: string): readonly number[] => (known.get(address) ?? []).filter((at) => at > clock() - windowMs);
  return {
    blockedFor: (address) => {
      const times = recent(address);
      const oldest = times.at(-limit);
      return oldest === undefined ? 0 : Math.max(1, Math.ceil((oldest + windowMs - clock()) / 1000));
    },
    count: (address) => {
      const times = [...recent(address), clock()].slice(-limit);
      known.delete(address); // the newest are kept longest
      known.set(address, times);
      for (const oldest of known.keys()) {
        if (known.size <= maxAddresses) break;
        known.delete(oldest);
      }
    },
  };
}
