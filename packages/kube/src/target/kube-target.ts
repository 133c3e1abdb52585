import { crypto } from '../builtins.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import type { Impersonation } from '../kubeconfig/types.ts';

/** As whom commands act, where that is not what the kubeconfig says. */
export interface ActingUser {
  /** `impersonation`: the kubeconfig's user asks in this one's name. `token`: with this user's own token. */
  readonly via: 'impersonation' | 'token';
  readonly user: string;
  readonly groups?: readonly string[];
}

/** Where a run acts and as whom: made once, without secrets, fit for a log. */
export interface KubeTarget {
  /** The API server's URL. */
  readonly server: string;
  /** SHA-256 of the certificates of the CA, hex; `system` for the system's authorities, `insecure` where nothing is checked, `none` over plain http. */
  readonly caHash: string;
  readonly context: string;
  readonly user: string;
  /** The namespace that is meant where none is named. */
  readonly namespace?: string;
  /** As whom commands act, where that is not what the kubeconfig says. */
  readonly as?: ActingUser;
  /** SHA-256 over server, CA, TLS server name, context, user, impersonation and acting user, hex. */
  readonly fingerprint: string;
}

/** The loggable part of a connection. */
export function toKubeTarget(connection: Connection, as?: ActingUser): KubeTarget {
  const { server, context, userName: user, namespace, impersonate, tlsServerName } = connection;
  const caHash = caHashOf(connection);
  const identity = ['kube-target-1', server, caHash, tlsServerName ?? '', context, user, impersonationKey(impersonate), ...actingKey(as)];
  const fingerprint = crypto().createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return { server, caHash, context, user, ...(namespace !== undefined && { namespace }), ...(as !== undefined && { as }), fingerprint };
}

function caHashOf({ server, authority, insecureSkipTlsVerify }: Connection): string {
  if (server.startsWith('http:')) return 'none';
  if (insecureSkipTlsVerify) return 'insecure';
  return authority?.hash ?? 'system';
}

function impersonationKey(impersonate: Impersonation | undefined): string {
  if (impersonate === undefined) return '';
  const extra = [...(impersonate.extra ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([impersonate.user, impersonate.uid ?? '', impersonate.groups ?? [], extra]);
}

/** Nothing where nobody else acts, so that fingerprints of earlier runs stay what they were. */
function actingKey(as: ActingUser | undefined): readonly string[] {
  return as === undefined ? [] : [JSON.stringify([as.via, as.user, as.groups ?? []])];
}
