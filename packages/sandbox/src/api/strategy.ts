import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, clone, equal } from '../json.ts';
import { asStringMap } from '../validation/string-map.ts';
import type { KubeObject } from './object.ts';
import type { ResourceInfo } from './registry.ts';

/** Kinds whose generation counts changes of the spec. */
const countedBySpec = new Set(
  (
    'Deployment ReplicaSet StatefulSet DaemonSet ReplicationController Job CronJob Ingress IngressClass NetworkPolicy PodDisruptionBudget Pod PodTemplate ' +
    'FlowSchema PriorityLevelConfiguration ResourceSlice DeviceClass CustomResourceDefinition ValidatingAdmissionPolicy ' +
    'ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding'
  ).split(' '),
);

/** Kinds without a spec whose generation counts every change outside metadata. */
const countedByAll = new Set(['EndpointSlice', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'PriorityClass']);

/** Subresources that write to the spec. */
const specSubresources = new Set(['scale', 'ephemeralcontainers', 'resize']);

/** Kinds whose deletion answers with the object. */
const returnedOnDelete = new Set(
  (
    'ResourceClaimTemplate ResourceSlice ResourceClaim DeviceClass CSIDriver StorageClass VolumeAttachment CSINode VolumeAttributesClass ' +
    'ResourceQuota PersistentVolume ServiceAccount PersistentVolumeClaim Namespace Pod Service PodTemplate'
  ).split(' '),
);

/** Whether DELETE answers with the object and not with a Status. */
export function returnsDeleted(kind: string): boolean {
  return returnedOnDelete.has(kind);
}

const withoutMeta = (object: JsonMap): JsonMap => ({ ...object, metadata: undefined, status: undefined, apiVersion: undefined });

/** Whether the change of an object raises its generation. */
function raises(info: ResourceInfo, object: KubeObject, old: KubeObject): boolean {
  if (info.custom) return !equal(withoutMeta(object), withoutMeta(old));
  if (countedByAll.has(info.kind)) return !equal(withoutMeta(object), withoutMeta(old));
  if (!countedBySpec.has(info.kind)) return false;
  if (info.kind === 'Deployment' && !equal(object.metadata.annotations, old.metadata.annotations)) return true;
  return !equal(object.spec, old.spec);
}

/** Where a DaemonSet counts the changes of its template. */
const templateGeneration = 'deprecated.daemonset.template.generation';

/** Prepares an object for its creation: what clients may not set is set anew. Edits it. */
export function prepareCreate(info: ResourceInfo, object: KubeObject): void {
  if (info.custom || countedBySpec.has(info.kind) || countedByAll.has(info.kind)) object.metadata.generation = 1;
  if (info.subresources.has('status') && info.kind !== 'Node') delete object.status;
  const initial = initialStatus(info.kind, object);
  if (initial) object.status = initial;
  if (info.kind === 'Namespace') object.spec = { finalizers: ['kubernetes'] };
  if (info.kind === 'CustomResourceDefinition' && !at(object, 'spec', 'names', 'listKind')) delete object.status;
  if (info.kind === 'Job') prepareJob(object);
  if (info.kind === 'DaemonSet') object.metadata.annotations = { ...object.metadata.annotations, [templateGeneration]: '1' };
}

function initialStatus(kind: string, object: KubeObject): JsonMap | undefined {
  switch (kind) {
    case 'Pod':
      return { phase: 'Pending', ...gatedCondition(object), qosClass: qosClass(asMap(object.spec)) };
    case 'Namespace':
      return { phase: 'Active' };
    case 'PersistentVolumeClaim':
      return { phase: 'Pending' };
    case 'PersistentVolume':
      return { phase: 'Pending', lastPhaseTransitionTime: object.metadata.creationTimestamp };
    case 'CustomResourceDefinition': {
      const stored = asMaps(at(object, 'spec', 'versions')).find(({ storage }) => storage === true);
      return stored ? { storedVersions: [stored.name ?? ''] } : undefined;
    }
    default:
      return undefined;
  }
}

/** A pod with gates says that it waits for them. */
function gatedCondition(pod: KubeObject): JsonMap {
  if (asList(asMap(pod.spec).schedulingGates).length === 0) return {};
  return {
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: pod.metadata.creationTimestamp,
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
      },
    ],
  };
}

/** A Job gets the labels and the selector by which it knows its pods. */
function prepareJob(object: KubeObject): void {
  const spec = asMap(object.spec);
  if (spec.manualSelector === true) return;
  const template = asMap(spec.template);
  const metadata = asMap(template.metadata);
  const uid = object.metadata.uid ?? '';
  const name = object.metadata.name ?? '';
  // What a request says itself stays, for validation to refuse.
  metadata.labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
    ...asMap(metadata.labels),
  };
  template.metadata = metadata;
  if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...asStringMap(metadata.labels) };
  const selector = asMap(spec.selector);
  spec.selector = { ...selector, matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...asMap(selector.matchLabels) } };
}

/** The quality of service of a pod, after its containers' requests and limits. */
export function qosClass(spec: JsonMap): string {
  const containers = [...asMaps(spec.containers), ...asMaps(spec.initContainers)];
  const value = (container: JsonMap, part: string, resource: string): string => asText(at(container, 'resources', part, resource));
  const resources = ['cpu', 'memory'];
  const any = containers.some((container) =>
    ['requests', 'limits'].some((part) =>
      resources.some((name) => value(container, part, name) !== '' && value(container, part, name) !== '0'),
    ),
  );
  if (!any) return 'BestEffort';
  const guaranteed = containers.every((container) =>
    resources.every(
      (name) => value(container, 'limits', name) !== '' && value(container, 'requests', name) === value(container, 'limits', name),
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** Prepares a replacement: what this kind of write may not touch is what it was. Edits the object. */
export function prepareUpdate(info: ResourceInfo, object: KubeObject, old: KubeObject, subresource: string | undefined): void {
  const metadata = object.metadata;
  metadata.uid = old.metadata.uid ?? '';
  if (old.metadata.creationTimestamp) metadata.creationTimestamp = old.metadata.creationTimestamp;
  copy(metadata, old.metadata, 'deletionTimestamp');
  copy(metadata, old.metadata, 'deletionGracePeriodSeconds');
  copy(metadata, old.metadata, 'generation');
  if (subresource === undefined) {
    if (info.subresources.has('status')) copy(object, old, 'status');
    if (info.kind === 'Namespace') object.spec = clone(old.spec);
    if (info.kind === 'DaemonSet') {
      const before = Number(old.metadata.annotations?.[templateGeneration] ?? 0);
      const changed = !equal(at(object, 'spec', 'template'), at(old, 'spec', 'template'));
      metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(changed ? before + 1 : before) };
    }
    if (raises(info, object, old)) metadata.generation = (old.metadata.generation ?? 0) + 1;
    return;
  }
  if (subresource === 'status') {
    for (const key of new Set([...Object.keys(object), ...Object.keys(old)])) {
      if (key !== 'status' && key !== 'metadata' && key !== 'kind' && key !== 'apiVersion') copy(object, old, key);
    }
    if (info.kind === 'Deployment') copy(metadata, old.metadata, 'labels');
    copy(metadata, old.metadata, 'ownerReferences');
  } else if (specSubresources.has(subresource) && raises(info, object, old)) metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function copy(target: JsonMap, source: JsonMap, field: string): void {
  const value: Json | undefined = source[field];
  if (value === undefined) delete target[field];
  else target[field] = clone(value);
}

/** The policy of a deletion that names none: Jobs and ReplicationControllers leave their pods. */
export function defaultPropagation(kind: string): 'Background' | 'Orphan' {
  return kind === 'Job' || kind === 'ReplicationController' ? 'Orphan' : 'Background';
}

/** Whether any finalizer holds the object. */
export function isHeld(object: KubeObject): boolean {
  return (
    asList(object.metadata.finalizers).length > 0 || (object.kind === 'Namespace' && asList(at(object, 'spec', 'finalizers')).length > 0)
  );
}
