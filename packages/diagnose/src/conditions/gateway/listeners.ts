import type { Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs } from '../../world/durations.ts';
import { listAt, textAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusConditions } from '../../world/status.ts';
import type { StatusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { isGranted } from './grants.ts';

const patienceMs = 5 * minuteMs;
/** What is asked of an authority takes minutes. */
const issuingMs = 15 * minuteMs;
const docs = 'https://gateway-api.sigs.k8s.io/api-types/gateway/';

/** Listeners of a Gateway that do not listen: each with the first thing that its controller says, or with a certificate that is not there. */
export function* listenerFaults(gateway: WorldObject, world: World): Generator<Fault> {
  const listeners = listAt(gateway.body, 'spec.listeners');
  const broken = listeners.flatMap((listener) => {
    const name = textAt(listener, 'name');
    const status = listAt(gateway.body, 'status.listeners').find((each) => textAt(each, 'name') === name) ?? {};
    const bad = statusConditions(status, 'conditions').find((condition) => isBad(condition, gateway, world));
    const lack = certificateLack(listener, gateway, world);
    return bad === undefined && lack === undefined ? [] : [{ name, bad, lack }];
  });
  const [first] = broken;
  if (first === undefined) return;
  const isCertificate = broken.some(({ lack }) => lack !== undefined);
  yield {
    object: gateway,
    reason: isCertificate ? 'ListenerCertificateMissing' : 'ListenerNotReady',
    severity: broken.length === listeners.length ? 'critical' : 'warning',
    summary: `${broken.length === 1 ? `listener ${first.name} does` : `listeners ${broken.map(({ name }) => name).join(', ')} do`} not work: ${first.lack?.says ?? saidBy(first.bad ?? { reason: '', message: '' })}`,
    evidence: broken.flatMap(({ name, bad, lack }) => [
      ...(bad === undefined ? [] : [conditionEvidence(bad, `status.listeners[${name}].conditions`)]),
      ...(lack === undefined ? [] : [fieldEvidence(`spec.listeners[${name}].tls.certificateRefs`, lack.secret)]),
    ]),
    fix: [`kubectl describe gateways.gateway.networking.k8s.io ${gateway.name} -n ${gateway.namespace ?? 'default'}`],
    since: first.bad?.since,
    causedBy: broken.flatMap(({ lack }) =>
      lack === undefined
        ? []
        : [
            { kind: 'Certificate', namespace: lack.namespace, name: lack.name },
            { kind: 'Secret', namespace: lack.namespace, name: lack.name },
          ],
    ),
    docs,
  };
}

function isBad({ type, status, since }: StatusCondition, gateway: WorldObject, { now }: World): boolean {
  if (now - (since ?? gateway.createdAt ?? 0) < patienceMs) return false;
  return type === 'Conflicted' ? status === 'True' : /^(?:Accepted|ResolvedRefs|Programmed)$/.test(type) && status === 'False';
}

interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly world: World;
}

function isBeingIssued(gateway: WorldObject, { namespace, name, world }: Wanted): boolean {
  const certificate = world.find({ kind: 'Certificate', namespace, name });
  const isAsked = certificate !== undefined || Object.keys(gateway.annotations).some((each) => each.startsWith('cert-manager.io/'));
  return isAsked && world.now - Math.max(gateway.createdAt ?? 0, certificate?.createdAt ?? 0) < issuingMs;
}

interface Lack {
  readonly says: string;
  readonly secret: string;
  readonly namespace: string;
  readonly name: string;
}

function certificateLack(listener: Fields, gateway: WorldObject, world: World): Lack | undefined {
  const own = gateway.namespace ?? '';
  for (const ref of listAt(listener, 'tls.certificateRefs')) {
    if (!['', 'Secret'].includes(textAt(ref, 'kind')) || textAt(ref, 'group') !== '') continue;
    const namespace = textAt(ref, 'namespace') || own;
    const name = textAt(ref, 'name');
    const common = { namespace, name, secret: `${namespace}/${name}` };
    if (world.lookup('Secret', namespace, name).type === 'missing' && !isBeingIssued(gateway, { namespace, name, world }))
      return { ...common, says: `the Secret ${name} with its certificate does not exist in namespace ${namespace}` };
    const from = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: own };
    const isTold = statusConditions(
      listAt(gateway.body, 'status.listeners').find((each) => each['name'] === listener['name']),
      'conditions',
    ).some(({ type, reason, status }) => type === 'ResolvedRefs' && status === 'False' && reason === 'RefNotPermitted');
    if (isTold && isGranted({ from, to: { group: '', kind: 'Secret', namespace, name } }, world) === false)
      return { ...common, says: `no ReferenceGrant in namespace ${namespace} lets Gateways of ${own} use its Secret ${name}` };
  }
  return undefined;
}
