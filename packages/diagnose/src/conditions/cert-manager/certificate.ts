import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { describeCommand } from '../../world/commands.ts';
import { hourMs, minuteMs, showDuration } from '../../world/durations.ts';
import { numberAt, textAt, timeAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';
import { issuanceOf } from './issuance.ts';

/** An authority and DNS need minutes. */
const issuingMs = 15 * minuteMs;
const docs = 'https://cert-manager.io/docs/troubleshooting/';

/** A Certificate that is not issued, or not renewed, and where it stops. */
export const certManagerCertificate: Condition = {
  id: 'cert-manager-certificate',
  kinds: ['Certificate'],
  needs: ['Certificate'],
  uses: ['CertificateRequest', 'AcmeOrder', 'AcmeChallenge', 'Issuer', 'ClusterIssuer'],
  *find(world) {
    for (const certificate of world.all('Certificate')) {
      if (certificate.deletedAt !== undefined) continue;
      const fault = faultOf(certificate, world);
      // It may be owned by an Ingress; it is told at itself.
      if (fault !== undefined) yield { fix: [describeCommand(certificate)], docs, rollsUp: false, ...fault, object: certificate };
    }
  },
};

/** The issuer that a Certificate names; undefined for one of another project. */
export function issuerOf({ namespace, body }: WorldObject): ObjectRef | undefined {
  if (!['', 'cert-manager.io'].includes(textAt(body, 'spec.issuerRef.group'))) return undefined;
  const name = textAt(body, 'spec.issuerRef.name');
  const kind = textAt(body, 'spec.issuerRef.kind') || 'Issuer';
  return kind === 'ClusterIssuer' ? { kind, name } : { kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function faultOf(certificate: WorldObject, world: World): Omit<Fault, 'object'> | undefined {
  const { body } = certificate;
  const ready = statusCondition(body, 'Ready');
  const failures = numberAt(body, 'status.failedIssuanceAttempts') ?? 0;
  const notAfter = timeAt(body, 'status.notAfter');
  const renewal = timeAt(body, 'status.renewalTime');
  const issuer = issuerOf(certificate);
  const causedBy = issuer === undefined ? [] : [issuer];
  if (ready?.status === 'True') {
    if (renewal === undefined || world.now - renewal < hourMs) return undefined;
    const { says, evidence } = issuanceOf(certificate, world);
    return {
      reason: 'CertificateNotRenewed',
      severity: 'warning',
      summary: `it should have been renewed ${showDuration(world.now - renewal)} ago${notAfter === undefined ? '' : `, and is valid until ${new Date(notAfter).toISOString()}`}${says === '' ? '' : `: ${says}`}`,
      evidence: [fieldEvidence('status.renewalTime', new Date(renewal).toISOString()), ...evidence],
      since: renewal,
      causedBy,
    };
  }
  const since = ready?.since ?? certificate.createdAt ?? 0;
  if (failures === 0 && world.now - since < issuingMs) return undefined;
  const isServing = notAfter !== undefined && notAfter > world.now;
  const told: readonly Evidence[] = ready === undefined ? [] : [conditionEvidence(ready)];
  const common = { severity: isServing ? 'warning' : 'critical', since, causedBy } as const;
  if (issuer !== undefined && world.lookup(issuer.kind, issuer.namespace, issuer.name).type === 'missing') {
    return {
      ...common,
      reason: 'CertificateIssuerMissing',
      summary: `its ${issuer.kind} ${issuer.name} does not exist`,
      evidence: [fieldEvidence('spec.issuerRef', `${issuer.kind}/${issuer.name}`), ...told],
      fix: [`kubectl get ${issuer.kind === 'ClusterIssuer' ? 'clusterissuers' : `issuers -n ${issuer.namespace ?? 'default'}`}`],
    };
  }
  const { says, evidence } = issuanceOf(certificate, world);
  return {
    ...common,
    reason: 'CertificateNotReady',
    summary: `it is not ${isServing ? 'up to date' : 'issued'}${failures === 0 ? '' : ` after ${failures === 1 ? 'one attempt' : `${failures} attempts`}`}: ${says || (ready === undefined ? 'cert-manager has not looked at it' : saidBy(ready))}`,
    evidence: [...told, ...evidence],
  };
}
