import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import { quote } from '../text.ts';
import { readCertificateAuthority } from './certificate-authority.ts';
import type { Connection } from './connection.ts';
import { inClusterContext, isInCluster, loadInCluster } from './in-cluster.ts';
import { describeFiles, isEmptyKubeconfig } from './load.ts';
import { resolveUser } from './resolve-user.ts';
import { normalizeServerUrl, parseProxyUrl } from './server-url.ts';
import type { Kubeconfig, KubeconfigCluster, KubeconfigContext } from './types.ts';

/** Which context is meant. */
export interface ContextWish {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Names that a message lists at most. */
const maxListedContexts = 20;

/**
 * Resolves a context to one cluster and one caller: the wished one, else the current one, else the pod's own cluster where no
 * kubeconfig says anything. Throws `unknown-context` (with the known ones), `no-context`, `no-cluster`, `kubeconfig-invalid`.
 */
export async function resolveConnection(host: KubeHost, config: Kubeconfig, wish: ContextWish = {}): Promise<Connection> {
  const wished = wish.context ?? config.currentContext;
  const known = wished === undefined ? undefined : config.contexts.get(wished);
  if (known === undefined && mayBeInCluster(host, config, wished))
    return withNamespace(await loadInCluster(host, wish.signal), wish.namespace);
  if (known !== undefined) return withNamespace(await connectionOf(host, config, known, wish.signal), wish.namespace);
  if (isEmptyKubeconfig(config) && wish.context === undefined) {
    throw new KubeError(
      'no-cluster',
      `There is no cluster: no kubeconfig at ${describeFiles(config)}, and this is not a pod. Set KUBECONFIG or name a kubeconfig.`,
    );
  }
  if (wished === undefined) {
    throw new KubeError(
      'no-context',
      `No context is chosen: the kubeconfig ${describeFiles(config)} has no current-context. ${knownContexts(host, config)}`,
    );
  }
  throw new KubeError(
    'unknown-context',
    `There is no context ${quote(wished)} in the kubeconfig ${describeFiles(config)}. ${knownContexts(host, config)}`,
    {
      details: { context: wished },
    },
  );
}

/** The contexts that may be wished for, in the order of the files; a pod's own cluster last. */
export function listContexts(host: KubeHost, config: Kubeconfig): readonly string[] {
  const names = [...config.contexts.keys()];
  return isInCluster(host) && !names.includes(inClusterContext) ? [...names, inClusterContext] : names;
}

function mayBeInCluster(host: KubeHost, config: Kubeconfig, wished: string | undefined): boolean {
  return isInCluster(host) && (wished === inClusterContext || (wished === undefined && isEmptyKubeconfig(config)));
}

function knownContexts(host: KubeHost, config: Kubeconfig): string {
  const names = listContexts(host, config);
  if (names.length === 0) return 'It knows no context.';
  const more = names.length > maxListedContexts ? ` and ${names.length - maxListedContexts} more` : '';
  return `Known contexts: ${names
    .slice(0, maxListedContexts)
    .map((name) => quote(name))
    .join(', ')}${more}.`;
}

function withNamespace(connection: Connection, namespace: string | undefined): Connection {
  const chosen = namespace === undefined || namespace === '' ? connection.namespace : namespace;
  if (chosen === undefined) return connection;
  // The label of RFC 1123 that names a namespace.
  if (chosen.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(chosen)) {
    throw new KubeError(
      'kubeconfig-invalid',
      `${quote(chosen)} can't be the name of a namespace: lower-case letters, digits and "-", at most 63.`,
    );
  }
  return { ...connection, namespace: chosen };
}

async function connectionOf(
  host: KubeHost,
  config: Kubeconfig,
  context: KubeconfigContext,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const where = `context ${quote(context.name)} in ${quote(context.source, 200)}`;
  const refuse = (problem: string): KubeError => new KubeError('kubeconfig-invalid', problem);
  if (context.cluster === '') throw refuse(`The ${where} names no cluster.`);
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined) throw refuse(`The ${where} names the cluster ${quote(context.cluster)}, which no kubeconfig file has.`);
  const user = config.users.get(context.user);
  if (user === undefined && context.user !== '')
    throw refuse(`The ${where} names the user ${quote(context.user)}, which no kubeconfig file has.`);
  const server = await resolveServer(cluster, user !== undefined && hasCertificate(user), signal);
  return {
    context: context.name,
    userName: context.user === '' ? 'system:anonymous' : context.user,
    ...(context.namespace !== undefined && { namespace: context.namespace }),
    ...server,
    ...(cluster.execConfig !== undefined && { execConfig: cluster.execConfig }),
    user: user === undefined ? {} : resolveUser(host, user),
    ...(user?.impersonate !== undefined && { impersonate: user.impersonate }),
  };
}

function hasCertificate(user: { readonly clientCertificate?: string; readonly clientCertificateData?: string }): boolean {
  return user.clientCertificate !== undefined || user.clientCertificateData !== undefined;
}

async function resolveServer(
  cluster: KubeconfigCluster,
  userHasCertificate: boolean,
  signal: AbortSignal | undefined,
): Promise<Pick<Connection, 'server' | 'authority' | 'insecureSkipTlsVerify' | 'tlsServerName' | 'proxyUrl' | 'disableCompression'>> {
  const {
    certificateAuthority: file,
    certificateAuthorityData: text,
    insecureSkipTlsVerify,
    tlsServerName,
    proxyUrl,
    disableCompression,
  } = cluster;
  const place = `cluster ${quote(cluster.name)} in ${quote(cluster.source, 200)}`;
  const refuse = (problem: string): KubeError => new KubeError('kubeconfig-invalid', `The ${place} ${problem}`);
  if (cluster.server === undefined) throw refuse('has no server.');
  if (file !== undefined && text !== undefined) throw refuse('has both certificate-authority and certificate-authority-data; keep one.');
  const hasAuthority = file !== undefined || text !== undefined;
  if (hasAuthority && insecureSkipTlsVerify) throw refuse('has a certificate authority and insecure-skip-tls-verify: true; keep one.');
  if (proxyUrl !== undefined) parseProxyUrl(proxyUrl, place);
  return {
    server: normalizeServerUrl(cluster.server, { place, hasTlsSettings: hasAuthority || insecureSkipTlsVerify || userHasCertificate }),
    ...(hasAuthority && { authority: await readCertificateAuthority({ file, text, place, signal }) }),
    insecureSkipTlsVerify,
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    disableCompression,
  };
}
