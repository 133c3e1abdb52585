import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asNumber, asText, at } from '../json.ts';
import { accessModes, age, condition, containerCells, humanDuration, labelsText, orElse, since } from './format.ts';

const name = (object: KubeObject): string => object.metadata.name ?? '';

/** Nodes. */
export function nodeCells(object: KubeObject, now: number): Json[] {
  const ready = condition(object, 'Ready');
  const info = asMap(statusOf(object).nodeInfo);
  const state = [
    ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown',
    ...(specOf(object).unschedulable === true ? ['SchedulingDisabled'] : []),
  ];
  const roles = Object.entries(object.metadata.labels ?? {})
    .flatMap(([key, value]) =>
      key.startsWith('node-role.kubernetes.io/')
        ? key.slice('node-role.kubernetes.io/'.length)
        : key === 'kubernetes.io/role'
          ? (value ?? '')
          : '',
    )
    .filter((role) => role !== '')
    .sort();
  const address = (type: string): string =>
    orElse(asMaps(statusOf(object).addresses).find((entry) => entry.type === type)?.address, '<none>');
  const architecture = asText(info.architecture);
  return [
    name(object),
    state.join(','),
    orElse(roles.join(','), '<none>'),
    age(object, now),
    asText(info.kubeletVersion),
    address('InternalIP'),
    address('ExternalIP'),
    orElse(info.osImage, '<unknown>'),
    `${orElse(info.kernelVersion, '<unknown>')}${architecture === '' ? '' : ` (${architecture})`}`,
    orElse(info.containerRuntimeVersion, '<unknown>'),
  ];
}

/** Namespaces. */
export function namespaceCells(object: KubeObject, now: number): Json[] {
  return [name(object), asText(statusOf(object).phase), age(object, now)];
}

/** ConfigMaps. */
export function configMapCells(object: KubeObject, now: number): Json[] {
  return [name(object), Object.keys(asMap(object.data)).length + Object.keys(asMap(object.binaryData)).length, age(object, now)];
}

/** Secrets. */
export function secretCells(object: KubeObject, now: number): Json[] {
  return [name(object), asText(object.type), Object.keys(asMap(object.data)).length, age(object, now)];
}

/** PersistentVolumes. */
export function volumeCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const claim = asMap(spec.claimRef);
  return [
    name(object),
    asText(at(spec, 'capacity', 'storage')) || '0',
    accessModes(spec.accessModes),
    asText(spec.persistentVolumeReclaimPolicy),
    object.metadata.deletionTimestamp ? 'Terminating' : asText(statusOf(object).phase),
    spec.claimRef ? `${asText(claim.namespace)}/${asText(claim.name)}` : '',
    asText(spec.storageClassName),
    orElse(spec.volumeAttributesClassName, '<unset>'),
    asText(statusOf(object).reason),
    age(object, now),
    orElse(spec.volumeMode, '<unset>'),
  ];
}

/** PersistentVolumeClaims. */
export function claimCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const bound = asText(spec.volumeName) !== '';
  return [
    name(object),
    object.metadata.deletionTimestamp ? 'Terminating' : asText(statusOf(object).phase),
    asText(spec.volumeName),
    bound ? asText(at(object, 'status', 'capacity', 'storage')) || '0' : '',
    bound ? accessModes(statusOf(object).accessModes) : '',
    asText(spec.storageClassName),
    orElse(spec.volumeAttributesClassName, '<unset>'),
    age(object, now),
    orElse(spec.volumeMode, '<unset>'),
  ];
}

/** StorageClasses. */
export function storageClassCells(object: KubeObject, now: number): Json[] {
  const preferred = object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : '';
  return [
    `${name(object)}${preferred}`,
    asText(object.provisioner),
    orElse(object.reclaimPolicy, 'Delete'),
    orElse(object.volumeBindingMode, 'Immediate'),
    object.allowVolumeExpansion === true,
    age(object, now),
  ];
}

/** Events. */
export function eventCells(event: KubeObject, now: number): Json[] {
  const first = event.firstTimestamp ? since(event.firstTimestamp, now) : since(event.eventTime, now);
  const series = at(event, 'series', 'lastObservedTime');
  const last = series ? since(series, now) : event.lastTimestamp ? since(event.lastTimestamp, now) : first;
  const count = asNumber(at(event, 'series', 'count')) || asNumber(event.count) || 1;
  const involved = asMap(event.involvedObject);
  const component = orElse(at(event, 'source', 'component'), asText(event.reportingComponent));
  const instance = orElse(at(event, 'source', 'host'), asText(event.reportingInstance));
  const kind = asText(involved.kind).toLowerCase();
  return [
    last,
    asText(event.type),
    asText(event.reason),
    asText(involved.name) === '' ? kind : `${kind}/${asText(involved.name)}`,
    asText(involved.fieldPath),
    instance === '' ? component : `${component}, ${instance}`,
    asText(event.message).trim(),
    first,
    count,
    name(event),
  ];
}

/** ResourceQuotas. */
export function quotaCells(object: KubeObject, now: number): Json[] {
  const hard = asMap(statusOf(object).hard);
  const part = (limits: boolean): string =>
    Object.keys(hard)
      .sort()
      .filter((resource) => resource.startsWith('limits.') === limits)
      .map((resource) => `${resource}: ${asText(at(object, 'status', 'used', resource)) || '0'}/${asText(hard[resource])}`)
      .join(', ');
  return [name(object), part(false), part(true), age(object, now)];
}

/** PriorityClasses. */
export function priorityClassCells(object: KubeObject, now: number): Json[] {
  return [name(object), asNumber(object.value), object.globalDefault === true, age(object, now), asText(object.preemptionPolicy)];
}

/** Leases. */
export function leaseCells(object: KubeObject, now: number): Json[] {
  return [name(object), asText(specOf(object).holderIdentity), age(object, now)];
}

function bindingSubjects(object: KubeObject, kind: string, text: (subject: JsonMap) => string): string {
  return asMaps(object.subjects)
    .filter((subject) => subject.kind === kind)
    .map(text)
    .join(', ');
}

/** RoleBindings and ClusterRoleBindings. */
export function bindingCells(object: KubeObject, now: number): Json[] {
  const role = asMap(object.roleRef);
  return [
    name(object),
    `${asText(role.kind)}/${asText(role.name)}`,
    age(object, now),
    bindingSubjects(object, 'User', (subject) => asText(subject.name)),
    bindingSubjects(object, 'Group', (subject) => asText(subject.name)),
    bindingSubjects(object, 'ServiceAccount', (subject) => `${asText(subject.namespace)}/${asText(subject.name)}`),
  ];
}

/** CertificateSigningRequests. */
export function signingRequestCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const conditions = asMaps(statusOf(object).conditions).map(({ type }) => type);
  const state = [
    conditions.includes('Approved') ? 'Approved' : conditions.includes('Denied') ? 'Denied' : 'Pending',
    ...(conditions.includes('Failed') ? ['Failed'] : []),
    ...(asText(statusOf(object).certificate) === '' ? [] : ['Issued']),
  ];
  const duration = typeof spec.expirationSeconds === 'number' ? humanDuration(spec.expirationSeconds * 1000) : '<none>';
  return [name(object), age(object, now), orElse(spec.signerName, '<none>'), asText(spec.username), duration, state.join(',')];
}

/** FlowSchemas. */
export function flowSchemaCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  return [
    name(object),
    asText(at(spec, 'priorityLevelConfiguration', 'name')),
    asNumber(spec.matchingPrecedence),
    orElse(at(spec, 'distinguisherMethod', 'type'), '<none>'),
    age(object, now),
    orElse(condition(object, 'Dangling')?.status, '?'),
  ];
}

/** PriorityLevelConfigurations. */
export function priorityLevelCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const queuing = at(spec, 'limited', 'limitResponse', 'queuing');
  const cell = (value: Json | undefined): Json => value ?? '<none>';
  return [
    name(object),
    asText(spec.type),
    cell(at(spec, 'limited', 'nominalConcurrencyShares')),
    cell(at(queuing, 'queues')),
    cell(at(queuing, 'handSize')),
    cell(at(queuing, 'queueLengthLimit')),
    age(object, now),
  ];
}

/** APIServices. */
export function apiServiceCells(object: KubeObject, now: number): Json[] {
  const service = asMap(specOf(object).service);
  const available = condition(object, 'Available');
  const state = available
    ? available.status === 'True'
      ? 'True'
      : `${asText(available.status)} (${asText(available.reason)})`
    : 'Unknown';
  return [name(object), specOf(object).service ? `${asText(service.namespace)}/${asText(service.name)}` : 'Local', state, age(object, now)];
}

/** PodTemplates. */
export function podTemplateCells(object: KubeObject): Json[] {
  return [
    name(object),
    ...containerCells(at(object, 'template', 'spec', 'containers')),
    labelsText(at(object, 'template', 'metadata', 'labels')),
  ];
}

/** ComponentStatuses. */
export function componentCells(object: KubeObject): Json[] {
  const healthy = asMaps(object.conditions).find(({ type }) => type === 'Healthy');
  const state = healthy?.status === 'True' ? 'Healthy' : healthy?.status === 'False' ? 'Unhealthy' : 'Unknown';
  return [name(object), state, asText(healthy?.message), asText(healthy?.error)];
}

/** Admission policies and webhooks: name, how many of a list, and a kind. */
export function policyCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  if (object.kind.endsWith('WebhookConfiguration')) return [name(object), asList(object.webhooks).length, age(object, now)];
  if (object.kind.endsWith('Binding'))
    return [name(object), asText(spec.policyName), spec.paramRef ? asText(at(spec, 'paramRef', 'name')) : '<unset>', age(object, now)];
  const param = spec.paramKind ? `${asText(at(spec, 'paramKind', 'apiVersion'))}/${asText(at(spec, 'paramKind', 'kind'))}` : '<unset>';
  return [name(object), asList(object.kind.startsWith('Mutating') ? spec.mutations : spec.validations).length, param, age(object, now)];
}
