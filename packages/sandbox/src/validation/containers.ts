import type { FieldError } from '../api/field-errors.ts';
import { duplicate, forbiddenField, invalid, missing, required } from '../api/field-errors.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, isMap } from '../json.ts';
import { parseQuantity } from '../schema/quantity.ts';
import { enumError, nonNegative, portErrors } from './common.ts';
import { environmentErrors, environmentSourceErrors } from './environment.ts';
import { containerResourceErrors, mayOvercommit } from './limits.ts';
import { dns1123LabelErrors, portNameErrors } from './names.ts';
import { securityContextErrors } from './security-context.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];

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

/** Errors of a container. */
export function containerErrors(container: JsonMap, field: string, volumes: ReadonlySet<string>): FieldError[] {
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
