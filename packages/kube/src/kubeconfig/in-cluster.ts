import { join } from 'node:path';
import { net } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import { readBoundedFile } from '../files.ts';
import type { KubeHost } from '../host.ts';
import { quote } from '../text.ts';
import { readCertificateAuthority } from './certificate-authority.ts';
import type { Connection } from './connection.ts';

/** The name that a pod's own cluster has among the contexts. */
export const inClusterContext: string = 'in-cluster';

const maxTokenBytes = 256 * 1024;

/** Whether the surroundings are a pod's. */
export function isInCluster(host: KubeHost): boolean {
  return (host.env['KUBERNETES_SERVICE_HOST'] ?? '') !== '' && (host.env['KUBERNETES_SERVICE_PORT'] ?? '') !== '';
}

/** The cluster that this pod runs in, as its service account. Throws `no-cluster` where its files are missing. */
export async function loadInCluster(host: KubeHost, signal?: AbortSignal): Promise<Connection> {
  const directory = host.serviceAccountDirectory;
  const tokenFile = join(directory, 'token');
  const read = { maxBytes: maxTokenBytes, code: 'no-cluster', signal } as const;
  const token = await readBoundedFile(tokenFile, { ...read, what: 'service account token' }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new KubeError(
      'no-cluster',
      `KUBERNETES_SERVICE_HOST says that this is a pod, but its service account token ${quote(tokenFile, 200)} can't be read: ` +
        'set automountServiceAccountToken, or mount a kubeconfig and name it in KUBECONFIG.',
      { cause: error },
    );
  });
  const namespace = await readBoundedFile(join(directory, 'namespace'), { ...read, what: 'service account namespace' }).then(
    (text) => text.trim(),
    () => '',
  );
  const authority = await readCertificateAuthority({ file: join(directory, 'ca.crt'), place: 'this pod', signal });
  return {
    context: inClusterContext,
    userName: subjectOf(token) ?? 'service-account',
    ...(namespace !== '' && { namespace }),
    server: serverOf(host),
    authority,
    insecureSkipTlsVerify: false,
    disableCompression: false,
    user: { tokenFile },
  };
}

function serverOf(host: KubeHost): string {
  const name = host.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = host.env['KUBERNETES_SERVICE_PORT'] ?? '';
  const address = `https://${net().isIPv6(name) ? `[${name}]` : name}:${port}`;
  const url = URL.parse(address);
  if (url === null || url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new KubeError(
      'no-cluster',
      `KUBERNETES_SERVICE_HOST ${quote(name)} and KUBERNETES_SERVICE_PORT ${quote(port)} are not an address.`,
    );
  }
  return url.origin;
}

// Only a name for people and for comparing: the API server is who checks the token.
function subjectOf(token: string): string | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || !('sub' in claims) || typeof claims.sub !== 'string') return undefined;
    return /^[\w.:@/-]{1,253}$/.test(claims.sub) ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}
