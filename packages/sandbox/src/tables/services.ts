import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asNumber, asText, at, written } from '../json.ts';
import { age, labelSelectorText, labelsText, listWithMore, orElse } from './format.ts';

const name = (object: KubeObject): string => object.metadata.name ?? '';

function externalAddress(object: KubeObject): string {
  const spec = specOf(object);
  const own = asList(spec.externalIPs).map(asText);
  switch (spec.type) {
    case 'ExternalName':
      return asText(spec.externalName);
    case 'LoadBalancer': {
      const given = asMaps(at(object, 'status', 'loadBalancer', 'ingress')).map((entry) => orElse(entry.ip, asText(entry.hostname)));
      return orElse([...given, ...own].join(','), '<pending>');
    }
    default:
      return orElse(own.join(','), '<none>');
  }
}

const portText = (port: JsonMap): string =>
  `${asNumber(port.port)}${asNumber(port.nodePort) > 0 ? `:${asNumber(port.nodePort)}` : ''}/${asText(port.protocol)}`;

/** Services. */
export function serviceCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  return [
    name(object),
    asText(spec.type),
    orElse(asList(spec.clusterIPs)[0], '<none>'),
    externalAddress(object),
    orElse(asMaps(spec.ports).map(portText).join(','), '<none>'),
    age(object, now),
    labelsText(spec.selector),
  ];
}

/** Endpoints. */
export function endpointsCells(object: KubeObject, now: number): Json[] {
  const list = asMaps(object.subsets).flatMap((subset) => {
    const addresses = asMaps(subset.addresses).map(({ ip }) => asText(ip));
    const ports = asMaps(subset.ports);
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((address) => `${address}:${asNumber(port.port)}`));
  });
  return [name(object), asList(object.subsets).length > 0 && list.length === 0 ? '' : listWithMore(list, 3), age(object, now)];
}

/** EndpointSlices. */
export function endpointSliceCells(object: KubeObject, now: number): Json[] {
  const ports = asMaps(object.ports).map((port) => (typeof port.port === 'number' ? String(port.port) : orElse(port.name, '*')));
  const addresses = asMaps(object.endpoints).flatMap((endpoint) => asList(endpoint.addresses).map(asText));
  return [
    name(object),
    asText(object.addressType),
    ports.length === 0 ? '<unset>' : listWithMore(ports, 3),
    addresses.length === 0 ? '<unset>' : listWithMore(addresses, 3),
    age(object, now),
  ];
}

/** Ingresses. */
export function ingressCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const hosts = asMaps(spec.rules)
    .map(({ host }) => asText(host))
    .filter((host) => host !== '');
  const more = hosts.length > 3 ? ` + ${hosts.length - 3} more...` : '';
  const addresses = asMaps(at(object, 'status', 'loadBalancer', 'ingress')).map((entry) => orElse(entry.ip, asText(entry.hostname)));
  return [
    name(object),
    orElse(spec.ingressClassName, '<none>'),
    hosts.length === 0 ? '*' : `${hosts.slice(0, 3).join(',')}${more}`,
    [...new Set(addresses)].sort().join(','),
    asList(spec.tls).length > 0 ? '80, 443' : '80',
    age(object, now),
  ];
}

/** IngressClasses. */
export function ingressClassCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const parameters = asMap(spec.parameters);
  const group = asText(parameters.apiGroup) === '' ? '' : `.${asText(parameters.apiGroup)}`;
  const preferred = object.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : '';
  return [
    `${name(object)}${preferred}`,
    asText(spec.controller),
    spec.parameters ? `${asText(parameters.kind)}${group}/${asText(parameters.name)}` : '<none>',
    age(object, now),
  ];
}

/** NetworkPolicies. */
export function networkPolicyCells(object: KubeObject, now: number): Json[] {
  return [name(object), labelSelectorText(specOf(object).podSelector), age(object, now)];
}

/** PodDisruptionBudgets. */
export function disruptionBudgetCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const amount = (value: Json | undefined): string => (value === undefined ? 'N/A' : written(value));
  return [
    name(object),
    amount(spec.minAvailable),
    amount(spec.maxUnavailable),
    asNumber(statusOf(object).disruptionsAllowed),
    age(object, now),
  ];
}
