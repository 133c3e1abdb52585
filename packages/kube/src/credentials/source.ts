import { KubeError } from '../errors.ts';
import { readBoundedFile } from '../files.ts';
import type { KubeHost } from '../host.ts';
import type { Connection, UserCredential } from '../kubeconfig/connection.ts';
import { quote } from '../text.ts';
import { checkToken } from './bearer-token.ts';
import { createExecSource } from './exec-source.ts';
import type { ClientCertificate, Credential, CredentialSource } from './types.ts';

const maxTokenBytes = 256 * 1024;
const maxCertificateBytes = 1024 * 1024;
/** Rotated token files are read again after this time; client-go takes the same minute. */
const tokenFileTtlMs = 60_000;

/** What a source of credentials may use. */
export interface CredentialOptions {
  /** Of exec plugins, before their own variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly execTimeoutMs?: number | undefined;
}

/** Makes the source of a connection's credentials. Over plain http there are none, as in kubectl. */
export function createCredentialSource(host: KubeHost, connection: Connection, options: CredentialOptions): CredentialSource {
  const { user } = connection;
  if (connection.server.startsWith('http:')) return createFixedSource({}, secretsOf(user));
  if (user.exec !== undefined) return createExecSource(host, { connection, plugin: user.exec, ...options });
  if (user.tokenFile !== undefined || user.clientCertificate !== undefined || user.clientKey !== undefined)
    return createFileSource(host, connection);
  const certificate =
    user.clientCertificateData !== undefined && user.clientKeyData !== undefined
      ? { cert: user.clientCertificateData, key: user.clientKeyData }
      : undefined;
  return createFixedSource(
    { ...authorizationOf(connection, user.token), ...(certificate !== undefined && { certificate }) },
    secretsOf(user),
  );
}

function createFixedSource(credential: Credential, secrets: readonly string[]): CredentialSource {
  return { current: async () => credential, renew: async () => undefined, secrets: () => secrets, close: () => undefined };
}

function createFileSource(host: KubeHost, connection: Connection): CredentialSource {
  const seen = new Set(secretsOf(connection.user));
  let latest: { readonly credential: Credential; readonly readAt: number } | undefined;
  const read = async (signal: AbortSignal | undefined): Promise<Credential> => {
    const credential = await readCredential(connection, signal);
    for (const secret of [credential.authorization?.replace(/^\w+ /, ''), credential.certificate?.key])
      if (secret !== undefined) seen.add(secret);
    // The same object while nothing changed, so that "newer than the refused one" can be told.
    const kept = latest !== undefined && isEqual(latest.credential, credential) ? latest.credential : credential;
    latest = { credential: kept, readAt: host.now() };
    return kept;
  };
  return {
    current: async (signal) => {
      const age = latest === undefined ? Infinity : host.now() - latest.readAt;
      return latest !== undefined && age >= 0 && age < tokenFileTtlMs ? latest.credential : read(signal);
    },
    renew: async (refused, signal) => {
      const credential = await read(signal);
      return credential === refused ? undefined : credential;
    },
    secrets: () => [...seen],
    close: () => undefined,
  };
}

async function readCredential(connection: Connection, signal: AbortSignal | undefined): Promise<Credential> {
  const { user } = connection;
  const token = user.tokenFile === undefined ? user.token : await readToken(connection, user.tokenFile, signal);
  const certificate = await readCertificate(connection, signal);
  return { ...authorizationOf(connection, token), ...(certificate !== undefined && { certificate }) };
}

async function readToken({ userName, user }: Connection, path: string, signal: AbortSignal | undefined): Promise<string> {
  const what = `token file of user ${quote(userName)}`;
  try {
    const token = (await readBoundedFile(path, { what, maxBytes: maxTokenBytes, code: 'credential-invalid', signal })).trim();
    if (token === '') throw new KubeError('credential-invalid', `The ${what} ${quote(path, 200)} is empty.`);
    return token;
  } catch (error) {
    signal?.throwIfAborted();
    if (user.token === undefined) throw error;
    return user.token; // as in client-go, the inline token stands in for a file that can't be read
  }
}

async function readCertificate({ userName, user }: Connection, signal: AbortSignal | undefined): Promise<ClientCertificate | undefined> {
  const read = async (what: string, path: string | undefined): Promise<string | undefined> =>
    path === undefined
      ? undefined
      : readBoundedFile(path, {
          what: `${what} of user ${quote(userName)}`,
          maxBytes: maxCertificateBytes,
          code: 'credential-invalid',
          signal,
        });
  const cert = user.clientCertificateData ?? (await read('client certificate', user.clientCertificate));
  const key = user.clientKeyData ?? (await read('client key', user.clientKey));
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function authorizationOf({ userName, user }: Connection, token: string | undefined): Pick<Credential, 'authorization'> {
  if (token !== undefined) return { authorization: `Bearer ${checkToken(token, `The token of user ${quote(userName)}`)}` };
  if (user.username === undefined && user.password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user.username ?? ''}:${user.password ?? ''}`, 'utf8').toString('base64')}` };
}

function isEqual(a: Credential, b: Credential): boolean {
  return a.authorization === b.authorization && a.certificate?.cert === b.certificate?.cert && a.certificate?.key === b.certificate?.key;
}

function secretsOf(user: UserCredential): readonly string[] {
  return [user.token, user.password, user.clientKeyData].filter((secret) => secret !== undefined);
}
