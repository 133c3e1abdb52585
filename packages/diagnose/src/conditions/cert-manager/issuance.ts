import { fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusConditions } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** How far the issuance of a certificate has come. */
export interface Issuance {
  /** What its last step says; empty where nothing is told. */
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

/** Follows a Certificate down its latest request, order and challenges to where it stops. */
export function issuanceOf(certificate: WorldObject, world: World): Issuance {
  const request = newest(world.ownedBy(certificate, 'CertificateRequest'));
  if (request === undefined) return { says: '', evidence: [] };
  const steps: { readonly says: string; readonly evidence: Evidence }[] = [];
  const refused = statusConditions(request.body).find(
    ({ type, status }) => (type === 'Ready' && status !== 'True') || (/^(?:Denied|InvalidRequest)$/.test(type) && status === 'True'),
  );
  if (refused !== undefined)
    steps.push({ says: saidBy(refused), evidence: conditionEvidence(refused, `certificaterequest/${request.name} status.conditions`) });
  const order = newest(world.ownedBy(request, 'AcmeOrder'));
  const reason = order === undefined ? '' : textAt(order.body, 'status.reason');
  if (order !== undefined && reason !== '')
    steps.push({
      says: saidBy({ reason: textAt(order.body, 'status.state'), message: reason }),
      evidence: fieldEvidence(`order/${order.name} status`, `${textAt(order.body, 'status.state')}: ${reason}`),
    });
  const challenges = order === undefined ? [] : world.ownedBy(order, 'AcmeChallenge');
  for (const challenge of challenges) {
    const why = textAt(challenge.body, 'status.reason');
    const state = textAt(challenge.body, 'status.state');
    if (state === 'valid' || why === '') continue;
    const what = `${textAt(challenge.body, 'spec.type')} of ${textAt(challenge.body, 'spec.dnsName')}`;
    steps.push({
      says: `${what}: ${saidBy({ reason: state, message: why })}`,
      evidence: fieldEvidence(`challenge/${challenge.name} status`, `${state}: ${why}`),
    });
  }
  return { says: steps.at(-1)?.says ?? '', evidence: steps.map(({ evidence }) => evidence) };
}

function newest(objects: readonly WorldObject[]): WorldObject | undefined {
  return objects.toSorted((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0))[0];
}
