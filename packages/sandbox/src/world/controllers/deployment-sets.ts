import type { KubeObject } from '../../api/object.ts';
import { controllerOf, nameOf, namespaceOf, specOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asNumber, clone } from '../../json.ts';
import type { WorldContext } from '../context.ts';
import { controllerManager, unless, write } from '../context.ts';
import { nameHash } from '../hash.ts';
import { ownerReference, replicasOf, sameTemplate, texts } from '../pods.ts';
import { maxSurge } from './rollout-arithmetic.ts';

/** The annotations by which Deployments and kubectl talk about revisions. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** Annotations of a Deployment that its ReplicaSets do not get. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** A Deployment's ReplicaSets: the one of its present template, if there is one, and the others, oldest first. */
export interface Sets {
  readonly current: KubeObject | undefined;
  readonly old: readonly KubeObject[];
}

/** The ReplicaSets that belong to a Deployment; those that match and belong to nobody are adopted. */
export function setsOf({ api, cache }: WorldContext, deployment: KubeObject): Sets {
  const uid = deployment.metadata.uid ?? '';
  const { selector, template } = specOf(deployment);
  const mine = cache.controlled('replicasets.apps', uid);
  if (!deployment.metadata.deletionTimestamp) {
    for (const set of cache.inNamespace('replicasets.apps', namespaceOf(deployment))) {
      if (controllerOf(set) || set.metadata.deletionTimestamp || !matchesSelector(set.metadata.labels, selector)) continue;
      const ownerReferences = [...(set.metadata.ownerReferences ?? []), ownerReference(deployment)];
      const adopted = unless(['NotFound', 'Invalid'], () =>
        write(api, 'replicasets.apps', { ...set, metadata: { ...set.metadata, ownerReferences } }),
      );
      if (adopted) mine.push(adopted);
    }
  }
  mine.sort((a, b) =>
    (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '')
      ? -1
      : (a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '')
        ? 1
        : 0,
  );
  const current = mine.find((set) => sameTemplate(specOf(set).template, template));
  return { current, old: mine.filter((set) => set !== current) };
}

/** The revision that a ReplicaSet carries, 0 for none. */
export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0) || 0;
}

/** Whether the Deployment was scaled since its ReplicaSets were last written. */
export function wasScaled(deployment: KubeObject, sets: Sets): boolean {
  const active = [...sets.old, ...(sets.current ? [sets.current] : [])].filter((set) => replicasOf(set) > 0);
  return active.some((set) => {
    const desired = set.metadata.annotations?.[desiredAnnotation];
    return desired !== undefined && Number(desired) !== replicasOf(deployment);
  });
}

/** The number of pods a ReplicaSet was last sized for. */
export function annotatedMax(set: KubeObject): number | undefined {
  const text = set.metadata.annotations?.[maxAnnotation];
  return text === undefined ? undefined : Number(text);
}

function annotationsFor(deployment: KubeObject, before: KubeObject | undefined, revision: number): Record<string, string> {
  const inherited = Object.entries(texts(deployment.metadata.annotations)).filter(([key]) => !ownAnnotations.has(key));
  const old = texts(before?.metadata.annotations);
  const earlier = before ? revisionOf(before) : 0;
  const history =
    earlier > 0 && earlier < revision
      ? [...(old[historyAnnotation] ? [old[historyAnnotation]] : []), String(earlier)].join(',')
      : old[historyAnnotation];
  return {
    ...old,
    ...Object.fromEntries(inherited),
    [revisionAnnotation]: String(Math.max(revision, earlier)),
    ...(history ? { [historyAnnotation]: history } : {}),
  };
}

const sizeAnnotations = (deployment: KubeObject): Record<string, string> => ({
  [desiredAnnotation]: String(replicasOf(deployment)),
  [maxAnnotation]: String(replicasOf(deployment) + maxSurge(deployment)),
});

/** The ReplicaSet of the present template with its annotations brought up to date; its revision is one more than the others'. */
export function refreshed({ api }: WorldContext, deployment: KubeObject, set: KubeObject, old: readonly KubeObject[]): KubeObject {
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  const annotations = annotationsFor(deployment, set, revision);
  const seconds = asNumber(specOf(deployment).minReadySeconds);
  const spec = { ...specOf(set), ...(seconds > 0 ? { minReadySeconds: seconds } : {}) };
  return write(api, 'replicasets.apps', { ...set, metadata: { ...set.metadata, annotations }, spec });
}

/** Creates the ReplicaSet of the present template. */
export function createSet({ api }: WorldContext, deployment: KubeObject, old: readonly KubeObject[], replicas: number): KubeObject {
  const template = clone(asMap(specOf(deployment).template));
  let collisions = 0;
  let hash = nameHash(template);
  while (api.find('replicasets.apps', `${nameOf(deployment)}-${hash}`, namespaceOf(deployment))) hash = nameHash(template, ++collisions);
  const metadata = asMap(template.metadata);
  const labels = { ...texts(metadata.labels), 'pod-template-hash': hash };
  const selector = asMap(clone(specOf(deployment).selector));
  const seconds = asNumber(specOf(deployment).minReadySeconds);
  const spec: JsonMap = {
    replicas,
    ...(seconds > 0 ? { minReadySeconds: seconds } : {}),
    selector: { ...selector, matchLabels: { ...asMap(selector.matchLabels), 'pod-template-hash': hash } },
    template: { ...template, metadata: { ...metadata, labels } },
  };
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  return api.create(
    'replicasets.apps',
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${nameOf(deployment)}-${hash}`,
        namespace: namespaceOf(deployment),
        labels,
        annotations: { ...annotationsFor(deployment, undefined, revision), ...sizeAnnotations(deployment) },
        ownerReferences: [ownerReference(deployment)],
      },
      spec,
    },
    { fieldManager: controllerManager },
  );
}

/** Gives a ReplicaSet its size, with an event where the size changes. */
export function scaleSet({ api, events }: WorldContext, deployment: KubeObject, set: KubeObject, replicas: number): boolean {
  const before = replicasOf(set);
  const annotations = { ...texts(set.metadata.annotations), ...sizeAnnotations(deployment) };
  write(api, 'replicasets.apps', { ...set, metadata: { ...set.metadata, annotations }, spec: { ...specOf(set), replicas } });
  if (before === replicas) return false;
  const direction = before < replicas ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${nameOf(set)} from ${before} to ${replicas}`;
  events.record({ object: deployment, type: 'Normal', reason: 'ScalingReplicaSet', message, component: 'deployment-controller' });
  return true;
}
