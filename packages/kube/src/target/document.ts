import type { Connection, UserCredential } from '../kubeconfig/connection.ts';
import { execExtension } from '../kubeconfig/parse-cluster.ts';
import type { ExecPlugin, Impersonation } from '../kubeconfig/types.ts';

/**
 * A kubeconfig with this one cluster, user and context, as JSON (which is YAML). Tokens and certificates that were inline stay
 * inline, files stay files so that rotated ones are read, the CA is always inline: it is what was frozen.
 */
export function toKubeconfigDocument(connection: Connection): string {
  const { context, userName, namespace = 'default' } = connection; // said aloud: in a pod kubectl takes the pod's namespace for none
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'target', cluster: clusterOf(connection) }],
    users: [{ name: userName, user: { ...userOf(connection.user), ...impersonationOf(connection.impersonate) } }],
    contexts: [{ name: context, context: { cluster: 'target', user: userName, namespace } }],
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

function clusterOf(connection: Connection): object {
  const { server, authority, insecureSkipTlsVerify, tlsServerName, proxyUrl, disableCompression, execConfig } = connection;
  return {
    server,
    'certificate-authority-data': authority === undefined ? undefined : toBase64(authority.pem),
    'insecure-skip-tls-verify': insecureSkipTlsVerify || undefined,
    'tls-server-name': tlsServerName,
    'proxy-url': proxyUrl,
    'disable-compression': disableCompression || undefined,
    extensions: execConfig === undefined ? undefined : [{ name: execExtension, extension: execConfig }],
  };
}

function userOf(user: UserCredential): object {
  return {
    token: user.token,
    tokenFile: user.tokenFile,
    'client-certificate': user.clientCertificate,
    'client-certificate-data': user.clientCertificateData === undefined ? undefined : toBase64(user.clientCertificateData),
    'client-key': user.clientKey,
    'client-key-data': user.clientKeyData === undefined ? undefined : toBase64(user.clientKeyData),
    username: user.username,
    password: user.password,
    exec: user.exec === undefined ? undefined : execOf(user.exec),
  };
}

function execOf({ apiVersion, command, args, env, provideClusterInfo, installHint }: ExecPlugin): object {
  return {
    apiVersion,
    command,
    args,
    env,
    provideClusterInfo,
    // kubectl runs without a terminal here.
    interactiveMode: 'Never',
    installHint,
  };
}

function impersonationOf(impersonate: Impersonation | undefined): object {
  if (impersonate === undefined) return {};
  return {
    as: impersonate.user,
    'as-uid': impersonate.uid,
    'as-groups': impersonate.groups,
    'as-user-extra': impersonate.extra === undefined ? undefined : Object.fromEntries(impersonate.extra),
  };
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
