import { KubeError } from '../errors.ts';
import { toFields, optionalFields, optionalString } from '../kubeconfig/fields.ts';
import type { ExecPlugin } from '../kubeconfig/types.ts';
import { parseYamlDocument } from '../kubeconfig/yaml.ts';
import { quote } from '../text.ts';
import { checkToken } from './bearer-token.ts';
import type { Credential } from './types.ts';

/** What an exec plugin answered. */
export interface ExecCredential {
  readonly credential: Credential;
  /** Milliseconds since 1970; undefined: as long as the process lives. */
  readonly expiresAt?: number;
  readonly secrets: readonly string[];
}

/** Parses the output of an exec plugin: an ExecCredential of the version that was asked for. Throws `exec-failed`. */
export async function parseExecCredential(
  output: string,
  from: { readonly plugin: ExecPlugin; readonly name: string },
): Promise<ExecCredential> {
  const { plugin, name } = from;
  const refuse = (problem: string, cause?: unknown): KubeError => new KubeError('exec-failed', `${name} ${problem}`, { cause });
  if (output.trim() === '') throw refuse('printed nothing; an ExecCredential was expected.');
  const { kind, apiVersion, hasStatus, token, cert, key, expiry } = await readFields(output).catch((error: unknown) => {
    throw refuse('did not print an ExecCredential (JSON).', error); // the text is not shown: it may be a secret
  });
  if (kind !== 'ExecCredential') throw refuse(`printed the kind ${quote(kind ?? '')}, not "ExecCredential".`);
  if (apiVersion !== plugin.apiVersion)
    throw refuse(`answered in apiVersion ${quote(apiVersion ?? '')}, but ${quote(plugin.apiVersion)} was asked for.`);
  if (!hasStatus) throw refuse('printed an ExecCredential without a status.');
  if ((cert === undefined) !== (key === undefined)) throw refuse('gave only one of clientCertificateData and clientKeyData.');
  if (token === undefined && cert === undefined) throw refuse('gave neither a token nor a client certificate.');
  const expiresAt = expiry === undefined ? undefined : Date.parse(expiry);
  if (Number.isNaN(expiresAt)) throw refuse(`gave the expirationTimestamp ${quote(expiry ?? '')}, which is not a time of RFC 3339.`);
  return {
    credential: {
      ...(token !== undefined && { authorization: `Bearer ${checkToken(token, `${name}: its token`)}` }),
      ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
    },
    ...(expiresAt !== undefined && { expiresAt }),
    secrets: [token, key].filter((secret) => secret !== undefined),
  };
}

async function readFields(output: string): Promise<{
  readonly hasStatus: boolean;
  readonly kind: string | undefined;
  readonly apiVersion: string | undefined;
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly expiry: string | undefined;
}> {
  const top = toFields(await parseYamlDocument(output, 'output'), 'output', '');
  const status = optionalFields(top, 'status');
  const inStatus = (field: string): string | undefined => (status === undefined ? undefined : optionalString(status, field));
  return {
    hasStatus: status !== undefined,
    kind: optionalString(top, 'kind'),
    apiVersion: optionalString(top, 'apiVersion'),
    token: inStatus('token'),
    cert: inStatus('clientCertificateData'),
    key: inStatus('clientKeyData'),
    expiry: inStatus('expirationTimestamp'),
  };
}
