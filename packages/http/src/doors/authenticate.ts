import { isKwError, type Principal } from '@kw/agent';
import type { ApiError } from '../api-error.ts';
import type { Auth, Caller, Peer, Scope } from '../options.ts';
import type { Failures } from './failures.ts';

const forwardingHeaders: readonly string[] = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'x-envoy-external-address',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
];

const wayIn =
  'Send the header "Authorization: Bearer TOKEN" with the token that the server printed at its start, or that KW_AUTH_TOKEN or auth-token sets.';

/** What is open where nobody is asked who it is. */
const anyoneScopes: readonly Scope[] = ['read', 'chat', 'approve'];

// A request that was passed on by a proxy: its peer is not its sender.
function isForwarded(headers: Headers): boolean {
  return forwardingHeaders.some((name) => headers.has(name)) || [...headers.keys()].some((name) => name.startsWith('x-forwarded'));
}

/** Who sends a request; reads nothing but headers and the connection. */
export async function authenticate(headers: Headers, peer: Peer, auth: Auth, failures: Failures): Promise<Caller | ApiError> {
  const authorization = headers.get('authorization');
  if (authorization !== null && auth.verify !== undefined) return byToken(authorization, peer, auth.verify, failures);
  if (auth.anyone !== undefined) return { principal: auth.anyone, scopes: anyoneScopes };
  if (auth.local !== undefined && peer.loopback && !isForwarded(headers)) {
    if (await peer.sameUser()) return { principal: auth.local };
    if (auth.verify === undefined) {
      return {
        status: 403,
        code: 'other-user',
        message: 'This server answers only processes of the user who started it. Start one of your own, or have it started with a token.',
      };
    }
  }
  if (auth.verify === undefined) {
    return {
      status: 403,
      code: 'not-local',
      message: 'This server answers only its own host, and this request was passed on by a proxy. Start it with a token: KW_AUTH_TOKEN.',
    };
  }
  return unauthorized(`This server wants a token. ${wayIn}`);
}

/** Whether what {@link authenticate} gave is a refusal. */
export function isRefusal(result: Caller | ApiError): result is ApiError {
  return 'status' in result;
}

async function byToken(
  authorization: string,
  peer: Peer,
  verify: NonNullable<Auth['verify']>,
  failures: Failures,
): Promise<Caller | ApiError> {
  const seconds = failures.blockedFor(peer.address);
  if (seconds > 0) {
    return {
      status: 429,
      code: 'too-many-failures',
      message: `Too many wrong tokens from ${peer.address}. Try again in ${seconds} s.`,
      details: { address: peer.address, seconds },
      headers: { 'retry-after': String(seconds) },
    };
  }
  const token = /^bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
  try {
    const found = token === undefined ? undefined : await verify(token);
    if (found !== undefined) return toCaller(found);
  } catch (error) {
    const why = isKwError(error) ? error.message : 'The token cannot be checked at the moment.';
    return { status: 503, code: 'auth-unavailable', message: why, headers: { 'retry-after': '5' } };
  }
  failures.count(peer.address);
  return { ...unauthorized(`The token is not right. ${wayIn}`), details: { wrong: true } };
}

function unauthorized(message: string): ApiError {
  return { status: 401, code: 'unauthorized', message, headers: { 'www-authenticate': 'Bearer realm="kubelet-wuhrai"' } };
}

function toCaller(found: Caller | Principal): Caller {
  return 'principal' in found ? found : { principal: found };
}
