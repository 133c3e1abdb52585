/** Words for kinds, in English and Chinese, and the resource that kubectl knows them by. */
const words: readonly (readonly [resource: string, pattern: string])[] = [
  ['pods', 'pods?|po|容器组|pod'],
  ['deployments', 'deployments?|deploys?|部署'],
  ['statefulsets', 'stateful ?sets?|sts|有状态集'],
  ['daemonsets', 'daemon ?sets?|ds|守护进程集'],
  ['replicasets', 'replica ?sets?|rs'],
  ['jobs', 'jobs?|任务'],
  ['cronjobs', 'cron ?jobs?|定时任务'],
  ['services', 'services?|svc|服务'],
  ['ingresses', 'ingress(?:es)?'],
  ['endpointslices', 'endpoint ?slices?|endpoints?'],
  ['configmaps', 'config ?maps?|cm|配置'],
  ['secrets', 'secrets?|密钥'],
  ['persistentvolumeclaims', 'persistent ?volume ?claims?|pvcs?|volumes?|存储卷'],
  ['nodes', 'nodes?|节点'],
  ['namespaces', 'namespaces?|命名空间'],
  ['resourcequotas', 'resource ?quotas?|quotas?|配额'],
  ['serviceaccounts', 'service ?accounts?|sa'],
];

/** Matches any word for a kind. */
export const anyKind: string = words
  .map(([, pattern]) => pattern)
  .toSorted((a, b) => b.length - a.length)
  .join('|');

/** The resource that a word means; undefined where it means none. */
export function resourceOf(word: string): string | undefined {
  return words.find(([, pattern]) => new RegExp(`^(?:${pattern})$`, 'i').test(word.trim()))?.[0];
}
