import { createHmac, randomBytes } from 'node:crypto';
import type { User } from '../api/types.ts';

/** Whom a token is for. */
export interface TokenClaims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly issued: number;
}

/** Issues tokens of service accounts and knows them again. */
export interface Tokens {
  issue(claims: TokenClaims): string;
  /** The service account, undefined for a token that this server did not issue or that has expired. */
  verify(token: string, now: number): User | undefined;
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

/** A source of tokens with a secret of its own. */
export function createTokens(): Tokens {
  const secret = randomBytes(32);
  const known = new Map<string, TokenClaims>();
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    issue(claims) {
      const { namespace, name, uid, audiences, expires, issued } = claims;
      const seconds = Math.floor(issued / 1000);
      const head = part({ alg: 'HS256', kid: 'sandbox' });
      const body = part({
        aud: audiences,
        exp: Math.floor(expires / 1000),
        iat: seconds,
        iss: issuer,
        jti: randomBytes(16).toString('hex'),
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
        nbf: seconds,
        sub: `system:serviceaccount:${namespace}:${name}`,
      });
      const token = `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
      known.set(token, claims);
      return token;
    },
    verify(token, now) {
      const claims = known.get(token);
      if (!claims || claims.expires <= now || !claims.audiences.includes(issuer)) return undefined;
      const { namespace, name, uid } = claims;
      return {
        name: `system:serviceaccount:${namespace}:${name}`,
        uid,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      };
    },
  };
}
