import type { Reader } from './given.ts';
import { bilingualError } from '../bilingual-error.ts';

/** What a caller of the service may do. */
export type ServiceScope = 'read' | 'chat' | 'approve' | 'admin';

/** A token of one person or program. */
export interface ServiceToken {
  readonly name: string;
  readonly token: string;
  readonly scopes: readonly ServiceScope[];
  readonly groups: readonly string[];
}

/** Who may do what: a user or a group. */
export interface AccessRule {
  readonly user?: string;
  readonly group?: string;
  readonly scopes: readonly ServiceScope[];
}

/** How users show who they are. */
export type AuthMode = 'token' | 'oidc' | 'kubernetes' | 'none';

/** As whom commands act in the cluster. */
export type ClusterIdentity = 'own' | 'impersonate' | 'pass-through';

/** An identity provider. */
export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly usernameClaim: string;
  readonly usernamePrefix: string;
  readonly groupsClaim: string;
  readonly groupsPrefix: string;
}

/** Settings of the service for teams. */
export interface ServiceConfig {
  readonly tokens: readonly ServiceToken[];
  /** Undefined: every known user may read, chat and approve. */
  readonly access?: readonly AccessRule[];
  readonly loopbackAuth: boolean;
  readonly trustedProxies: readonly string[];
  readonly oidc?: OidcConfig;
  readonly tokenReviewAudience?: string;
  readonly clusterIdentity: ClusterIdentity;
  readonly maxRunsPerUser?: number;
  readonly maxToolProcesses: number;
  readonly dailyTokens?: number;
  readonly dailyCost?: number;
  readonly allowedModels: readonly string[];
  readonly killSwitch: string;
  readonly retentionSeconds?: number;
  /** A file, or `-` for standard output. */
  readonly auditLog?: string;
}

/** What the file's lists say, parsed. */
export interface ServiceLists {
  readonly tokens: readonly ServiceToken[];
  readonly access?: readonly AccessRule[];
}

/** The settings that the values make. Throws KwError `bad-configuration` where they do not fit each other. */
export function resolveService(
  read: Reader,
  { lists, auth, stateDirectory }: { readonly lists: ServiceLists; readonly auth: AuthMode; readonly stateDirectory: string },
): ServiceConfig {
  const clusterIdentity = identityOf(read.text('cluster-identity'));
  checkIdentity(auth, clusterIdentity);
  if (clusterIdentity === 'impersonate' && auth === 'token' && (read.text('auth-token') !== undefined || lists.tokens.length === 0))
    throw bilingualError('bad-configuration', {
      en: 'cluster-identity: impersonate needs to know who asks: give each person a name and a token in auth-tokens, and leave auth-token out',
      zh: 'cluster-identity: impersonate 需要知道提问者：请在 auth-tokens 中为每人设置名称和令牌，并删除 auth-token',
    });
  const tokenReviewAudience = read.text('token-review-audience');
  if (auth === 'kubernetes' && clusterIdentity === 'own' && tokenReviewAudience === undefined && lists.access === undefined)
    throw bilingualError('bad-configuration', {
      en: 'auth: kubernetes with cluster-identity: own would let every service account of the cluster act as this service: set token-review-audience or access, or cluster-identity: impersonate',
      zh: 'auth: kubernetes 与 cluster-identity: own 会让集群的每个服务账号都以本服务的身份操作：请设置 token-review-audience 或 access，或 cluster-identity: impersonate',
    });
  const oidc = auth === 'oidc' ? oidcOf(read) : undefined;
  const given = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one key with the value's own type
    (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
  return Object.freeze({
    ...lists,
    loopbackAuth: read.on('loopback-auth') || clusterIdentity !== 'own',
    trustedProxies: read.list('trusted-proxy'),
    ...given('oidc', oidc),
    ...given('tokenReviewAudience', tokenReviewAudience),
    clusterIdentity,
    ...given('maxRunsPerUser', read.number('max-runs-per-user')),
    maxToolProcesses: read.number('max-tool-processes') ?? 16,
    ...given('dailyTokens', read.number('daily-tokens')),
    ...given('dailyCost', read.number('daily-cost')),
    allowedModels: read.list('allowed-models'),
    killSwitch: read.text('kill-switch') ?? `${stateDirectory}/kill-switch`,
    ...given('retentionSeconds', read.number('retention')),
    ...given('auditLog', read.text('audit-log')),
  });
}

function identityOf(text: string | undefined): ClusterIdentity {
  return text === 'impersonate' || text === 'pass-through' ? text : 'own';
}

function checkIdentity(auth: AuthMode, identity: ClusterIdentity): void {
  if (identity !== 'own' && auth === 'none')
    throw bilingualError('bad-configuration', {
      en: `cluster-identity: ${identity} needs to know who asks: set auth to token, oidc or kubernetes`,
      zh: `cluster-identity: ${identity} 需要知道提问者：请把 auth 设为 token、oidc 或 kubernetes`,
    });
  if (identity === 'pass-through' && auth === 'token')
    throw bilingualError('bad-configuration', {
      en: 'cluster-identity: pass-through needs tokens that the cluster takes: set auth to oidc or kubernetes',
      zh: 'cluster-identity: pass-through 需要集群接受的令牌：请把 auth 设为 oidc 或 kubernetes',
    });
}

function oidcOf(read: Reader): OidcConfig {
  const issuer = read.text('oidc-issuer');
  const audience = read.text('oidc-audience');
  if (issuer === undefined || audience === undefined)
    throw bilingualError('bad-configuration', {
      en: `auth: oidc needs ${issuer === undefined ? 'oidc-issuer' : 'oidc-audience'}`,
      zh: `auth: oidc 需要 ${issuer === undefined ? 'oidc-issuer' : 'oidc-audience'}`,
    });
  if (!/^https:\/\/[^?#]+$/.test(issuer) && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/[^?#]*)?$/.test(issuer))
    throw bilingualError('bad-configuration', {
      en: `oidc-issuer: ${JSON.stringify(issuer)} is no https address`,
      zh: `oidc-issuer:${JSON.stringify(issuer)} 不是 https 地址`,
    });
  return {
    issuer,
    audience,
    usernameClaim: read.text('oidc-username-claim') ?? 'sub',
    usernamePrefix: read.text('oidc-username-prefix') ?? '',
    groupsClaim: read.text('oidc-groups-claim') ?? 'groups',
    groupsPrefix: read.text('oidc-groups-prefix') ?? '',
  };
}
