import { isIP, isIPv4 } from 'node:net';
import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asNumber, asText, isMap } from '../json.ts';
import { portErrors, selectorErrors } from './common.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, portNameErrors, wildcardErrors } from './names.ts';

const hostErrors = (host: string): string[] => (host.includes('*') ? wildcardErrors(host) : dns1123SubdomainErrors(host));

function backendErrors(backend: JsonMap, field: string): FieldError[] {
  const { resource, service } = backend;
  if (isMap(resource) && isMap(service)) return [invalid(field, '', 'cannot set both resource and service backends')];
  if (isMap(resource)) return [];
  if (!isMap(service)) return [invalid(field, '', 'resource or service backend is required')];
  const name = asText(service.name);
  const port = asMap(service.port);
  const [portName, number] = [asText(port.name), asNumber(port.number)];
  const errors =
    name === ''
      ? [required(`${field}.service.name`)]
      : dns1123LabelErrors(name).map((error) => invalid(`${field}.service.name`, name, error));
  if (portName !== '' && number !== 0) errors.push(invalid(field, '', 'cannot set both port name & port number'));
  else if (portName !== '') errors.push(...portNameErrors(portName).map((error) => invalid(`${field}.service.port.name`, portName, error)));
  else if (number !== 0) errors.push(...portErrors(number, `${field}.service.port.number`));
  else errors.push(required(field, 'port name or number is required'));
  return errors;
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

function pathErrors(entry: JsonMap, field: string): FieldError[] {
  if (entry.pathType === undefined || entry.pathType === null) return [required(`${field}.pathType`, 'pathType must be specified')];
  const path = asText(entry.path);
  const errors: FieldError[] = [];
  if (!pathTypes.includes(asText(entry.pathType))) errors.push(unsupported(`${field}.pathType`, entry.pathType, pathTypes));
  else if (!path.startsWith('/') && (entry.pathType !== 'ImplementationSpecific' || path !== ''))
    errors.push(invalid(`${field}.path`, path, 'must be an absolute path'));
  if (entry.pathType === 'Exact' || entry.pathType === 'Prefix') {
    for (const part of ['//', '/./', '/../', '%2f', '%2F'])
      if (path.includes(part)) errors.push(invalid(`${field}.path`, path, `must not contain '${part}'`));
    for (const end of ['/..', '/.']) if (path.endsWith(end)) errors.push(invalid(`${field}.path`, path, `cannot end with '${end}'`));
  }
  return [...errors, ...backendErrors(asMap(entry.backend), `${field}.backend`)];
}

/** Errors of an Ingress. */
export function ingressErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = [];
  if (asList(spec.rules).length === 0 && spec.defaultBackend === undefined)
    errors.push(invalid('spec', spec.rules, 'either `defaultBackend` or `rules` must be specified'));
  if (isMap(spec.defaultBackend)) errors.push(...backendErrors(spec.defaultBackend, 'spec.defaultBackend'));
  for (const [index, rule] of asMaps(spec.rules).entries()) {
    const host = asText(rule.host);
    const field = `spec.rules[${index}]`;
    if (isIP(host) !== 0) errors.push(invalid(`${field}.host`, host, 'must be a DNS name, not an IP address'));
    if (host !== '') errors.push(...hostErrors(host).map((error) => invalid(`${field}.host`, host, error)));
    if (!isMap(rule.http)) continue;
    const paths = asMaps(rule.http.paths);
    if (paths.length === 0) errors.push(required(`${field}.http.paths`));
    for (const [number, path] of paths.entries()) errors.push(...pathErrors(path, `${field}.http.paths[${number}]`));
  }
  for (const [index, tls] of asMaps(spec.tls).entries()) {
    for (const [number, host] of asList(tls.hosts).map(asText).entries())
      errors.push(...hostErrors(host).map((error) => invalid(`spec.tls[${index}].hosts[${number}]`, host, error)));
    const secret = asText(tls.secretName);
    if (secret !== '')
      errors.push(...dns1123SubdomainErrors(secret).map((error) => invalid(`spec.tls[${index}].secretName`, secret, error)));
  }
  const className = asText(spec.ingressClassName);
  if (spec.ingressClassName !== undefined)
    errors.push(...dns1123SubdomainErrors(className).map((error) => invalid('spec.ingressClassName', className, error)));
  return errors;
}

function policyPortErrors(port: JsonMap, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (port.protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(asText(port.protocol)))
    errors.push(unsupported(`${field}.protocol`, port.protocol, ['TCP', 'UDP', 'SCTP']));
  const last = port.endPort;
  if (typeof port.port === 'number') {
    errors.push(...portErrors(port.port, `${field}.port`));
    if (last === undefined) return errors;
    if (asNumber(last) < port.port) errors.push(invalid(`${field}.endPort`, port.port, 'must be greater than or equal to `port`'));
    return [...errors, ...portErrors(last, `${field}.endPort`)];
  }
  const named = typeof port.port === 'string';
  if (last !== undefined)
    errors.push(invalid(`${field}.endPort`, last, `may not be specified when \`port\` is ${named ? 'non-numeric' : 'not specified'}`));
  const name = asText(port.port);
  return named ? [...errors, ...portNameErrors(name).map((error) => invalid(`${field}.port`, name, error))] : errors;
}

function isRange(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  return isIP(address) !== 0 && /^\d+$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128) && rest.length === 0;
}

function rangeErrors(text: string, field: string): FieldError[] {
  return isRange(text) ? [] : [invalid(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

function peerErrors(peer: JsonMap, field: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const errors = [
    ...selectorErrors(podSelector, `${field}.podSelector`),
    ...selectorErrors(namespaceSelector, `${field}.namespaceSelector`),
  ];
  if (isMap(ipBlock)) {
    const range = asText(ipBlock.cidr);
    if (range === '') errors.push(required(`${field}.ipBlock.cidr`));
    else errors.push(...rangeErrors(range, `${field}.ipBlock.cidr`));
    for (const [index, except] of asList(ipBlock.except).map(asText).entries())
      errors.push(...rangeErrors(except, `${field}.ipBlock.except[${index}]`));
  }
  if (!isMap(podSelector) && !isMap(namespaceSelector))
    return isMap(ipBlock) ? errors : [...errors, required(field, 'must specify a peer')];
  return isMap(ipBlock) ? [...errors, forbiddenField(field, 'may not specify both ipBlock and another peer')] : errors;
}

/** Errors of a NetworkPolicy. */
export function networkPolicyErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors = selectorErrors(spec.podSelector, 'spec.podSelector');
  for (const [direction, side] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of asMaps(spec[direction]).entries()) {
      const field = `spec.${direction}[${index}]`;
      for (const [number, port] of asMaps(rule.ports).entries()) errors.push(...policyPortErrors(port, `${field}.ports[${number}]`));
      for (const [number, peer] of asMaps(rule[side]).entries()) errors.push(...peerErrors(peer, `${field}.${side}[${number}]`));
    }
  }
  const types = asList(spec.policyTypes);
  if (types.length > 2) return [...errors, invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')];
  for (const [index, type] of types.entries())
    if (type !== 'Ingress' && type !== 'Egress') errors.push(unsupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']));
  return errors;
}
