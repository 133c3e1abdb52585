import { loadKubeconfig } from '../kubeconfig/load.ts';
import { listContexts } from '../kubeconfig/resolve.ts';
import type { ActingUser, KubeTarget } from './kube-target.ts';
import { freezeTarget, reopenTarget } from './open.ts';
import type { KubeOptions, OpenKubeTarget } from './open.ts';

/** Where targets come from: an agent's `TargetSource`. */
export interface KubeTargets {
  /** Resolves a wish once. Throws `unknown-context` (naming the known ones), `no-context` or `no-cluster`. */
  freeze(
    request: { readonly context?: string; readonly namespace?: string; readonly as?: ActingUser },
    signal?: AbortSignal,
  ): Promise<KubeTarget>;
  /** Opens a frozen target, in any process. Throws `target-changed`. */
  open(target: KubeTarget, signal?: AbortSignal): Promise<OpenKubeTarget>;
  /** The contexts that a request may name. */
  contexts(): Promise<readonly string[]>;
}

/** Makes a source of targets; the kubeconfig is read anew at each call. */
export function createKubeTargets(options: KubeOptions): KubeTargets {
  const { host, kubeconfig } = options;
  return {
    freeze: ({ context, namespace, as }, signal) => freezeTarget({ ...options, context, namespace, as, signal }),
    open: (target, signal) => reopenTarget(target, { ...options, signal }),
    contexts: async () => listContexts(host, await loadKubeconfig(host, { kubeconfig })),
  };
}
