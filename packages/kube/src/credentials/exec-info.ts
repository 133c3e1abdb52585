import type { Connection } from '../kubeconfig/connection.ts';
import type { ExecPlugin } from '../kubeconfig/types.ts';

/** The value of KUBERNETES_EXEC_INFO: an ExecCredential with what the plugin may know (client.authentication.k8s.io). */
export function toExecInfo(connection: Connection, plugin: ExecPlugin): string {
  const spec = { interactive: false, ...(plugin.provideClusterInfo && { cluster: clusterOf(connection) }) };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion: plugin.apiVersion, spec });
}

function clusterOf(connection: Connection): object {
  const { server, tlsServerName, insecureSkipTlsVerify, authority, proxyUrl, disableCompression, execConfig } = connection;
  return {
    server,
    'tls-server-name': tlsServerName,
    'insecure-skip-tls-verify': insecureSkipTlsVerify || undefined,
    'certificate-authority-data': authority === undefined ? undefined : Buffer.from(authority.pem, 'utf8').toString('base64'),
    'proxy-url': proxyUrl,
    'disable-compression': disableCompression || undefined,
    config: execConfig ?? null,
  };
}
