import { platformKinds } from './platform-kinds.ts';

/** How the objects of a kind are read. */
export interface KindSource {
  /** As kubectl takes it: `pods`, `deployments.apps`. */
  readonly resource: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only the metadata is asked for: labels, annotations, owners; `body` is then empty. */
  readonly metadataOnly?: true;
  /** Only these parts are kept, such as `status.conditions`, and the metadata; absent: all. */
  readonly only?: readonly string[];
}

/**
 * The kinds that conditions may need, by the name under which a world has them. That is the API's own kind, unless two groups have the same or only
 * a part is read. Kinds that the server does not have are no fault: they have no objects.
 */
export const kindSources: ReadonlyMap<string, KindSource> = new Map<string, KindSource>([
  ['Namespace', { resource: 'namespaces' }],
  ['Node', { resource: 'nodes' }],
  ['Pod', { resource: 'pods' }],
  ['Event', { resource: 'events' }],
  ['Service', { resource: 'services' }],
  ['EndpointSlice', { resource: 'endpointslices.discovery.k8s.io' }],
  ['ConfigMap', { resource: 'configmaps' }],
  // Releases of helm are large and no condition looks into them.
  ['Secret', { resource: 'secrets', fieldSelector: 'type!=helm.sh/release.v1' }],
  ['HelmRelease', { resource: 'secrets', labelSelector: 'owner=helm', metadataOnly: true }],
  ['ServiceAccount', { resource: 'serviceaccounts' }],
  ['PersistentVolumeClaim', { resource: 'persistentvolumeclaims' }],
  ['PersistentVolume', { resource: 'persistentvolumes' }],
  ['ResourceQuota', { resource: 'resourcequotas' }],
  ['LimitRange', { resource: 'limitranges' }],
  ['Deployment', { resource: 'deployments.apps' }],
  ['ReplicaSet', { resource: 'replicasets.apps' }],
  ['StatefulSet', { resource: 'statefulsets.apps' }],
  ['DaemonSet', { resource: 'daemonsets.apps' }],
  ['Job', { resource: 'jobs.batch' }],
  ['CronJob', { resource: 'cronjobs.batch' }],
  ['HorizontalPodAutoscaler', { resource: 'horizontalpodautoscalers.autoscaling' }],
  ['VerticalPodAutoscaler', { resource: 'verticalpodautoscalers.autoscaling.k8s.io' }],
  ['PodDisruptionBudget', { resource: 'poddisruptionbudgets.policy' }],
  ['StorageClass', { resource: 'storageclasses.storage.k8s.io' }],
  ['CSIDriver', { resource: 'csidrivers.storage.k8s.io' }],
  ['VolumeAttachment', { resource: 'volumeattachments.storage.k8s.io' }],
  ['Ingress', { resource: 'ingresses.networking.k8s.io' }],
  ['IngressClass', { resource: 'ingressclasses.networking.k8s.io' }],
  ['NetworkPolicy', { resource: 'networkpolicies.networking.k8s.io' }],
  ['PriorityClass', { resource: 'priorityclasses.scheduling.k8s.io' }],
  ['RuntimeClass', { resource: 'runtimeclasses.node.k8s.io' }],
  ['Lease', { resource: 'leases.coordination.k8s.io' }],
  ...platformKinds,
]);
