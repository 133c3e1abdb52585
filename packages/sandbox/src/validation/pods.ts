import type { FieldError } from '../api/field-errors.ts';
import { duplicate, forbiddenField, invalid, missing, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, clone, equal, isMap } from '../json.ts';
import { parseQuantity } from '../schema/quantity.ts';
import { nonNegative, portErrors } from './common.ts';
import { environmentErrors, environmentSourceErrors } from './environment.ts';
import { containerResourceErrors, mayOvercommit } from './limits.ts';
import {
  annotationErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelErrors,
  labelValueErrors,
  portNameErrors,
  qualifiedNameErrors,
} from './names.ts';
import { identityErrors, securityContextErrors } from './security-context.ts';
import { specDifference } from './spec-difference.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];

/** The first kinds of volumes, in the order in which the server looks at them. */
const volumeKinds = ['emptyDir', 'hostPath', 'gitRepo', 'secret', 'nfs', 'persistentVolumeClaim', 'downwardAPI', 'configMap', 'projected'];

function enumError(value: Json | undefined, field: string, values: readonly string[]): FieldError[] {
  if (value === undefined || value === '') return [required(field)];
  return typeof value === 'string' && values.includes(value) ? [] : [unsupported(field, value, values)];
}

function volumeErrors(volumes: readonly JsonMap[], field: string): { errors: FieldError[]; names: Set<string> } {
  const names = new Set<string>();
  const errors = volumes.flatMap((volume, index) => {
    const path = `${field}[${index}]`;
    const name = asText(volume.name);
    const found: FieldError[] = [];
    const kinds = [...volumeKinds, ...Object.keys(volume)].filter(
      (key, at, all) => key in volume && key !== 'name' && all.indexOf(key) === at,
    );
    if (kinds.length === 0) found.push(required(path, 'must specify a volume type'));
    for (const kind of kinds.slice(1)) found.push(forbiddenField(`${path}.${kind}`, 'may not specify more than 1 volume type'));
    if (isMap(volume.hostPath) && asText(volume.hostPath.path) === '') found.push(required(`${path}.hostPath.path`));
    if (isMap(volume.secret) && asText(volume.secret.secretName) === '') found.push(required(`${path}.secret.secretName`));
    if (isMap(volume.configMap) && asText(volume.configMap.name) === '') found.push(required(`${path}.configMap.name`));
    if (isMap(volume.persistentVolumeClaim) && asText(volume.persistentVolumeClaim.claimName) === '')
      found.push(required(`${path}.persistentVolumeClaim.claimName`));
    if (name === '') found.push(required(`${path}.name`));
    else found.push(...dns1123LabelErrors(name).map((error) => invalid(`${path}.name`, name, error)));
    if (names.has(name)) found.push(duplicate(`${path}.name`, name));
    names.add(name);
    return found;
  });
  return { errors, names };
}

function probeErrors(probe: Json | undefined, field: string): FieldError[] {
  if (!isMap(probe)) return [];
  return [
    ...handlerErrors(probe, field),
    ...['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'].flatMap((name) =>
      nonNegative(probe[name], `${field}.${name}`),
    ),
  ];
}

function handlerErrors(handler: JsonMap, field: string): FieldError[] {
  const kinds = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'].filter((kind) => handler[kind] !== undefined);
  const errors: FieldError[] = kinds.slice(1).map((kind) => forbiddenField(`${field}.${kind}`, 'may not specify more than 1 handler type'));
  if (kinds.length === 0) errors.push(required(field, 'must specify a handler type'));
  if (isMap(handler.exec) && asList(handler.exec.command).length === 0) errors.push(required(`${field}.exec.command`));
  for (const kind of ['httpGet', 'tcpSocket'] as const) {
    const action = handler[kind];
    if (!isMap(action)) continue;
    if (kind === 'httpGet' && asText(action.path) === '') errors.push(required(`${field}.httpGet.path`));
    if (typeof action.port === 'string')
      errors.push(...portNameErrors(action.port).map((error) => invalid(`${field}.${kind}.port`, action.port, error)));
    else errors.push(...portErrors(action.port, `${field}.${kind}.port`));
    if (kind === 'httpGet') errors.push(...enumError(action.scheme, `${field}.httpGet.scheme`, ['HTTP', 'HTTPS']));
  }
  return errors;
}

/** Errors of requests and limits. */
export function resourceErrors(resources: Json | undefined, field: string): FieldError[] {
  const limits = asMap(at(resources, 'limits'));
  const requests = asMap(at(resources, 'requests'));
  const negative = (part: string, map: JsonMap): FieldError[] =>
    Object.entries(map).flatMap(([name, value]) =>
      (parseQuantity(asText(value)) ?? 0n) < 0n ? [invalid(`${field}.${part}[${name}]`, value, 'must be greater than or equal to 0')] : [],
    );
  const errors = Object.entries(limits).flatMap(([name, value]) => [
    ...containerResourceErrors(name, `${field}.limits[${name}]`),
    ...negative('limits', { [name]: value }),
  ]);
  for (const [name, value] of Object.entries(requests)) {
    errors.push(...containerResourceErrors(name, `${field}.requests[${name}]`), ...negative('requests', { [name]: value }));
    const limit = limits[name];
    if (limit === undefined) {
      if (!mayOvercommit(name)) errors.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'));
      continue;
    }
    const same = parseQuantity(asText(value)) === parseQuantity(asText(limit));
    if (!same && !mayOvercommit(name))
      errors.push(invalid(`${field}.requests`, value, `must be equal to ${name} limit of ${asText(limit)}`));
    else if ((parseQuantity(asText(value)) ?? 0n) > (parseQuantity(asText(limit)) ?? 0n)) {
      errors.push(invalid(`${field}.requests`, value, `must be less than or equal to ${name} limit of ${asText(limit)}`));
    }
  }
  return errors;
}

function containerErrors(container: JsonMap, field: string, volumes: ReadonlySet<string>): FieldError[] {
  const name = asText(container.name);
  const image = asText(container.image);
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(`${field}.name`));
  else errors.push(...dns1123LabelErrors(name).map((error) => invalid(`${field}.name`, name, error)));
  if (image === '') errors.push(required(`${field}.image`));
  else if (image.trim() !== image) errors.push(invalid(`${field}.image`, image, 'must not have leading or trailing whitespace'));
  errors.push(...enumError(container.terminationMessagePolicy, `${field}.terminationMessagePolicy`, ['File', 'FallbackToLogsOnError']));
  const portNames = new Set<string>();
  for (const [index, port] of asMaps(container.ports).entries()) {
    const path = `${field}.ports[${index}]`;
    const portName = asText(port.name);
    if (portName !== '') {
      errors.push(...portNameErrors(portName).map((error) => invalid(`${path}.name`, portName, error)));
      if (portNames.has(portName)) errors.push(duplicate(`${path}.name`, portName));
      portNames.add(portName);
    }
    if (typeof port.containerPort !== 'number' || port.containerPort === 0) errors.push(required(`${path}.containerPort`));
    else errors.push(...portErrors(port.containerPort, `${path}.containerPort`));
    if (typeof port.hostPort === 'number' && port.hostPort !== 0) errors.push(...portErrors(port.hostPort, `${path}.hostPort`));
    errors.push(...enumError(port.protocol, `${path}.protocol`, protocols));
  }
  errors.push(
    ...environmentErrors(asMaps(container.env), `${field}.env`),
    ...environmentSourceErrors(asMaps(container.envFrom), `${field}.envFrom`),
  );
  const paths = new Set<string>();
  for (const [index, mount] of asMaps(container.volumeMounts).entries()) {
    const path = `${field}.volumeMounts[${index}]`;
    if (asText(mount.name) === '') errors.push(required(`${path}.name`));
    if (asText(mount.mountPath) === '') errors.push(required(`${path}.mountPath`));
    if (!volumes.has(asText(mount.name))) errors.push(missing(`${path}.name`, asText(mount.name)));
    if (paths.has(asText(mount.mountPath))) errors.push(invalid(`${path}.mountPath`, asText(mount.mountPath), 'must be unique'));
    paths.add(asText(mount.mountPath));
  }
  errors.push(...enumError(container.imagePullPolicy, `${field}.imagePullPolicy`, pullPolicies));
  errors.push(...resourceErrors(container.resources, `${field}.resources`));
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
    errors.push(...probeErrors(container[probe], `${field}.${probe}`));
  for (const hook of ['postStart', 'preStop']) {
    const handler = at(container.lifecycle, hook);
    if (isMap(handler)) errors.push(...handlerErrors(handler, `${field}.lifecycle.${hook}`));
  }
  if (at(container, 'livenessProbe', 'successThreshold') !== undefined && at(container, 'livenessProbe', 'successThreshold') !== 1)
    errors.push(invalid(`${field}.livenessProbe.successThreshold`, at(container, 'livenessProbe', 'successThreshold'), 'must be 1'));
  return [...errors, ...securityContextErrors(container.securityContext, `${field}.securityContext`)];
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function tolerationErrors(toleration: JsonMap, field: string): FieldError[] {
  const [key, operator, value, effect] = [toleration.key, toleration.operator, toleration.value, toleration.effect].map(asText);
  const errors: FieldError[] = [];
  if (key) errors.push(...qualifiedNameErrors(key).map((error) => invalid(`${field}.key`, key, error)));
  else if (operator !== 'Exists')
    errors.push(
      invalid(`${field}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'),
    );
  if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute')
    errors.push(invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  if (operator === 'Exists') {
    if (value) errors.push(invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === '' || operator === 'Equal') {
    const problems = labelValueErrors(value ?? '');
    if (problems.length > 0) errors.push(invalid(`${field}.operator`, value, problems.join(';')));
  } else errors.push(unsupported(`${field}.operator`, operator, ['Equal', 'Exists']));
  if (effect && !effects.includes(effect)) errors.push(unsupported(`${field}.effect`, effect, effects));
  return errors;
}

function deadlineErrors(seconds: Json | undefined, field: string): FieldError[] {
  if (typeof seconds !== 'number' || (seconds >= 1 && seconds <= 2_147_483_647)) return [];
  return [invalid(field, seconds, 'must be between 1 and 2147483647, inclusive')];
}

/** Errors of a new pod. */
export function newPodErrors(spec: JsonMap): FieldError[] {
  const errors = podSpecErrors(spec, 'spec');
  if (asList(spec.ephemeralContainers).length > 0) errors.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  return errors;
}

/** Errors of a pod's spec. */
export function podSpecErrors(spec: JsonMap, field: string): FieldError[] {
  const { errors, names: volumes } = volumeErrors(asMaps(spec.volumes), `${field}.volumes`);
  const names = new Set<string>();
  const containers = asMaps(spec.containers);
  if (containers.length === 0) errors.push(required(`${field}.containers`));
  for (const [list, part] of [
    [containers, 'containers'],
    [asMaps(spec.initContainers), 'initContainers'],
    [asMaps(spec.ephemeralContainers), 'ephemeralContainers'],
  ] as const) {
    for (const [index, container] of list.entries()) {
      const path = `${field}.${part}[${index}]`;
      errors.push(...containerErrors(container, path, volumes));
      if (names.has(asText(container.name))) errors.push(duplicate(`${path}.name`, asText(container.name)));
      names.add(asText(container.name));
    }
  }
  errors.push(...enumError(spec.restartPolicy, `${field}.restartPolicy`, ['Always', 'OnFailure', 'Never']));
  errors.push(...enumError(spec.dnsPolicy, `${field}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']));
  errors.push(
    ...labelErrors(spec.nodeSelector, `${field}.nodeSelector`),
    ...identityErrors(asMap(spec.securityContext), `${field}.securityContext`),
    ...deadlineErrors(spec.activeDeadlineSeconds, `${field}.activeDeadlineSeconds`),
  );
  if (asText(spec.serviceAccountName) !== '')
    errors.push(
      ...dns1123SubdomainErrors(asText(spec.serviceAccountName)).map((error) =>
        invalid(`${field}.serviceAccountName`, asText(spec.serviceAccountName), error),
      ),
    );
  if (asText(spec.nodeName) !== '')
    errors.push(
      ...dns1123SubdomainErrors(asText(spec.nodeName)).map((error) => invalid(`${field}.nodeName`, asText(spec.nodeName), error)),
    );
  for (const [index, toleration] of asMaps(spec.tolerations).entries())
    errors.push(...tolerationErrors(toleration, `${field}.tolerations[${index}]`));
  if (asText(spec.hostname) !== '')
    errors.push(...dns1123LabelErrors(asText(spec.hostname)).map((error) => invalid(`${field}.hostname`, asText(spec.hostname), error)));
  if (asText(spec.priorityClassName) !== '')
    errors.push(
      ...dns1123SubdomainErrors(asText(spec.priorityClassName)).map((error) =>
        invalid(`${field}.priorityClassName`, asText(spec.priorityClassName), error),
      ),
    );
  return errors;
}

/** Errors of a pod template. */
export function templateErrors(template: JsonMap, field: string): FieldError[] {
  const metadata = asMap(template.metadata);
  return [
    ...labelErrors(metadata.labels, `${field}.labels`),
    ...annotationErrors(metadata.annotations, `${field}.annotations`),
    ...podSpecErrors(asMap(template.spec), `${field}.spec`),
  ];
}

const updatable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Errors of a change of a pod. */
export function podUpdateErrors(pod: KubeObject, old: KubeObject, subresource: string | undefined): FieldError[] {
  const [spec, before] = [specOf(pod), specOf(old)];
  if (subresource === 'status' || subresource === 'binding' || subresource === 'resize') return [];
  if (subresource === 'ephemeralcontainers')
    return podSpecErrors(spec, 'spec').filter(({ field }) => field.startsWith('spec.ephemeralContainers'));
  for (const part of ['containers', 'initContainers']) {
    if (asList(spec[part]).length !== asList(before[part]).length)
      return [forbiddenField(`spec.${part}`, 'pod updates may not add or remove containers')];
  }
  const munged = clone(spec);
  for (const part of ['containers', 'initContainers']) {
    for (const [index, container] of asMaps(munged[part]).entries()) container.image = at(before, part, index, 'image');
  }
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) {
    if (before[field] === undefined) delete munged[field];
    else munged[field] = before[field];
  }
  const errors: FieldError[] = [];
  const kept = asList(before.tolerations).every((toleration) => asList(spec.tolerations).some((other) => equal(toleration, other)));
  if (!kept) errors.push(forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  if (!equal(munged, before)) errors.push(forbiddenField('spec', `${updatable}\n${specDifference(before, munged)}`));
  return errors;
}
