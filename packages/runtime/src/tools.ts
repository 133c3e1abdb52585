import type { TargetSource, Tool } from '@kw/agent';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';

/** The clusters and tools of a configuration. */
export interface Equipment {
  readonly targets: TargetSource;
  readonly tools: readonly Tool[];
}

/** What an embedder, a demo or a test may put in the place of what is found. */
export interface EquipmentOverrides {
  /** Absolute path of kubectl. */
  readonly kubectlPath?: string;
}

/** Makes the built-in tools over the configured clusters. Asks no server. */
export async function createEquipment(config: Config, host: RuntimeHost, { kubectlPath }: EquipmentOverrides = {}): Promise<Equipment> {
  const [{ createKubeTargets, nodeHost }, { bash, kubectl, findProgram }] = await Promise.all([import('@kw/kube'), import('@kw/tools')]);
  const kubeHost = nodeHost({ env: host.env, homeDirectory: host.home });
  const source = createKubeTargets({
    host: kubeHost,
    userAgent: `kubelet-wuhrai/${host.version}`,
    cacheDirectory: `${host.env['XDG_CACHE_HOME'] || `${host.home}/.cache`}/kubelet-wuhrai/kubectl`,
    ...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
  });
  const targets: TargetSource = {
    freeze: (request, signal) => source.freeze({ ...wishOf(config), ...request }, signal),
    open: (target, signal) => source.open(target, signal),
    contexts: () => source.contexts(),
  };
  const path = kubectlPath ?? (await findProgram('kubectl', host.env['PATH'] ?? ''));
  const timeoutMs = config.toolTimeoutSeconds * 1000;
  return { targets, tools: [kubectl({ targets, timeoutMs, ...(path === undefined ? {} : { path }) }), bash({ timeoutMs })] };
}

function wishOf({ context, namespace }: Config): { readonly context?: string; readonly namespace?: string } {
  return { ...(context === undefined ? {} : { context }), ...(namespace === undefined ? {} : { namespace }) };
}
