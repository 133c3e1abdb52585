import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { dayMs, minuteMs, showDuration } from '../../world/durations.ts';
import { fieldsAt, textAt, textsAt, timeAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { refTo, someOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { secretUserKinds, secretUsers } from './secret-users.ts';

/** So long before the end people want to know. */
const noticeMs = 14 * dayMs;
/** Short-lived certificates are renewed in time by programs: the last part of their life is the notice. */
const noticePart = 0.15;
/** Clocks differ. */
const clockMs = 5 * minuteMs;
const docs = 'https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets';

/** A TLS Secret whose certificate ended, ends soon, is not valid yet, does not belong to its key or can't be read. */
export const secretCertificate: Condition = {
  id: 'secret-certificate',
  kinds: ['Secret'],
  needs: ['Secret'],
  uses: [...secretUserKinds, 'Certificate', 'ReplicaSet', 'Job'],
  *find(world) {
    const found = world.all('Secret').flatMap((secret) => {
      const problem = secret.deletedAt === undefined ? problemOf(secret, world) : undefined;
      return problem === undefined ? [] : [{ secret, problem }];
    });
    if (found.length === 0) return;
    const users = secretUsers(world);
    for (const { secret, problem } of found) {
      const usedBy = users.get(`${secret.namespace ?? ''}/${secret.name}`) ?? [];
      const fault = toFault(secret, problem, usedBy);
      if (fault !== undefined) yield fault;
    }
  },
};

interface Problem {
  readonly reason: string;
  readonly says: string;
  readonly at: Fault['evidence'][number];
  /** Where somebody uses it, and where nobody is seen to: programs read Secrets also by the API. */
  readonly severity: readonly [Fault['severity'], Fault['severity'] | undefined];
}

function problemOf(secret: WorldObject, world: World): Problem | undefined {
  const certificate = fieldsAt(secret.body, 'certificate');
  // Whose values are to come has nothing that could be wrong.
  if (
    Object.keys(certificate).length === 0 ||
    ['tls.crt', 'tls.key'].some((key) => textsAt(secret.body, 'emptyKeys').includes(key) || !textsAt(secret.body, 'keys').includes(key))
  )
    return undefined;
  const error = textAt(certificate, 'error');
  if (error !== '')
    return {
      reason: 'CertificateUnreadable',
      says: `its certificate or key can not be read: ${error}`,
      at: fieldEvidence('data.tls.crt', error),
      severity: ['warning', undefined],
    };
  return ofTimes(certificate, world) ?? ofKey(certificate);
}

function ofTimes(certificate: Fields, { now }: World): Problem | undefined {
  const [from, to] = [timeAt(certificate, 'notBefore'), timeAt(certificate, 'notAfter')];
  if (to !== undefined && to <= now)
    return {
      reason: 'CertificateExpired',
      says: `its certificate (${nameOf(certificate)}) ended ${showDuration(now - to)} ago`,
      at: fieldEvidence('tls.crt notAfter', new Date(to).toISOString()),
      severity: ['critical', 'info'],
    };
  if (from !== undefined && from - now > clockMs)
    return {
      reason: 'CertificateNotYetValid',
      says: `its certificate (${nameOf(certificate)}) is valid only in ${showDuration(from - now)}`,
      at: fieldEvidence('tls.crt notBefore', new Date(from).toISOString()),
      severity: ['critical', 'info'],
    };
  if (to === undefined || to - now > Math.min(noticeMs, (to - (from ?? now)) * noticePart)) return undefined;
  return {
    reason: 'CertificateEndsSoon',
    says: `its certificate (${nameOf(certificate)}) ends in ${showDuration(to - now)}`,
    at: fieldEvidence('tls.crt notAfter', new Date(to).toISOString()),
    severity: ['warning', undefined],
  };
}

function ofKey(certificate: Fields): Problem | undefined {
  if (certificate['matchesKey'] !== false) return undefined;
  return {
    reason: 'CertificateKeyMismatch',
    says: `its key does not belong to its certificate (${nameOf(certificate)}): no server can use it`,
    at: fieldEvidence('tls.key', 'the key of another certificate'),
    severity: ['critical', 'warning'],
  };
}

function nameOf(certificate: Fields): string {
  return (textAt(certificate, 'names').replaceAll('DNS:', '') || textAt(certificate, 'subject').replaceAll('\n', ', ')).slice(0, 100);
}

function toFault(
  secret: WorldObject,
  { reason, says, at, severity: [used, unused] }: Problem,
  usedBy: readonly string[],
): Fault | undefined {
  const severity = usedBy.length > 0 ? used : unused;
  if (severity === undefined) return undefined;
  const issued = secret.annotations['cert-manager.io/certificate-name'];
  const namespace = secret.namespace ?? 'default';
  return {
    object: secret,
    reason,
    severity,
    summary: `${says}${usedBy.length > 0 ? `; ${someOf(usedBy)} ${usedBy.length === 1 ? 'uses' : 'use'} it` : '; nobody is seen to use it'}`,
    evidence: [at],
    fix:
      issued === undefined
        ? [`kubectl describe secret ${secret.name} -n ${namespace}`]
        : [`kubectl describe certificate ${issued} -n ${namespace}`],
    causedBy: issued === undefined ? [] : [refTo('Certificate', secret.namespace, issued)],
    docs,
  };
}
