/** How a server is started or reached. */
export type UpstreamTransport =
  | { readonly type: 'stdio'; readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | { readonly type: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** How we show who we are to a server that is reached by URL. */
export type UpstreamAuth =
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'api-key'; readonly header: string; readonly key: string }
  | {
      readonly type: 'oauth';
      readonly clientId?: string;
      readonly clientSecret?: string;
      readonly scope?: string;
      /** The HTTPS address of a document that describes this client. */
      readonly clientMetadataUrl?: string;
      /** Where the browser comes back to; default a free port. */
      readonly redirectPort?: number;
    };

/** One MCP server of the configuration. */
export interface UpstreamConfig {
  readonly name: string;
  readonly transport: UpstreamTransport;
  readonly auth?: UpstreamAuth;
  /** Of one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly description?: string;
  /** True: whatever it says is taken. False: nothing is, until it is approved. Absent: its first use is remembered, changes are disabled. */
  readonly trust?: boolean;
  /** Names of tools, `*` at the end matches any rest; absent: all. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly enabled: boolean;
  /** False: its tools keep their names where no other tool has them. */
  readonly prefix: boolean;
  /** The certificate of its address is not to be verified: kept by whoever gives `fetch`. */
  readonly skipVerifySsl?: boolean;
  /** True where a variable changed what is started or reached. */
  readonly overridden?: boolean;
  /** Why it cannot be used as it is configured, such as a variable that is not set. */
  readonly problem?: string;
}

/** The limit of a request where the configuration names none, in milliseconds. */
export const defaultTimeoutMs = 60_000;

/** What is started or reached, in one line for people; without values of headers and variables. */
export function placeOf({ transport }: UpstreamConfig): string {
  return transport.type === 'http' ? withoutUserinfo(transport.url) : [transport.command, ...transport.args].map(quoted).join(' ');
}

/** Every value of a server's configuration that nobody may see. */
export function secretsOf({ transport, auth }: UpstreamConfig): readonly string[] {
  const values =
    transport.type === 'http' ? [...Object.entries(transport.headers), ...queryOf(transport.url)] : Object.entries(transport.env);
  const named = values.filter(([name]) => /auth|token|secret|key|pass|cookie|credential/i.test(name)).map(([, value]) => value);
  return [...named, ...authSecrets(auth)].filter((value) => value.length >= minSecretLength);
}

function queryOf(url: string): readonly (readonly [string, string])[] {
  return URL.canParse(url) ? [...new URL(url).searchParams] : [];
}

const minSecretLength = 8;

function authSecrets(auth: UpstreamAuth | undefined): readonly string[] {
  switch (auth?.type) {
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, btoa(`${auth.username}:${auth.password}`)];
    case 'api-key':
      return [auth.key];
    case 'oauth':
      return auth.clientSecret === undefined ? [] : [auth.clientSecret];
    case undefined:
      return [];
  }
}

function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
