import type { Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { labelsAt, listAt, textAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import type { Call } from './calls.ts';
import { allows, policiesFor, rulesOf } from './policies.ts';

/** What CoreDNS listens on behind port 53, where it is not that. */
const dnsPorts: readonly number[] = [53, 5353, 8053, 1053];

/** Pods that call by name and may not ask the cluster's DNS. Where nothing at all may be called, that is said of the Service already. */
export function* dnsFault(pod: WorldObject, calls: readonly Call[], world: World): Generator<Fault> {
  const policies = policiesFor(pod, 'Egress', world);
  const [policy] = policies;
  if (policy === undefined || policies.every((each) => rulesOf(each, 'Egress').length === 0)) return;
  // These ask another DNS, or none.
  if (/^(?:None|Default)$/.test(textAt(pod.body, 'spec.dnsPolicy')) || listAt(pod.body, 'spec.hostAliases').length > 0) return;
  const servers = dnsPods(world);
  const isAllowed = policies.some(
    (each) =>
      rulesOf(each, 'Egress').some((rule) => (servers.length === 0 || toAddresses(rule)) && isForDns(rule)) ||
      servers.some((server) =>
        dnsPorts.some((port) => allows(each, 'Egress', { way: { from: pod, to: { pod: server, port, protocol: 'UDP' } }, world })),
      ),
  );
  if (isAllowed) return;
  const caller = world.ownersOf(pod).at(-1) ?? pod;
  const who = `${caller.kind.toLowerCase()}/${caller.name}`;
  const names = [...new Set(calls.map(({ service }) => service.name))];
  yield {
    object: policy,
    reason: 'PolicyBlocksDNS',
    severity: 'warning',
    summary: `it keeps ${who} from the cluster's DNS (no egress rule allows UDP 53 to it), and so from ${names.join(', ')} and whatever else it calls by name`,
    evidence: [
      ...calls.slice(0, 2).map(({ at, text }) => fieldEvidence(`${who} ${at}`, text)),
      ...policies.map((each) => fieldEvidence(`networkpolicy/${each.name}`, 'Egress, no rule for DNS fits')),
    ],
    fix: policies.slice(0, 2).map((each) => `kubectl describe networkpolicy ${each.name} -n ${each.namespace ?? 'default'}`),
    docs: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  };
}

/** The pods of the cluster's DNS, where they may be seen. */
function dnsPods(world: World): readonly WorldObject[] {
  return ['kube-system', 'openshift-dns'].flatMap((namespace) =>
    world
      .inNamespace('Service', namespace)
      .filter(({ name, labels }) => labels['k8s-app'] === 'kube-dns' || /^(?:kube-dns|coredns|dns-default)$/.test(name))
      .flatMap(({ body }) => world.withLabels('Pod', namespace, labelsAt(body, 'spec.selector'))),
  );
}

/** Addresses may be those of a DNS on each node, or of the Service itself. */
function toAddresses(rule: Fields): boolean {
  return listAt(rule, 'to').some((peer) => 'ipBlock' in peer);
}

function isForDns(rule: Fields): boolean {
  const ports = listAt(rule, 'ports');
  return (
    ports.length === 0 ||
    ports.some(({ protocol, port, endPort }) => {
      if (protocol !== 'UDP') return false;
      if (typeof port !== 'number') return true;
      return dnsPorts.some((each) => (typeof endPort === 'number' ? port <= each && each <= endPort : port === each));
    })
  );
}
