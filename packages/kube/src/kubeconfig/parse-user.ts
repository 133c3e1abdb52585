import { invalid, optionalBase64, optionalFields, optionalLine, optionalString, optionalStrings, placeOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { besideFile } from './paths.ts';
import { parseExecPlugin } from './parse-exec.ts';
import type { Impersonation, KubeconfigUser } from './types.ts';

/** Parses `users[].user`. What can't be used is only refused when this user is chosen. */
export function parseUser(name: string, fields: Fields): KubeconfigUser {
  const { source } = fields;
  const token = optionalString(fields, 'token');
  const tokenFile = optionalPath(fields, 'tokenFile');
  const clientCertificate = optionalPath(fields, 'client-certificate');
  const clientCertificateData = optionalBase64(fields, 'client-certificate-data');
  const clientKey = optionalPath(fields, 'client-key');
  const clientKeyData = optionalBase64(fields, 'client-key-data');
  const username = optionalString(fields, 'username');
  const password = optionalString(fields, 'password');
  const exec = optionalFields(fields, 'exec');
  const authProvider = optionalFields(fields, 'auth-provider');
  const impersonate = parseImpersonation(fields);
  return {
    name,
    source,
    ...(token !== undefined && { token }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientCertificateData !== undefined && { clientCertificateData }),
    ...(clientKey !== undefined && { clientKey }),
    ...(clientKeyData !== undefined && { clientKeyData }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(exec !== undefined && { exec: parseExecPlugin(exec) }),
    ...(authProvider !== undefined && { authProvider: optionalLine(authProvider, 'name') ?? 'unnamed' }),
    ...(impersonate !== undefined && { impersonate }),
  };
}

function optionalPath(fields: Fields, name: string): string | undefined {
  const path = optionalLine(fields, name);
  return path === undefined ? undefined : besideFile(path, fields.source);
}

function parseImpersonation(fields: Fields): Impersonation | undefined {
  const user = optionalLine(fields, 'as');
  const uid = optionalLine(fields, 'as-uid');
  const groups = optionalStrings(fields, 'as-groups');
  const extraFields = optionalFields(fields, 'as-user-extra');
  const extra = new Map<string, readonly string[]>();
  for (const key of extraFields?.entries.keys() ?? []) {
    if (extraFields === undefined) break;
    if (typeof key !== 'string') throw invalid(fields.source, `${placeOf(fields, 'as-user-extra')} has a key that is not a string.`);
    extra.set(key.toLowerCase(), optionalStrings(extraFields, key));
  }
  if (user === undefined) {
    if (uid === undefined && groups.length === 0 && extra.size === 0) return undefined;
    throw invalid(fields.source, `${placeOf(fields, 'as')} is missing: as-uid, as-groups and as-user-extra need a user to impersonate.`);
  }
  return { user, ...(uid !== undefined && { uid }), ...(groups.length > 0 && { groups }), ...(extra.size > 0 && { extra }) };
}
