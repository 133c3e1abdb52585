import type { Principal } from '@kw/agent';
import { type Auth, type Listening, tokenVerifier } from '@kw/http';

/** How the server is to be guarded. */
export interface AuthOptions {
  /** `token` (default): loopback is open to the same user, everybody else needs the token. `none`: everybody is let in. */
  readonly mode?: 'token' | 'none';
  /** Where another bind than loopback has none, one is made. */
  readonly token?: string;
  /** Names beside localhost under which it is reached without a token. */
  readonly hosts?: readonly string[];
  /** Origins whose pages may use it. */
  readonly corsOrigins?: readonly string[];
}

/** The doors of a bind, and what its user must be told. */
export interface ServerAuth {
  readonly auth: Auth;
  /** A token that was made for this start. */
  readonly madeToken?: string;
  readonly warnings: readonly string[];
}

const tokenBytes = 32;

/** Who holds the configured token. */
const tokenPrincipal: Principal = { issuer: 'token', subject: 'default' };

/** Decides who may come in. */
export function createServerAuth(
  { mode = 'token', token, hosts, corsOrigins }: AuthOptions,
  {
    local,
    listening,
    loopback,
    random,
  }: {
    readonly local: Principal;
    readonly listening: () => Listening;
    readonly loopback: boolean;
    readonly random: (bytes: number) => Uint8Array;
  },
): ServerAuth {
  const common = { listening, ...(hosts !== undefined && { hosts }), ...(corsOrigins !== undefined && { corsOrigins }) };
  if (mode === 'none') {
    const who = loopback ? 'Every user of this host' : 'Everybody who reaches this address';
    return { auth: { ...common, anyone: local }, warnings: [`--auth=none: ${who} can use your cluster through this server.`] };
  }
  const given = token === undefined || token === '' ? undefined : token;
  const madeToken = given === undefined && !loopback ? toBase64Url(random(tokenBytes)) : undefined;
  const secret = given ?? madeToken;
  const auth: Auth = { ...common, local, ...(secret !== undefined && { verify: tokenVerifier(secret, tokenPrincipal) }) };
  return { auth, warnings: [], ...(madeToken !== undefined && { madeToken }) };
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
