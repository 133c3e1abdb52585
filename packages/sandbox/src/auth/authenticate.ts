import { stringify } from 'yaml';
import type { User } from '../api/types.ts';
import type { Clock } from '../clock.ts';
import type { ClientCertificate, ServerCertificate } from '../http/listen.ts';
import type { ApiRequest } from '../http/messages.ts';
import type { Authority } from './certificates.ts';
import { createAuthority } from './certificates.ts';
import type { Tokens } from './tokens.ts';

/** Whom a kubeconfig is for. */
export interface Identity {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** Who gets in, and with what. */
export interface Authentication {
  readonly authenticate: (request: ApiRequest, client: ClientCertificate | undefined) => User | undefined;
  /** For HTTPS; undefined for plain HTTP. */
  readonly certificate: ServerCertificate | undefined;
  readonly authority: Authority;
  /** The administrator's certificate as a connection would show it. */
  readonly administrator: ClientCertificate;
  readonly kubeconfig: (server: string, identity?: Identity) => string;
}

/** What authentication is made of. */
export interface AuthenticationOptions {
  readonly mode: 'url' | 'tls';
  readonly tokens: Tokens;
  readonly clock: Clock;
}

const administrator: Identity = { user: 'kubernetes-admin', groups: ['system:masters'] };

function userOf({ commonName, organizations, fingerprint }: ClientCertificate): User {
  return {
    name: commonName,
    groups: [...organizations, 'system:authenticated'],
    ...(fingerprint === '' ? {} : { extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } }),
  };
}

/** Certificates and tokens for HTTPS, or the secret of the URL for plain HTTP. */
export function createAuthentication({ mode, tokens, clock }: AuthenticationOptions): Authentication {
  const authority = createAuthority('kubernetes-ca');
  const shown: ClientCertificate = { commonName: administrator.user, organizations: administrator.groups ?? [], fingerprint: '' };
  const server =
    mode === 'tls'
      ? authority.issue({
          commonName: 'kube-apiserver',
          addresses: ['127.0.0.1'],
          names: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'],
        })
      : undefined;
  return {
    certificate: server && { certificate: server.certificate, key: server.key, clientAuthority: authority.certificate },
    authority,
    administrator: shown,
    authenticate(request, client) {
      const bearer = request.headers.get('authorization')?.match(/^Bearer (.+)$/i)?.[1];
      if (client) return userOf(client);
      if (bearer !== undefined) return tokens.verify(bearer, clock.now());
      return mode === 'url' ? userOf(shown) : undefined;
    },
    kubeconfig(url, identity = administrator) {
      const encode = (text: string): string => Buffer.from(text).toString('base64');
      const client = authority.issue({ commonName: identity.user, organizations: identity.groups ?? [] });
      const impersonated = identity.user === administrator.user ? {} : { as: identity.user, 'as-groups': identity.groups ?? [] };
      return stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'sandbox',
        clusters: [
          {
            name: 'sandbox',
            cluster: { server: url, ...(mode === 'tls' ? { 'certificate-authority-data': encode(authority.certificate) } : {}) },
          },
        ],
        contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: identity.user, namespace: 'default' } }],
        users: [
          {
            name: identity.user,
            user:
              mode === 'tls'
                ? { 'client-certificate-data': encode(client.certificate), 'client-key-data': encode(client.key) }
                : impersonated,
          },
        ],
      });
    },
  };
}
