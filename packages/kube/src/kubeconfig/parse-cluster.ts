import { optionalBase64, optionalBoolean, optionalFields, optionalLine, optionalList, toFields } from './fields.ts';
import type { Fields } from './fields.ts';
import { besideFile } from './paths.ts';
import type { KubeconfigCluster } from './types.ts';
import { toPlain } from './yaml.ts';

/** The extension of a cluster that is handed to exec plugins (client.authentication.k8s.io, `Cluster.config`). */
export const execExtension: string = 'client.authentication.k8s.io/exec';

/** Parses `clusters[].cluster`. */
export function parseCluster(name: string, fields: Fields): KubeconfigCluster {
  const { source } = fields;
  const server = optionalLine(fields, 'server');
  const authority = optionalLine(fields, 'certificate-authority');
  const certificateAuthorityData = optionalBase64(fields, 'certificate-authority-data');
  const tlsServerName = optionalLine(fields, 'tls-server-name');
  const proxyUrl = optionalLine(fields, 'proxy-url');
  const execConfig = execConfigOf(fields);
  return {
    name,
    source,
    ...(server !== undefined && { server }),
    ...(authority !== undefined && { certificateAuthority: besideFile(authority, source) }),
    ...(certificateAuthorityData !== undefined && { certificateAuthorityData }),
    insecureSkipTlsVerify: optionalBoolean(fields, 'insecure-skip-tls-verify'),
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    disableCompression: optionalBoolean(fields, 'disable-compression'),
    ...(execConfig !== undefined && { execConfig }),
  };
}

function execConfigOf(fields: Fields): unknown {
  for (const [index, value] of optionalList(fields, 'extensions').entries()) {
    const extension = toFields(value, fields.source, `${fields.path}.extensions[${index}]`);
    if (extension.entries.get('name') !== execExtension) continue;
    return toPlain(optionalFields(extension, 'extension')?.entries);
  }
  return undefined;
}
