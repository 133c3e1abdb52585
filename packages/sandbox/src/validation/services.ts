import type { FieldError } from '../api/field-errors.ts';
import { duplicate, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, equal, isMap } from '../json.ts';
import { intOrPercent, nonNegative, portErrors, selectorErrors } from './common.ts';
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
    const key = `${String(port.protocol)}/${String(port.port)}`;
    if (seen.has(key)) errors.push(duplicate(path, { protocol: port.protocol, port: port.port }));
    seen.add(key);
  }
  errors.push(...labelErrors(spec.selector, 'spec.selector'));
  if (!['ClientIP', 'None'].includes(asText(spec.sessionAffinity)))
    errors.push(unsupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']));
  return errors;
}

function addressChanges(spec: JsonMap, old: JsonMap): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  const given = asList(spec.clusterIPs);
  const first = asText(spec.clusterIP);
  const shown = first !== asText(given[0]) ? [first] : given;
  if (!equal(shown, asList(old.clusterIPs))) return [invalid('spec.clusterIPs[0]', shown, 'may not change once set')];
  return [];
}

/** Errors of an Ingress. */
export function ingressErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = [];
  if (asList(spec.rules).length === 0 && spec.defaultBackend === undefined)
    errors.push(invalid('spec', spec, 'either `defaultBackend` or `rules` must be specified'));
  for (const [index, rule] of asMaps(spec.rules).entries()) {
    const host = asText(rule.host);
    if (host !== '' && !host.startsWith('*.'))
      errors.push(...dns1123SubdomainErrors(host).map((error) => invalid(`spec.rules[${index}].host`, host, error)));
    for (const [at_, path] of asMaps(at(rule, 'http', 'paths')).entries()) {
      const field = `spec.rules[${index}].http.paths[${at_}]`;
      if (path.pathType === undefined) errors.push(required(`${field}.pathType`, 'pathType must be specified'));
      else if (!['Exact', 'ImplementationSpecific', 'Prefix'].includes(asText(path.pathType)))
        errors.push(unsupported(`${field}.pathType`, path.pathType, ['Exact', 'ImplementationSpecific', 'Prefix']));
      else if (path.pathType !== 'ImplementationSpecific' && !asText(path.path).startsWith('/'))
        errors.push(invalid(`${field}.path`, asText(path.path), 'must be an absolute path'));
      const service = at(path, 'backend', 'service');
      if (isMap(service)) {
        if (asText(service.name) === '') errors.push(required(`${field}.backend.service.name`));
        const port = asMap(service.port);
        if (asText(port.name) === '' && port.number === undefined)
          errors.push(required(`${field}.backend`, 'port name or number is required'));
        if (typeof port.number === 'number') errors.push(...portErrors(port.number, `${field}.backend.service.port.number`));
      }
    }
  }
  return errors;
}

/** Errors of a NetworkPolicy. */
export function networkPolicyErrors(object: KubeObject): FieldError[] {
  return selectorErrors(specOf(object).podSelector, 'spec.podSelector');
}

/** Errors of a PodDisruptionBudget. */
export function disruptionBudgetErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors = selectorErrors(spec.selector, 'spec.selector');
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
  return [...errors, ...intOrPercent(spec.minAvailable, 'spec.minAvailable'), ...intOrPercent(spec.maxUnavailable, 'spec.maxUnavailable')];
}

/** Errors of a HorizontalPodAutoscaler. */
export function autoscalerErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = [];
  const least = typeof spec.minReplicas === 'number' ? spec.minReplicas : 1;
  const most = typeof spec.maxReplicas === 'number' ? spec.maxReplicas : 0;
  if (least < 1) errors.push(invalid('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if (most < 1) errors.push(invalid('spec.maxReplicas', most, 'must be greater than 0'));
  if (most < least) errors.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  const target = asMap(spec.scaleTargetRef);
  if (asText(target.kind) === '') errors.push(required('spec.scaleTargetRef.kind'));
  if (asText(target.name) === '') errors.push(required('spec.scaleTargetRef.name'));
  return [...errors, ...nonNegative(spec.minReplicas, 'spec.minReplicas')];
}
