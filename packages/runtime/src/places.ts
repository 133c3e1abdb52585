import type { Principal, TargetSource } from '@kw/agent';
import { isOpenKubeTarget } from '@kw/kube';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { kubeContexts } from './inspect/kube-facts.ts';

/** A kube context that a question may name. */
export interface Place {
  readonly name: string;
  /** True for the one that holds where none is named. */
  readonly current: boolean;
}

/** Where questions may act: contexts of the configuration, and the namespaces in them. */
export interface Places {
  /** Throws `kubeconfig-invalid` or `kubeconfig-unreadable`. */
  contexts(): Promise<readonly Place[]>;
  /** Namespaces of a context (absent: the current one), in their order; those that may not be listed are none. Throws `unknown-context`, `no-cluster`, `unreachable`, ... */
  namespaces(context: string | undefined, options: { readonly by?: Principal; readonly signal: AbortSignal }): Promise<readonly string[]>;
}

const namespaceResource = { group: '', version: 'v1', resource: 'namespaces' };
const maxNamespaces = 5_000;

/** Makes the places of a configuration; nothing is read before it is asked for. */
export function createPlaces(config: Config, host: RuntimeHost, targets: TargetSource): Places {
  return {
    contexts: async () => {
      const { names, current } = await kubeContexts(config, host);
      const chosen = config.context ?? current;
      return names.map((name) => ({ name, current: name === chosen }));
    },
    namespaces: async (context, { by, signal }) => {
      const target = await targets.freeze({ ...(context !== undefined && { context }), ...(by !== undefined && { by }) }, signal);
      const open = await targets.open(target, signal);
      try {
        if (!isOpenKubeTarget(open)) return [];
        const names: string[] = [];
        for await (const { metadata = {} } of open.client.list(namespaceResource, { signal })) {
          if (metadata.name !== undefined) names.push(metadata.name);
          if (names.length === maxNamespaces) break;
        }
        return names;
      } catch (error) {
        if (isForbidden(error)) return [];
        throw error;
      } finally {
        await open.close();
      }
    },
  };
}

function isForbidden(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'forbidden';
}
