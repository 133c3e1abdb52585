import { isIP } from 'node:net';
import { invalid, invalidObject } from '../api/field-errors.ts';
import { serviceName } from '../builtin/cluster-addresses.ts';
import { clusterAddress, nodePorts, serviceNetwork } from '../builtin/cluster-addresses.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { AdmissionPlugin, Api } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asNumber, asText } from '../json.ts';

/** Services get their addresses and ports from the cluster's ranges. */
export const serviceAddresses: AdmissionPlugin = {
  name: 'ServiceAllocator',
  mutate({ operation, resource, object, old, subresource, dryRun }, api) {
    if (operation === 'delete' || resource.storage !== 'services' || subresource !== undefined) return;
    const spec = asMap(object.spec);
    if (old) keepAddresses(spec, specOf(old));
    if (spec.type !== 'ExternalName') allocateAddress(spec, object, api);
    else if (old)
      for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) delete spec[field];
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') allocatePorts(spec, object, api, dryRun);
    else if (old && specOf(old).type !== spec.type) for (const port of asMaps(spec.ports)) delete port.nodePort;
  },
};

/** What an update leaves out stays as it was. */
function keepAddresses(spec: JsonMap, old: JsonMap): void {
  if (spec.type === 'ExternalName') return;
  if (spec.clusterIP === undefined && old.clusterIP !== undefined) {
    spec.clusterIP = old.clusterIP;
    spec.clusterIPs = old.clusterIPs;
  }
  for (const field of ['ipFamilies', 'ipFamilyPolicy']) if (spec[field] === undefined) spec[field] = old[field];
  for (const port of asMaps(spec.ports)) {
    const same = asMaps(old.ports).find((other) => other.port === port.port && other.protocol === port.protocol);
    if (port.nodePort === undefined && same?.nodePort !== undefined && spec.type !== 'ClusterIP') port.nodePort = same.nodePort;
  }
}

function allocateAddress(spec: JsonMap, object: KubeObject, api: Api): void {
  const asked = asText(spec.clusterIP);
  if (asked === '') {
    const used = new Set(api.list('services').map((service) => asText(specOf(service).clusterIP)));
    spec.clusterIP = clusterAddress(api.random, used);
  } else if (asked !== 'None') {
    if (isIP(asked) === 4 && !asked.startsWith(serviceNetwork.prefix)) {
      const range = serviceNetwork.cidr;
      throw invalidObject({ group: '', kind: 'Service' }, serviceName(object), [
        invalid(
          'spec.clusterIPs',
          [asked],
          `failed to allocate IP ${asked}: the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${range}`,
        ),
      ]);
    }
    const taken = api.list('services').some((other) => specOf(other).clusterIP === asked && other.metadata.uid !== object.metadata.uid);
    if (taken && object.metadata.uid === undefined) {
      throw invalidObject({ group: '', kind: 'Service' }, serviceName(object), [
        invalid('spec.clusterIPs', [asked], 'failed to allocate IP ' + asked + ': provided IP is already allocated'),
      ]);
    }
  }
  if (asList(spec.clusterIPs).length === 0 || asList(spec.clusterIPs)[0] !== spec.clusterIP) {
    if (asList(spec.clusterIPs).length === 0) spec.clusterIPs = [spec.clusterIP ?? ''];
  }
  const unselecting = asked === 'None' && Object.keys(asMap(spec.selector)).length === 0;
  if (asList(spec.ipFamilies).length === 0) spec.ipFamilies = unselecting ? ['IPv4', 'IPv6'] : ['IPv4'];
  if (spec.ipFamilyPolicy === undefined) spec.ipFamilyPolicy = unselecting ? 'RequireDualStack' : 'SingleStack';
}

function allocatePorts(spec: JsonMap, object: KubeObject, api: Api, dryRun: boolean): void {
  const used = new Set<number>();
  for (const service of api.list('services')) {
    if (service.metadata.name === object.metadata.name && service.metadata.namespace === object.metadata.namespace) continue;
    for (const port of asMaps(specOf(service).ports)) if (asNumber(port.nodePort) > 0) used.add(asNumber(port.nodePort));
  }
  for (const [index, port] of asMaps(spec.ports).entries()) {
    const asked = asNumber(port.nodePort);
    const field = `spec.ports[${index}].nodePort`;
    const refuse = (detail: string): Error =>
      invalidObject({ group: '', kind: 'Service' }, serviceName(object), [invalid(field, asked, detail)]);
    if (!dryRun && asked > 0 && (asked < nodePorts.first || asked > nodePorts.last)) {
      throw refuse(`provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`);
    }
    if (asked > 0 && used.has(asked)) throw refuse('provided port is already allocated');
    if (asked === 0) {
      let free = nodePorts.first + api.random.below(nodePorts.last - nodePorts.first + 1);
      while (used.has(free)) free = free === nodePorts.last ? nodePorts.first : free + 1;
      port.nodePort = free;
    }
    used.add(asNumber(port.nodePort));
  }
}
