import type { Principal } from '@kw/agent';
import type { Caller } from '../options.ts';

/** A configured token and whose it is. */
export interface KnownToken {
  readonly token: string;
  readonly caller: Caller;
}

/** A verifier of one configured token: compares hashes, in a time that tells nothing of the token. */
export function tokenVerifier(token: string, principal: Principal): (given: string) => Promise<Principal | undefined> {
  const verify = tokensVerifier([{ token, caller: { principal } }]);
  return async (given) => (await verify(given))?.principal;
}

/** A verifier of several: each given token is compared with all of them, so that the time tells neither a token nor which one it was. */
export function tokensVerifier(tokens: readonly KnownToken[]): (given: string) => Promise<Caller | undefined> {
  const known = Promise.all(tokens.map(async ({ token, caller }) => ({ hash: await digest(token), caller })));
  return async (given) => {
    const hash = await digest(given);
    let found: Caller | undefined;
    for (const candidate of await known) if (isEqual(candidate.hash, hash)) found = candidate.caller;
    return found;
  };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
