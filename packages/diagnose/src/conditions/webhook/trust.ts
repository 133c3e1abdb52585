import { fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import type { BackendRef } from '../../world/backend.ts';
import { certificatesOf } from '../../world/certificates.ts';
import { fieldsAt, labelsAt, textAt, textsAt, timeAt } from '../../world/fields.ts';
import { isCovered, namesOfCertificate } from '../../world/host-names.ts';
import { referencesOf } from '../../world/references.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';

/** Why a server of the cluster is not trusted. */
export interface TrustFault {
  readonly reason: string;
  readonly says: string;
  readonly evidence: readonly Evidence[];
  /** The Secret with its certificate, where that is the cause. */
  readonly secret?: ObjectRef;
  readonly expiredAt?: number;
}

/** What is wrong with the authorities (`caBundle`, PEM in base64) by which the API server checks a Service; undefined for nothing. */
export function bundleFault(caBundle: string, now: number): TrustFault | undefined {
  if (caBundle === '') {
    return {
      reason: 'CABundleEmpty',
      says: 'its caBundle is empty, and public authorities sign no names of Services',
      evidence: [fieldEvidence('clientConfig.caBundle', 'empty')],
    };
  }
  const pem = Buffer.from(caBundle, 'base64').toString('utf8');
  const certificates = certificatesOf(pem);
  if (certificates.length === 0)
    return {
      reason: 'CABundleInvalid',
      says: 'its caBundle holds no certificate',
      evidence: [fieldEvidence('clientConfig.caBundle', 'no certificate')],
    };
  const ends = certificates.map(({ validTo }) => Date.parse(validTo));
  const last = Math.max(...ends);
  if (!(last < now)) return undefined;
  return {
    reason: 'CAExpired',
    says: `the authority in its caBundle expired`,
    evidence: [fieldEvidence('clientConfig.caBundle', `valid until ${new Date(last).toISOString()}`)],
    expiredAt: last,
  };
}

/** What is wrong with the certificate that the pods behind a Service mount, as far as it can be told which one they serve. */
export function servingFault(backend: BackendRef, caBundle: string, world: World): TrustFault | undefined {
  const host = `${backend.name}.${backend.namespace ?? ''}.svc`;
  const secret = secretsOf(backend, world).find((each) => isCovered(host, namesOfCertificate(each)));
  if (secret === undefined) return undefined;
  const ref = { kind: 'Secret', namespace: backend.namespace ?? '', name: secret.name };
  const notAfter = timeAt(secret.body, 'certificate.notAfter');
  if (notAfter !== undefined && notAfter < world.now) {
    return {
      reason: 'ServingCertificateExpired',
      says: `the certificate in the Secret ${secret.name} expired`,
      evidence: [fieldEvidence(`secret/${secret.name} tls.crt`, `valid until ${new Date(notAfter).toISOString()}`)],
      secret: ref,
      expiredAt: notAfter,
    };
  }
  const authorities = certificatesOf(Buffer.from(caBundle, 'base64').toString('utf8')).map(({ subject }) => subject);
  const issuers = textsAt(secret.body, 'certificate.issuers');
  if (issuers.length === 0 || issuers.includes('') || issuers.some((issuer) => authorities.includes(issuer))) return undefined;
  if (authorities.includes(textAt(secret.body, 'certificate.subject'))) return undefined;
  const oneLine = (name = ''): string => name.replaceAll('\n', ', ');
  return {
    reason: 'CAMismatch',
    says: `the certificate in the Secret ${secret.name} is not of the authority in its caBundle`,
    evidence: [
      fieldEvidence(`secret/${secret.name} tls.crt`, `issued by ${oneLine(issuers.at(-1))}`),
      fieldEvidence('clientConfig.caBundle', authorities.map(oneLine).join('; ')),
    ],
    secret: ref,
  };
}

function secretsOf({ namespace, name }: BackendRef, world: World): readonly WorldObject[] {
  const service = world.find({ kind: 'Service', ...(namespace === undefined ? {} : { namespace }), name });
  if (service === undefined || namespace === undefined) return [];
  const [pod] = world.withLabels('Pod', namespace, labelsAt(service.body, 'spec.selector'));
  if (pod === undefined) return [];
  return referencesOf(fieldsAt(pod.body, 'spec'))
    .filter(({ kind, use }) => kind === 'Secret' && use === 'volume')
    .flatMap((each) => world.find({ kind: 'Secret', namespace, name: each.name }) ?? []);
}
