import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { KwError } from '@kw/agent';
import { isRecord, jsonObject, textOf } from '../json.ts';
import type { PrivateFile } from '../trust/file-store.ts';
import type { UpstreamAuth, UpstreamConfig } from './config.ts';

/** What a sign-in is made with. */
export interface SignInOptions {
  readonly auth: Extract<UpstreamAuth, { type: 'oauth' }>;
  readonly config: UpstreamConfig;
  /** Keeps registrations and tokens. */
  readonly file: PrivateFile;
  /** Where the browser comes back to. */
  readonly redirectUrl: string;
  /** Lets the user agree at a page and gives the code that the browser came back with; absent: nobody can, and the sign-in is asked for. */
  readonly authorize?: (page: URL, state: string) => Promise<string>;
  /** Told of each token, so that it can be hidden. */
  readonly onSecret?: (value: string) => void;
}

/** The SDK's provider, and the code that waits to be exchanged. */
export interface SignIn extends OAuthClientProvider {
  takeCode(): string | undefined;
}

/** A sign-in over a private file, bound to the server's address. */
export function signIn({ auth, config, file, redirectUrl, authorize, onSecret }: SignInOptions): SignIn {
  const { transport } = config;
  const key = `${config.name} ${transport.type === 'http' ? transport.url : ''}`;
  const state = crypto.randomUUID();
  let verifier = '';
  let code: string | undefined;
  const tell = (tokens: OAuthTokens | undefined): void => {
    for (const value of [tokens?.access_token, tokens?.refresh_token]) if (value !== undefined) onSecret?.(value);
  };
  const read = async (part: 'client' | 'tokens'): Promise<unknown> => {
    const stored = await file.get(key);
    return isRecord(stored) ? stored[part] : undefined;
  };
  const write = async (part: 'client' | 'tokens', value: object | undefined): Promise<void> => {
    const stored = await file.get(key);
    const rest = Object.entries(isRecord(stored) ? jsonObject(stored) : {}).filter(([name]) => name !== part);
    await file.set(key, Object.fromEntries(value === undefined ? rest : [...rest, [part, jsonObject(value)]]));
  };
  return {
    takeCode: () => {
      const taken = code;
      code = undefined;
      return taken;
    },
    redirectUrl,
    clientMetadata: {
      client_name: 'kubelet-wuhrai',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: auth.clientSecret === undefined ? 'none' : 'client_secret_post',
      ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    },
    ...(auth.clientMetadataUrl === undefined ? {} : { clientMetadataUrl: auth.clientMetadataUrl }),
    state: () => state,
    clientInformation: async () => {
      const stored = clientOf(await read('client'));
      if (auth.clientId === undefined) return stored;
      const issuer = stored?.client_id === auth.clientId ? stored.issuer : undefined; // the first server that accepted it
      return {
        client_id: auth.clientId,
        ...(auth.clientSecret === undefined ? {} : { client_secret: auth.clientSecret }),
        ...(issuer === undefined ? {} : { issuer }),
      };
    },
    saveClientInformation: async (information) => {
      const { client_secret: secret } = information;
      if (secret !== undefined) onSecret?.(secret);
      // A secret of the configuration stays there.
      await write('client', auth.clientSecret === undefined ? information : { ...information, client_secret: undefined });
    },
    tokens: async () => {
      const tokens = tokensOf(await read('tokens'));
      tell(tokens);
      return tokens;
    },
    saveTokens: async (tokens) => {
      tell(tokens);
      await write('tokens', tokens);
    },
    redirectToAuthorization: async (page) => {
      if (authorize === undefined)
        throw new KwError('mcp-login-needed', `it wants you to sign in: kubelet-wuhrai mcp login ${config.name}`);
      code = await authorize(page, state);
    },
    saveCodeVerifier: (value) => {
      verifier = value;
    },
    codeVerifier: () => verifier,
    invalidateCredentials: async (scope) => {
      if (scope === 'all' || scope === 'tokens') await write('tokens', undefined);
      if (scope === 'all' || scope === 'client') await write('client', undefined);
    },
  };
}

function clientOf(value: unknown): OAuthClientInformationMixed | undefined {
  if (!isRecord(value) || typeof value['client_id'] !== 'string') return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was saved is given back unchanged
  return value as OAuthClientInformationMixed;
}

function tokensOf(value: unknown): OAuthTokens | undefined {
  if (!isRecord(value) || textOf(value, 'access_token') === undefined) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was saved is given back unchanged
  return value as OAuthTokens;
}
