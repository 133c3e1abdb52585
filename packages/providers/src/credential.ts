import { isKwError, KwError } from './error.ts';

/** What a credential is made of. */
export interface CredentialOptions {
  readonly apiKey?: string | undefined;
  /** Gives a short-lived key. Asked again after ten minutes, and once where the server does not accept it. */
  readonly accessToken?: (() => Promise<string>) | undefined;
  /** The header of `apiKey`. Default `authorization`. */
  readonly keyHeader?: string | undefined;
  readonly monotonic: () => number;
}

/** The key of a client: it stays on one origin and is known to the scrubber. */
export interface Credential {
  /** The header that carries it; undefined where there is none. Throws KwError `api-key-not-found` where no token can be had. */
  header(): Promise<readonly [name: string, value: string] | undefined>;
  /** Forgets a token that was not accepted; false where there is none to renew. */
  renew(): boolean;
  /** The secret itself, for the scrubber. */
  inUse(): string | undefined;
}

const tokenLifeMs = 10 * 60_000;

/** Makes a credential of a key or of a source of tokens. */
export function createCredential({ apiKey, accessToken, keyHeader = 'authorization', monotonic }: CredentialOptions): Credential {
  let token: { readonly text: string; readonly sinceMs: number } | undefined;
  const freshToken = async (ask: () => Promise<string>): Promise<string> => {
    if (token !== undefined && monotonic() - token.sinceMs < tokenLifeMs) return token.text;
    const text = await tokenOf(ask);
    token = { text, sinceMs: monotonic() };
    return text;
  };
  return {
    header: async () => {
      if (apiKey !== undefined) return keyHeader === 'authorization' ? [keyHeader, `Bearer ${apiKey}`] : [keyHeader, apiKey];
      return accessToken === undefined ? undefined : ['authorization', `Bearer ${await freshToken(accessToken)}`];
    },
    renew: () => {
      const had = token !== undefined;
      token = undefined;
      return had;
    },
    inUse: () => apiKey ?? token?.text,
  };
}

async function tokenOf(ask: () => Promise<string>): Promise<string> {
  try {
    const text = (await ask()).trim();
    if (text !== '' && !/\s/.test(text)) return text;
    throw new KwError('api-key-not-found', 'API key not found: the access token is empty or holds blanks');
  } catch (error) {
    if (isKwError(error)) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new KwError('api-key-not-found', `API key not found: no access token could be had: ${said}`, { cause: error });
  }
}
