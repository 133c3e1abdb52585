import { createKubeTargets, isOpenKubeTarget, loadKubeconfig, nodeHost, resolveConnection } from '@kw/kube';
import type { KubeClient, KubeHost } from '@kw/kube';
import type { Config } from '../config/config.ts';
import type { RuntimeHost } from '../host.ts';

/** Which cluster would be acted in, read from files alone. */
export interface KubeconfigFacts {
  /** The files that were read; empty in a pod without a kubeconfig. */
  readonly files: readonly string[];
  readonly context: string;
  readonly server: string;
  readonly user: string;
  readonly namespace: string;
  /** The program that makes the credentials, by its absolute path. */
  readonly execPlugin?: string;
}

/** What a cluster says. */
export interface ClusterFacts {
  readonly server: string;
  /** Such as `v1.36.3`. */
  readonly version: string;
  /** Whom the server takes the caller for; undefined where it does not say. */
  readonly user?: string;
  /** Whether pods may be listed in the namespace; undefined where the server does not say. */
  readonly canListPods?: boolean;
  readonly namespace: string;
}

type Place = Pick<Config, 'kubeconfig' | 'context' | 'namespace'>;

/** Reads the kubeconfig as a run would, and finds its exec plugin. Throws the errors of a run: `no-cluster`, `unknown-context`, `kubeconfig-invalid`, `exec-failed`, ... */
export async function kubeconfigFacts(config: Place, host: RuntimeHost, signal: AbortSignal): Promise<KubeconfigFacts> {
  const kube = kubeHostOf(host);
  const kubeconfig = await loadKubeconfig(kube, { kubeconfig: config.kubeconfig, signal });
  const connection = await resolveConnection(kube, kubeconfig, { context: config.context, namespace: config.namespace, signal });
  const { exec } = connection.user;
  return {
    files: kubeconfig.files,
    context: connection.context,
    server: connection.server,
    user: connection.userName,
    namespace: connection.namespace ?? 'default',
    ...(exec === undefined ? {} : { execPlugin: exec.command }),
  };
}

/** The contexts that may be chosen, and which holds where none is. Throws `kubeconfig-invalid`, `kubeconfig-unreadable`. */
export async function kubeContexts(
  config: Place,
  host: RuntimeHost,
): Promise<{ readonly names: readonly string[]; readonly current?: string }> {
  const kube = kubeHostOf(host);
  const { currentContext } = await loadKubeconfig(kube, { kubeconfig: config.kubeconfig });
  const names = await createKubeTargets({ host: kube, kubeconfig: config.kubeconfig }).contexts();
  return { names, ...(currentContext === undefined ? {} : { current: currentContext }) };
}

/** Asks the cluster for its version, for who is asking, and whether pods may be listed. Throws `unreachable`, `tls`, `unauthorized`, ... */
export async function clusterFacts(config: Place, host: RuntimeHost, signal: AbortSignal): Promise<ClusterFacts> {
  const targets = createKubeTargets({
    host: kubeHostOf(host),
    userAgent: `kubelet-wuhrai/${host.version}`,
    kubeconfig: config.kubeconfig,
  });
  const target = await targets.freeze(
    {
      ...(config.context === undefined ? {} : { context: config.context }),
      ...(config.namespace === undefined ? {} : { namespace: config.namespace }),
    },
    signal,
  );
  const open = await targets.open(target, signal);
  try {
    if (!isOpenKubeTarget(open)) throw new Error('not a target of this program');
    const namespace = target.namespace ?? 'default';
    const { gitVersion } = await open.client.serverVersion({ signal });
    const [user, canListPods] = await Promise.all([whoAmI(open.client, signal), mayListPods(open.client, namespace, signal)]);
    return {
      server: target.server,
      version: gitVersion,
      namespace,
      ...(user === undefined ? {} : { user }),
      ...(canListPods === undefined ? {} : { canListPods }),
    };
  } finally {
    await open.close();
  }
}

function kubeHostOf(host: RuntimeHost): KubeHost {
  return nodeHost({ env: host.env, homeDirectory: host.home });
}

/** Both questions are answered by every server since 1.28; an older one does not know who is asking. */
async function whoAmI(client: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  const answer = await review(client, '/apis/authentication.k8s.io/v1/selfsubjectreviews', signal, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  });
  const name = at(answer, 'status', 'userInfo', 'username');
  return typeof name === 'string' ? name : undefined;
}

async function mayListPods(client: KubeClient, namespace: string, signal: AbortSignal): Promise<boolean | undefined> {
  const answer = await review(client, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', signal, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'list', resource: 'pods', namespace } },
  });
  const allowed = at(answer, 'status', 'allowed');
  return typeof allowed === 'boolean' ? allowed : undefined;
}

/** What a review says; nothing is kept by the server. A caller that must log in again is told so, every other refusal is no answer. */
async function review(client: KubeClient, path: string, signal: AbortSignal, body: object): Promise<unknown> {
  try {
    return await client.json({ method: 'POST', path, body, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'unauthorized') throw error;
    return undefined;
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? new Map(Object.entries(found)).get(key) : undefined),
    value,
  );
}
