import type { Principal } from '@kw/agent';

/** Tokens that users brought along, in the memory of this process only. */
export interface TokenVault {
  /** Keeps a user's latest token until it expires, or for a while after its last use where that is not known. */
  remember(by: Principal, token: string, expiresAt?: number): void;
  /** The token of a label (see {@link labelOf}); undefined where there is none that holds. */
  find(label: string): string | undefined;
  has(by: Principal): boolean;
}

const keptMs = 10 * 60_000;
const maxKept = 10_000;

/** Makes an empty vault. */
export function createTokenVault(now: () => number = Date.now): TokenVault {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  const find = (label: string): string | undefined => {
    const found = kept.get(label);
    if (found === undefined || found.until > now()) return found?.token;
    kept.delete(label);
    return undefined;
  };
  return {
    remember: (by, token, expiresAt = now() + keptMs) => {
      const label = labelOf(by);
      kept.delete(label); // the latest stands last
      kept.set(label, { token, until: expiresAt });
      for (const [oldest, { until }] of kept) {
        if (kept.size <= maxKept && until > now()) break;
        kept.delete(oldest);
      }
    },
    find,
    has: (by) => find(labelOf(by)) !== undefined,
  };
}

/** A user for people, and no other user's label: the name alone may change hands, and who has a configured token is none of the cluster's users. */
export function labelOf({ issuer, subject, name }: Principal): string {
  const label = name === undefined || name === subject ? plain(subject) : `${plain(name)} (${plain(subject)})`;
  return issuer === 'token' ? `(token) ${label}` : label;
}

/** Without what sets names and subjects apart. */
function plain(part: string): string {
  return part.replaceAll(/[()\\]/g, String.raw`\$&`);
}
