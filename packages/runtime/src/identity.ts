import type { Principal, RunTarget, TargetIdentity, TargetSource } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { KubeTargets } from '@kw/kube';
import type { ClusterIdentity } from './config/service-config.ts';
import type { TokenVault } from './token-vault.ts';
import { labelOf } from './token-vault.ts';

/** As whom commands act for somebody who asks. */
export interface IdentityOptions {
  readonly mode: ClusterIdentity;
  /** Where no context or namespace is wished for. */
  readonly wish: { readonly context?: string; readonly namespace?: string };
}

/**
 * Clusters in which each user acts as what RBAC knows of him. The user of this process, and what nobody asked for, act as the kubeconfig says.
 * Throws KwError `target-changed` where a run began under another setting.
 */
export function identifiedTargets(source: KubeTargets, { mode, wish }: IdentityOptions): TargetSource {
  return {
    freeze: ({ by, ...request }, signal) => {
      const as = actingAs(mode, by);
      return source.freeze({ ...wish, ...request, ...(as !== undefined && { as }) }, signal);
    },
    open: async (target, signal) => {
      checkMode(mode, target);
      return source.open(target, signal);
    },
    contexts: () => source.contexts(),
  };
}

/** As whom somebody acts; undefined for the identity of this process. */
function actingAs(mode: ClusterIdentity, by: Principal | undefined): TargetIdentity | undefined {
  if (mode === 'own' || by === undefined || by.issuer === 'local') return undefined;
  if (mode === 'pass-through') return { via: 'token', user: labelOf(by) };
  const user = by.name ?? by.subject;
  const groups = (by.groups ?? []).filter((group) => !isImplied(user, group));
  return { via: 'impersonation', user, ...(groups.length > 0 && { groups }) };
}

/** Groups that the cluster adds by itself, so that nobody has to be allowed to ask for them. */
function isImplied(user: string, group: string): boolean {
  if (group === 'system:authenticated') return true;
  return user.startsWith('system:serviceaccount:') && (group === 'system:serviceaccounts' || group.startsWith('system:serviceaccounts:'));
}

const modes: Readonly<Record<TargetIdentity['via'], ClusterIdentity>> = { impersonation: 'impersonate', token: 'pass-through' };

function checkMode(mode: ClusterIdentity, { as }: RunTarget): void {
  if (as === undefined || modes[as.via] === mode) return;
  throw new KwError(
    'target-changed',
    `This run began as ${as.user} with cluster-identity: ${modes[as.via]}, and now it is ${mode}. Nothing was run. Start a new run, or put the setting back.`,
  );
}

/** Where the tokens of others are found when a target is opened. */
export function tokenOf(vault: TokenVault | undefined): (as: TargetIdentity) => string | undefined {
  return ({ user }) => vault?.find(user);
}
