import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs } from '../../world/durations.ts';
import { listAt, textAt, textsAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { isCovered, namesOfCertificate } from '../../world/host-names.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { isCloudController } from './ingress-class.ts';

/** What is asked of an authority takes minutes. */
const issuingMs = 15 * minuteMs;
const docs = 'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls';

/** An Ingress whose TLS Secret does not exist, holds no certificate, or one for other hosts. */
export const ingressTls: Condition = {
  id: 'ingress-tls',
  kinds: ['Ingress'],
  needs: ['Ingress', 'Secret'],
  uses: ['Certificate', 'IngressClass'],
  *find(world) {
    for (const ingress of world.all('Ingress')) {
      // Load balancers of clouds have their certificates elsewhere, whatever the Ingress names.
      if (ingress.deletedAt !== undefined || isCloudController(ingress, world)) continue;
      for (const entry of listAt(ingress.body, 'spec.tls')) yield* ofEntry(ingress, entry, world);
    }
  },
};

function* ofEntry(ingress: WorldObject, entry: Fields, world: World): Generator<Fault> {
  const name = textAt(entry, 'secretName');
  // Without a name it is the controller's own certificate; Contour takes one from another namespace where it is told to.
  if (name === '' || 'projectcontour.io/tls-cert-namespace' in ingress.annotations) return;
  const { namespace = 'default' } = ingress;
  const secret = world.lookup('Secret', ingress.namespace, name);
  const hosts = textsAt(entry, 'hosts');
  const common = {
    object: ingress,
    severity: 'warning',
    causedBy: [
      { kind: 'Certificate', namespace, name },
      { kind: 'Secret', namespace, name },
    ],
    docs,
  } as const;
  const at = fieldEvidence(`spec.tls[${hosts.join(', ') || '*'}].secretName`, name);
  if (secret.type === 'missing') {
    const certificate = world.find({ kind: 'Certificate', namespace, name });
    const isIssued =
      certificate !== undefined || Object.keys(ingress.annotations).some((each) => /cert-manager\.io\/|tls-acme$/.test(each));
    const since = Math.max(ingress.createdAt ?? 0, certificate?.createdAt ?? 0);
    if (isIssued && world.now - since < issuingMs) return;
    yield {
      ...common,
      reason: 'TLSSecretMissing',
      summary: `the Secret ${name} with the certificate for ${hosts.join(', ') || 'all hosts'} does not exist: clients get another certificate, or none`,
      evidence: [at],
      fix: certificate === undefined ? [`kubectl get secrets -n ${namespace}`] : [`kubectl describe certificate ${name} -n ${namespace}`],
    };
  }
  if (secret.type !== 'found') return;
  const lacks = ['tls.crt', 'tls.key'].filter(
    (key) => !textsAt(secret.object.body, 'keys').includes(key) || textsAt(secret.object.body, 'emptyKeys').includes(key),
  );
  const age = world.now - (secret.object.createdAt ?? 0);
  // Some clouds keep certificates themselves: the Secret names one.
  const isElsewhere = textsAt(secret.object.body, 'keys').some((key) => /cert[-_]?id/i.test(key));
  if (lacks.length > 0 && !isElsewhere && age > issuingMs) {
    yield {
      ...common,
      reason: 'TLSSecretInvalid',
      summary: `the Secret ${name} has no ${lacks.join(' and no ')}: it is no certificate`,
      evidence: [at, fieldEvidence(`keys of secret/${name}`, textsAt(secret.object.body, 'keys').join(', ') || 'none')],
      fix: [`kubectl describe secret ${name} -n ${namespace}`],
    };
  }
  const names = namesOfCertificate(secret.object);
  const others = names.length === 0 ? [] : hosts.filter((host) => !isCovered(host, names));
  if (others.length === 0 || age < issuingMs) return;
  yield {
    ...common,
    reason: 'TLSHostNotInCertificate',
    summary: `the certificate in the Secret ${name} is not for ${others.join(', ')}: browsers refuse it`,
    evidence: [at, fieldEvidence(`names in the certificate of secret/${name}`, names.join(', '))],
    fix: [`kubectl describe secret ${name} -n ${namespace}`],
  };
}
