import { isKwError, KwError, type Principal } from '@kw/agent';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { type Access, scopesOf, type Verifier } from './verified.ts';

/** An identity provider and what of its tokens counts. */
export interface OidcOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly usernameClaim: string;
  readonly usernamePrefix: string;
  readonly groupsClaim: string;
  readonly groupsPrefix: string;
  readonly access?: readonly Access[];
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Signatures by public keys only: a token signed with something that both sides know could be made by the verifier's readers. */
const algorithms: readonly string[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const clockToleranceSeconds = 30;
const timeoutMs = 5_000;
/** A key that is not known is looked for at most this often. */
const cooldownMs = 30_000;
const keysKeptMs = 10 * 60_000;
/** A provider that does not answer is asked again after this. */
const retryMs = 5_000;
const maxGroups = 500;

/** Judges tokens of an identity provider by its published keys: issuer, audience, time, signature. Its keys are fetched when the first token comes. */
export function oidcVerifier(options: OidcOptions): Verifier {
  const { issuer, audience, access, now = Date.now } = options;
  const keys = retried(() => loadKeys(options), now);
  return async (token) => {
    if (token.split('.').length !== 3) return undefined;
    const jose = await import('jose');
    let payload: JWTPayload;
    try {
      ({ payload } = await jose.jwtVerify(token, await keys(), {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(now()),
      }));
    } catch (error) {
      if (isKwError(error)) throw error;
      if (isWrongToken(error)) return undefined;
      throw unavailable(issuer, error);
    }
    const user = userOf(payload, options);
    if (user === undefined || typeof payload.sub !== 'string' || payload.sub === '') return undefined;
    const { name, groups } = user;
    const principal: Principal = { issuer, subject: payload.sub, name, ...(groups.length > 0 && { groups }) };
    return { caller: { principal, scopes: scopesOf(access, { user: name, groups }) }, expiresAt: (payload.exp ?? 0) * 1000 };
  };
}

const wrongTokenCodes: ReadonlySet<string> = new Set([
  'ERR_JWT_EXPIRED',
  'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'ERR_JWT_INVALID',
  'ERR_JWS_INVALID',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
]);

function isWrongToken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && wrongTokenCodes.has(error.code);
}

interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Undefined where the token names no user that may be one here: names of the system are the cluster's own. */
function userOf(payload: JWTPayload, { usernameClaim, usernamePrefix, groupsClaim, groupsPrefix }: OidcOptions): User | undefined {
  const written = payload[usernameClaim];
  if (typeof written !== 'string' || written === '') return undefined;
  if (usernameClaim === 'email' && (payload['email_verified'] === false || payload['email_verified'] === 'false')) return undefined;
  const name = `${usernamePrefix}${written}`;
  if (isOfSystem(name)) return undefined;
  const listed: unknown = payload[groupsClaim];
  const texts = (Array.isArray(listed) ? listed : [listed]).filter((group) => typeof group === 'string' && group !== '').map(String);
  const groups = texts.slice(0, maxGroups).map((group) => `${groupsPrefix}${group}`);
  return { name, groups: groups.filter((group) => !isOfSystem(group)) };
}

function isOfSystem(name: string): boolean {
  return name.trimStart().toLowerCase().startsWith('system:');
}

async function loadKeys({ issuer, fetch = globalThis.fetch }: OidcOptions): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json' },
    });
    if (!response.ok) throw new KwError('auth-unavailable', `${address} answered ${response.status}`);
    const document: unknown = await response.json();
    const keysAddress = field(document, 'jwks_uri');
    if (field(document, 'issuer') !== issuer || keysAddress === undefined)
      throw new KwError('auth-unavailable', `${address} is not the document of ${issuer}`);
    const keysUrl = new URL(keysAddress);
    if (keysUrl.protocol !== 'https:' && keysUrl.origin !== new URL(issuer).origin)
      throw new KwError('auth-unavailable', `${address} names keys at ${keysUrl.origin}, which is not https`);
    const { createRemoteJWKSet, customFetch } = await import('jose');
    return createRemoteJWKSet(keysUrl, {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: keysKeptMs,
      [customFetch]: (url: string, init: RequestInit) => fetch(url, { ...init, redirect: 'error' }),
    });
  } catch (error) {
    throw unavailable(issuer, error);
  }
}

function field(document: unknown, name: string): string | undefined {
  const value: unknown = typeof document === 'object' && document !== null ? Reflect.get(document, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function unavailable(issuer: string, cause: unknown): KwError {
  const why = isKwError(cause) ? `: ${cause.message}` : '';
  return new KwError('auth-unavailable', `The identity provider ${issuer} does not tell its keys${why}. Try again in a moment.`, { cause });
}

/** Made once; after a failure again, but not at every call. */
function retried<T>(make: () => Promise<T>, now: () => number): () => Promise<T> {
  let made: Promise<T> | undefined;
  let againAt = 0;
  return () => {
    if (made === undefined || (againAt > 0 && now() >= againAt)) {
      againAt = 0;
      made = make();
      made.catch(() => {
        againAt = now() + retryMs;
      });
    }
    return made;
  };
}
