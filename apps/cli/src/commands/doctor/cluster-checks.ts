import type { Config, Inspector, RuntimeHost } from '@kw/runtime';
import { both } from '../../errors.ts';
import type { Finding } from './check.ts';

type Facts<K extends 'kubectl' | 'kubeconfig' | 'cluster'> = Awaited<ReturnType<Inspector[K]>>;

/** Whether the kubectl that a run would use is there and answers. */
export function judgeKubectl(facts: Facts<'kubectl'>): Finding {
  switch (facts.type) {
    case 'found':
      return { status: 'ok', message: both(`${facts.path} ${facts.version}`) };
    case 'not-found':
      return {
        status: 'fail',
        message: { en: 'it is not on PATH', zh: 'PATH 中没有 kubectl' },
        fix: { en: 'install it: https://kubernetes.io/docs/tasks/tools', zh: '请安装：https://kubernetes.io/zh-cn/docs/tasks/tools' },
      };
    case 'not-executable':
      return {
        status: 'fail',
        message: { en: `${facts.path} can not be run`, zh: `${facts.path} 不可执行` },
        fix: both(`chmod +x ${facts.path}`),
      };
    case 'broken':
      return {
        status: 'fail',
        message: { en: `${facts.path} does not work: ${facts.said}`, zh: `${facts.path} 无法工作：${facts.said}` },
        fix: {
          en: 'install it anew, for this system: https://kubernetes.io/docs/tasks/tools',
          zh: '请为当前系统重新安装：https://kubernetes.io/zh-cn/docs/tasks/tools',
        },
      };
  }
}

/** Which cluster would be acted in, and whether the program that makes its credentials is there. */
export function judgeKubeconfig({ files, context, user, server, namespace, execPlugin }: Facts<'kubeconfig'>): Finding {
  const from = files.length === 0 ? { en: 'the service account of this pod', zh: '本 Pod 的服务账号' } : both(files.join(', '));
  const plugin = execPlugin === undefined ? both('') : { en: `, credentials by ${execPlugin}`, zh: `，凭据由 ${execPlugin} 提供` };
  return {
    status: 'ok',
    message: {
      en: `${from.en}: context ${context} (${server}) as ${user}, namespace ${namespace}${plugin.en}`,
      zh: `${from.zh}：context ${context}（${server}），身份 ${user}，命名空间 ${namespace}${plugin.zh}`,
    },
  };
}

/** What the cluster says, and whether kubectl fits it. */
function judgeCluster({ version, user, canListPods, namespace, server }: Facts<'cluster'>, kubectl: Facts<'kubectl'> | undefined): Finding {
  const who = user === undefined ? both('') : { en: ` as ${user}`, zh: `，身份 ${user}` };
  const facts = { en: `${server} ${version}${who.en}`, zh: `${server} ${version}${who.zh}` };
  if (canListPods === false) {
    return {
      status: 'warn',
      message: { en: `${facts.en}; pods in ${namespace} may not be listed`, zh: `${facts.zh}；无权列出 ${namespace} 中的 Pod` },
      fix: {
        en: `another namespace (-n), or: kubectl create rolebinding viewer --clusterrole=view --user=${user ?? 'YOU'} -n ${namespace}`,
        zh: `请换用其他命名空间（-n），或：kubectl create rolebinding viewer --clusterrole=view --user=${user ?? '您'} -n ${namespace}`,
      },
    };
  }
  const skew = kubectl?.type === 'found' ? skewOf(kubectl.version, version) : 0;
  if (Math.abs(skew) > 1) {
    return {
      status: 'warn',
      message: {
        en: `${facts.en}; kubectl is ${Math.abs(skew)} minor versions ${skew < 0 ? 'older' : 'newer'}`,
        zh: `${facts.zh}；kubectl ${skew < 0 ? '落后' : '超前'} ${Math.abs(skew)} 个小版本`,
      },
      fix: { en: 'one is supported: install a kubectl that fits', zh: '支持的差距为一个小版本：请安装匹配的 kubectl' },
    };
  }
  return {
    status: 'ok',
    message: {
      en: `${facts.en}${canListPods === true ? `, may list pods in ${namespace}` : ''}`,
      zh: `${facts.zh}${canListPods === true ? `，可列出 ${namespace} 中的 Pod` : ''}`,
    },
  };
}

/** How many minor versions the first is ahead of the second. */
function skewOf(left: string, right: string): number {
  const minor = (text: string): number => Number(/^v?1\.(\d+)/.exec(text)?.[1] ?? Number.NaN);
  const skew = minor(left) - minor(right);
  return Number.isNaN(skew) ? 0 : skew;
}

/** What the checks of a cluster share: each part is asked once. */
export interface ClusterParts {
  readonly kubectl: (signal: AbortSignal) => Promise<Facts<'kubectl'>>;
  readonly kubeconfig: (signal: AbortSignal) => Promise<Facts<'kubeconfig'>>;
  readonly cluster: (signal: AbortSignal) => Promise<Facts<'cluster'>>;
}

/** Asks the cluster, where the kubeconfig says which. */
export async function checkCluster({ cluster, kubeconfig, kubectl }: ClusterParts, signal: AbortSignal): Promise<Finding> {
  const isNamed = await kubeconfig(signal).then(
    () => true,
    () => false,
  );
  if (!isNamed) return { status: 'skipped', message: { en: 'not asked: see kubeconfig', zh: '未查询：见 kubeconfig' } };
  return judgeCluster(await cluster(signal), await kubectl(signal).catch(() => undefined));
}

/** The parts of the real cluster; what several checks need is asked once. */
export function clusterParts(inspector: Inspector, config: Config, host: RuntimeHost): ClusterParts {
  let asked: Promise<Facts<'kubectl'>> | undefined;
  let read: Promise<Facts<'kubeconfig'>> | undefined;
  return {
    kubectl: (signal) => (asked ??= inspector.kubectl(host, signal)),
    kubeconfig: (signal) => (read ??= inspector.kubeconfig(config, host, signal)),
    cluster: (signal) => inspector.cluster(config, host, signal),
  };
}
