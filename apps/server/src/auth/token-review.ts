import { createHash } from 'node:crypto';
import { KwError, type Principal } from '@kw/agent';
import { type Access, scopesOf, type Verified, type Verifier } from './verified.ts';

/** What the cluster says of a token. */
export interface Review {
  readonly authenticated: boolean;
  readonly user?: string;
  readonly groups: readonly string[];
  readonly audiences: readonly string[];
}

/** How tokens are judged by the cluster. */
export interface TokenReviewOptions {
  /** Asks the cluster. */
  readonly review: (token: string, audiences: readonly string[]) => Promise<Review>;
  /** Absent: the cluster's own audience. */
  readonly audience?: string;
  readonly access?: readonly Access[];
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The cluster is asked again after this, so that a token that was taken back is not taken for long. */
const keptMs = 60_000;
const maxKept = 10_000;

/** Judges tokens by asking the cluster (TokenReview). */
export function tokenReviewVerifier({ review, audience, access, now = Date.now }: TokenReviewOptions): Verifier {
  const kept = new Map<string, { readonly verified: Promise<Verified | undefined>; readonly until: number }>();
  const ask = async (token: string): Promise<Verified | undefined> => {
    const { authenticated, user, groups, audiences } = await review(token, audience === undefined ? [] : [audience]).catch(
      (cause: unknown) => {
        throw new KwError('auth-unavailable', 'The cluster does not say whether the token is right. Try again in a moment.', { cause });
      },
    );
    if (!authenticated || user === undefined || user === '') return undefined;
    if (audience !== undefined && !audiences.includes(audience)) return undefined;
    const principal: Principal = { issuer: 'kubernetes', subject: user, name: user, ...(groups.length > 0 && { groups }) };
    const expiresAt = expiryOf(token);
    return { caller: { principal, scopes: scopesOf(access, { user, groups }) }, ...(expiresAt !== undefined && { expiresAt }) };
  };
  return async (token) => {
    const key = createHash('sha256').update(token).digest('base64');
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.verified;
    const until = Math.min(now() + keptMs, expiryOf(token) ?? Number.POSITIVE_INFINITY);
    const verified = ask(token);
    kept.delete(key);
    kept.set(key, { verified, until });
    for (const [oldest, entry] of kept) {
      if (kept.size <= maxKept && entry.until > now()) break;
      kept.delete(oldest);
    }
    // only what was right is kept
    const forget = (): void => {
      if (kept.get(key)?.verified === verified) kept.delete(key);
    };
    verified.then((found) => found === undefined && forget(), forget);
    return verified;
  };
}

/** When a token says that it ends; believed only to ask the cluster sooner. */
function expiryOf(token: string): number | undefined {
  const [, payload] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    const exp: unknown = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined; // not a JWT
  }
}
