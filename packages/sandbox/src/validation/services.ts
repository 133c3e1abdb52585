import { isIP } from 'node:net';
import type { FieldError } from '../api/field-errors.ts';
import { duplicate, forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMaps, asText, at, equal, written } from '../json.ts';
import { portErrors } from './common.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, labelErrors, portNameErrors } from './names.ts';

/** Errors of a Service. */
export function serviceErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = old ? addressChanges(spec, specOf(old)) : [];
  const headless = spec.clusterIP === 'None';
  const ports = asMaps(spec.ports);
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  if (!['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'].includes(asText(spec.type)))
    errors.push(unsupported('spec.type', spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  if (spec.type === 'ExternalName') {
    const name = asText(spec.externalName);
    if (name === '') errors.push(required('spec.externalName'));
    else errors.push(...dns1123SubdomainErrors(name).map((error) => invalid('spec.externalName', name, error)));
  }
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    const name = asText(port.name);
    if (name === '' && ports.length > 1) errors.push(required(`${path}.name`));
    if (name !== '') {
      errors.push(...dns1123LabelErrors(name).map((error) => invalid(`${path}.name`, name, error)));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    errors.push(...portErrors(port.port, `${path}.port`));
    if (!['SCTP', 'TCP', 'UDP'].includes(asText(port.protocol)))
      errors.push(unsupported(`${path}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
    if (typeof port.targetPort === 'string')
      errors.push(...portNameErrors(port.targetPort).map((error) => invalid(`${path}.targetPort`, port.targetPort, error)));
    else errors.push(...portErrors(port.targetPort, `${path}.targetPort`));
    if (port.nodePort !== undefined && port.nodePort !== 0 && spec.type === 'ClusterIP')
      errors.push(forbiddenField(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    const key = `${written(port.protocol)}/${written(port.port)}`;
    if (seen.has(key)) {
      const form = { Name: '', Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 };
      errors.push(duplicate(path, form));
    }
    seen.add(key);
  }
  errors.push(...labelErrors(spec.selector, 'spec.selector'), ...addressErrors(spec));
  if (!['ClientIP', 'None'].includes(asText(spec.sessionAffinity)))
    errors.push(unsupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']));
  return errors;
}

/** Errors of the status of a Service. */
export function serviceStatusErrors(object: KubeObject): FieldError[] {
  const ingress = asMaps(at(object.status, 'loadBalancer', 'ingress'));
  if (ingress.length === 0) return [];
  if (specOf(object).type !== 'LoadBalancer')
    return [forbiddenField('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'")];
  return ingress.flatMap(({ ip }, index) =>
    ip === undefined || isAddress(ip) ? [] : [badAddress(`status.loadBalancer.ingress[${index}].ip`, ip)],
  );
}

const isAddress = (value: Json): boolean => isIP(asText(value)) !== 0;
const badAddress = (field: string, value: Json): FieldError => {
  const padded = /^\d+(\.\d+){3}$/.test(asText(value)) && /\b0\d/.test(asText(value));
  return invalid(field, value, padded ? 'must not have leading 0s' : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
};

function addressErrors(spec: JsonMap): FieldError[] {
  const addresses = asList(spec.clusterIPs).filter((address) => address !== 'None' && address !== '');
  const bad = addresses.filter((address) => !isAddress(address)).map((address) => badAddress('spec.clusterIPs[0]', address));
  const external = asList(spec.externalIPs).flatMap((address, index) =>
    isAddress(address) ? [] : [badAddress(`spec.externalIPs[${index}]`, address)],
  );
  const reachable = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || asList(spec.externalIPs).length > 0;
  const policy =
    spec.externalTrafficPolicy === undefined || reachable
      ? []
      : [invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy, 'may only be set for externally-accessible services')];
  return [...bad, ...external, ...policy];
}

function addressChanges(spec: JsonMap, old: JsonMap): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  const given = asList(spec.clusterIPs);
  const first = asText(spec.clusterIP);
  const shown = first !== asText(given[0]) ? [first] : given;
  if (!equal(shown, asList(old.clusterIPs))) return [invalid('spec.clusterIPs[0]', shown, 'may not change once set')];
  return [];
}
