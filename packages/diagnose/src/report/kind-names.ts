import { kindSources } from '../world/kinds.ts';

const short: ReadonlyMap<string, string> = new Map([
  ['po', 'Pod'],
  ['svc', 'Service'],
  ['deploy', 'Deployment'],
  ['rs', 'ReplicaSet'],
  ['sts', 'StatefulSet'],
  ['ds', 'DaemonSet'],
  ['cj', 'CronJob'],
  ['no', 'Node'],
  ['ns', 'Namespace'],
  ['cm', 'ConfigMap'],
  ['pvc', 'PersistentVolumeClaim'],
  ['pv', 'PersistentVolume'],
  ['sc', 'StorageClass'],
  ['ing', 'Ingress'],
  ['netpol', 'NetworkPolicy'],
  ['hpa', 'HorizontalPodAutoscaler'],
  ['pdb', 'PodDisruptionBudget'],
  ['quota', 'ResourceQuota'],
  ['limits', 'LimitRange'],
  ['sa', 'ServiceAccount'],
  ['crd', 'CustomResourceDefinition'],
  ['gtw', 'Gateway'],
  ['app', 'Application'],
  ['ks', 'FluxKustomization'],
  ['kustomization', 'FluxKustomization'],
  ['hr', 'FluxHelmRelease'],
  ['cert', 'Certificate'],
  ['so', 'ScaledObject'],
  ['csv', 'ClusterServiceVersion'],
]);

/** Kinds as people write them (`pods`, `po`, `Pod`, `deployments.apps`) as the API writes them. Throws RangeError, which names the known ones. */
export function toKinds(names: readonly string[]): readonly string[] {
  const known = new Map<string, string>(short);
  for (const [kind, { resource }] of kindSources) {
    known.set(kind.toLowerCase(), kind);
    // What reads only a part of a resource does not stand for it.
    const [plural = ''] = resource.split('.');
    for (const name of [resource, plural]) if (!known.has(name)) known.set(name, kind);
  }
  return names.map((name) => {
    const kind = known.get(name.trim().toLowerCase());
    if (kind !== undefined) return kind;
    throw new RangeError(`${JSON.stringify(name)} is no kind that is looked at; known are ${[...kindSources.keys()].join(', ')}`);
  });
}
