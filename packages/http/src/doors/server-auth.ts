import type { Principal } from '@kw/agent';
import type { Auth, Caller, Listening, Scope } from '../options.ts';
import { type KnownToken, tokensVerifier } from './verify-token.ts';

/** A token of one person or program. */
export interface NamedToken {
  readonly name: string;
  readonly token: string;
  readonly scopes: readonly Scope[];
  readonly groups?: readonly string[];
}

/** Tokens that may be replaced while the server runs. */
export interface Tokens {
  /** The token of whoever is not named. */
  readonly token?: string;
  readonly tokens?: readonly NamedToken[];
}

/** How the server is to be guarded. */
export interface AuthOptions extends Tokens {
  /** `token` (default): loopback is open to the same user, everybody else needs a token. `verified`: tokens are judged by `verify`. `none`: everybody is let in. */
  readonly mode?: 'token' | 'verified' | 'none';
  /** Judges tokens that are none of the configured ones: those of an identity provider or of the cluster. */
  readonly verify?: (token: string) => Promise<Caller | undefined>;
  /** Loopback peers need a token, too. */
  readonly loopbackAuth?: boolean;
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
  /** Puts other tokens in the place of the configured ones; requests under way go on. */
  readonly replaceTokens: (tokens: Tokens) => void;
}

const tokenBytes = 32;
const ordinaryScopes: readonly Scope[] = ['read', 'chat', 'approve'];

/** Who holds the configured token that has no name. */
const unnamed: Caller = { principal: { issuer: 'token', subject: 'default' }, scopes: ordinaryScopes };

/** Decides who may come in. */
export function createServerAuth(
  options: AuthOptions,
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
  const { mode = 'token', verify: verifyOthers, loopbackAuth = false, hosts, corsOrigins } = options;
  const common = { listening, ...(hosts !== undefined && { hosts }), ...(corsOrigins !== undefined && { corsOrigins }) };
  if (mode === 'none') {
    const who = loopback ? 'Every user of this host' : 'Everybody who reaches this address';
    return {
      auth: { ...common, anyone: local },
      warnings: [`--auth=none: ${who} can use your cluster through this server.`],
      replaceTokens: () => undefined,
    };
  }
  const given = knownTokens(options);
  const needsOne = given.length === 0 && verifyOthers === undefined && (!loopback || loopbackAuth);
  const madeToken = needsOne ? toBase64Url(random(tokenBytes)) : undefined;
  const made: readonly KnownToken[] = madeToken === undefined ? [] : [{ token: madeToken, caller: unnamed }];
  let verifyKnown = tokensVerifier([...given, ...made]);
  let hasTokens = given.length + made.length > 0;
  const verify = async (token: string): Promise<Caller | undefined> => (await verifyKnown(token)) ?? verifyOthers?.(token);
  const auth: Auth = {
    ...common,
    ...(!loopbackAuth && { local }),
    get verify() {
      return hasTokens || verifyOthers !== undefined ? verify : undefined;
    },
  };
  return {
    auth,
    warnings: [],
    ...(madeToken !== undefined && { madeToken }),
    replaceTokens: (tokens) => {
      const known = [...knownTokens(tokens), ...made];
      hasTokens = known.length > 0 || !loopback || loopbackAuth; // a door that had a lock keeps one
      verifyKnown = tokensVerifier(known);
    },
  };
}

function knownTokens({ token, tokens = [] }: Tokens): readonly KnownToken[] {
  const first: readonly KnownToken[] = token === undefined || token === '' ? [] : [{ token, caller: unnamed }];
  return [
    ...first,
    ...tokens.map(({ name, token: secret, scopes, groups }) => ({ token: secret, caller: callerOf(name, scopes, groups) })),
  ];
}

/** Owner of what it makes is the name, so that a token can be changed without losing its sessions. */
function callerOf(name: string, scopes: readonly Scope[], groups: readonly string[] = []): Caller {
  return { principal: { issuer: 'token', subject: name, name, ...(groups.length > 0 && { groups }) }, scopes };
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
