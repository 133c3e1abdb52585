import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, asText } from '../../json.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import type { WorldContext } from '../context.ts';
import { isEnded, texts } from '../pods.ts';
import type { Placed } from './affinity.ts';
import { affinityObstacle, matchesNode, meetsTerm, spreadObstacle } from './affinity.ts';
import type { Amounts } from './resources.ts';
import { podAmounts } from './resources.ts';
import { untolerated } from './taints.ts';

/** Why a node does not take a pod. */
export interface Obstacle {
  readonly reasons: readonly string[];
  /** Whether it could if other pods were gone. */
  readonly resolvable: boolean;
}

/** What the pods on a node use. */
export interface Load {
  readonly used: Amounts;
  readonly pods: number;
}

/** What the pods on a node use. */
export function loadOf({ cache }: WorldContext, node: KubeObject): Load {
  const used = new Map<string, bigint>();
  let pods = 0;
  for (const pod of cache.onNode(nameOf(node))) {
    if (isEnded(pod)) continue;
    pods++;
    for (const [name, amount] of podAmounts(specOf(pod))) used.set(name, (used.get(name) ?? 0n) + amount);
  }
  return { used, pods };
}

const hostPorts = (pod: KubeObject): string[] =>
  asMaps(specOf(pod).containers).flatMap((container) =>
    asMaps(container.ports).flatMap((port) =>
      asNumber(port.hostPort) > 0 ? [`${asText(port.protocol) || 'TCP'} ${asNumber(port.hostPort)}`] : [],
    ),
  );

const hard = (reason: string): Obstacle => ({ reasons: [reason], resolvable: false });
const soft = (reason: string): Obstacle => ({ reasons: [reason], resolvable: true });

function resourceObstacle(pod: KubeObject, node: KubeObject, load: Load): Obstacle | undefined {
  const allocatable = asMap(statusOf(node).allocatable);
  const total = (name: string): bigint => parseQuantity(asText(allocatable[name])) ?? 0n;
  const reasons: string[] = [];
  let resolvable = true;
  if (load.pods + 1 > Number(total('pods') / 1_000_000_000n)) reasons.push('Too many pods');
  for (const [name, amount] of podAmounts(specOf(pod))) {
    if (amount === 0n || amount <= total(name) - (load.used.get(name) ?? 0n)) continue;
    reasons.push(`Insufficient ${name}`);
    if (amount > total(name)) resolvable = false;
  }
  return reasons.length > 0 ? { reasons, resolvable } : undefined;
}

/** The volumes of bound claims are only on some nodes. */
function volumeObstacle({ api }: WorldContext, pod: KubeObject, node: KubeObject): Obstacle | undefined {
  for (const volume of asMaps(specOf(pod).volumes)) {
    const claim = api.find('persistentvolumeclaims', asText(asMap(volume.persistentVolumeClaim).claimName), namespaceOf(pod));
    const bound = claim && api.find('persistentvolumes', asText(specOf(claim).volumeName));
    const required = bound && asMap(specOf(bound).nodeAffinity).required;
    if (required !== undefined && !asMaps(asMap(required).nodeSelectorTerms).some((term) => meetsTerm(term, node)))
      return hard("node(s) didn't match PersistentVolume's node affinity");
  }
  return undefined;
}

/** What the filters look at besides the pod and the node. */
export interface Surroundings {
  readonly nodes: readonly KubeObject[];
  readonly placed: readonly Placed[];
  readonly load: Load;
}

/** Why a node does not take a pod, by the first filter that says so; undefined where it does. */
export function obstacle(
  context: WorldContext,
  pod: KubeObject,
  node: KubeObject,
  { nodes, placed, load }: Surroundings,
): Obstacle | undefined {
  const spec = specOf(pod);
  const bearsCordon = asMaps(spec.tolerations).some(
    ({ key, operator }) => operator === 'Exists' && (key === undefined || key === '' || key === 'node.kubernetes.io/unschedulable'),
  );
  if (specOf(node).unschedulable === true && !bearsCordon) return hard('node(s) were unschedulable');
  if (untolerated(spec, node, ['NoSchedule', 'NoExecute'])) return hard('node(s) had untolerated taint(s)');
  if (!matchesNode(spec, node)) return hard("node(s) didn't match Pod's node affinity/selector");
  const ports = hostPorts(pod);
  if (ports.length > 0 && placed.some((other) => other.node === node && hostPorts(other.pod).some((port) => ports.includes(port))))
    return soft("node(s) didn't have free ports for the requested pod ports");
  const resources = resourceObstacle(pod, node, load);
  if (resources) return resources;
  const volumes = volumeObstacle(context, pod, node);
  if (volumes) return volumes;
  const spread = spreadObstacle(pod, node, nodes, placed);
  if (spread) return spread.endsWith('(missing required label)') ? hard(spread) : soft(spread);
  const affinity = affinityObstacle(pod, node, placed);
  return affinity ? soft(affinity) : undefined;
}

/** The claims that keep a pod from being placed anywhere: missing, or to be bound before. */
export function claimObstacle({ api }: WorldContext, pod: KubeObject): string | undefined {
  for (const volume of asMaps(specOf(pod).volumes)) {
    const name = asText(asMap(volume.persistentVolumeClaim).claimName);
    if (name === '') continue;
    const claim = api.find('persistentvolumeclaims', name, namespaceOf(pod));
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
    if (statusOf(claim).phase === 'Bound') continue;
    if (!waitsForPod(api.find('storageclasses.storage.k8s.io', asText(specOf(claim).storageClassName))))
      return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

/** Whether claims of a class are bound only when a pod needs them. */
export function waitsForPod(storageClass: JsonMap | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** How many pods of the same kind stand on a node: fewer are better. */
export function siblings(pod: KubeObject, node: KubeObject, placed: readonly Placed[]): number {
  const labels = texts(pod.metadata.labels);
  return placed.filter(
    (other) =>
      other.node === node &&
      namespaceOf(other.pod) === namespaceOf(pod) &&
      matchesSelector(other.pod.metadata.labels, { matchLabels: labels }),
  ).length;
}
