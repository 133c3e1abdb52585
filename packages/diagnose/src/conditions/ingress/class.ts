import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs } from '../../world/durations.ts';
import { textAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { addressesOf, classNameOf } from './ingress-class.ts';

/** A controller has had time to take an Ingress. */
const patienceMs = 10 * minuteMs;
const docs = 'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class';
/** These also take an Ingress that names no class. */
const takesAll = /traefik|projectcontour|haproxy|ingress-gce|openshift/;

/** An Ingress whose class does not exist, or that names none where nobody takes such. */
export const ingressClass: Condition = {
  id: 'ingress-class',
  kinds: ['Ingress'],
  needs: ['Ingress', 'IngressClass'],
  *find(world) {
    if (!world.canSee('IngressClass')) return;
    for (const ingress of world.all('Ingress')) {
      if (ingress.deletedAt !== undefined) continue;
      const name = textAt(ingress.body, 'spec.ingressClassName');
      if (name !== '') yield* unknownClass(ingress, name, world);
      else if (classNameOf(ingress) === '') yield* withoutClass(ingress, world);
    }
  },
};

function namesOf(world: World): readonly string[] {
  return world.all('IngressClass').map(({ name }) => name);
}

function* unknownClass(ingress: WorldObject, name: string, world: World): Generator<Fault> {
  if (world.lookup('IngressClass', undefined, name).type !== 'missing') return;
  const addresses = addressesOf(ingress);
  const classes = namesOf(world);
  yield {
    object: ingress,
    reason: 'IngressClassMissing',
    // Who has an address is served all the same: some controllers go by the name alone.
    severity: addresses.length > 0 ? 'info' : 'critical',
    summary: `its class ${name} does not exist${classes.length === 0 ? '' : ` (there is ${classes.join(', ')})`}${addresses.length === 0 ? ', and no controller has taken it' : ''}`,
    evidence: [fieldEvidence('spec.ingressClassName', name), fieldEvidence('status.loadBalancer', addresses.join(', ') || 'no address')],
    fix: ['kubectl get ingressclasses'],
    since: ingress.createdAt,
    docs,
  };
}

function* withoutClass(ingress: WorldObject, world: World): Generator<Fault> {
  const classes = world.all('IngressClass');
  if (classes.length === 0 || addressesOf(ingress).length > 0 || world.now - (ingress.createdAt ?? 0) < patienceMs) return;
  if (classes.some(({ body }) => takesAll.test(textAt(body, 'spec.controller')))) return;
  const byDefault = classes.find(({ annotations }) => annotations['ingressclass.kubernetes.io/is-default-class'] === 'true');
  const [first] = classes;
  const wanted = byDefault ?? (classes.length === 1 ? first : undefined);
  yield {
    object: ingress,
    reason: 'NoIngressClass',
    severity: 'warning',
    summary:
      byDefault === undefined
        ? `it names no class, no class is the default, and no controller has taken it (there is ${namesOf(world).join(', ')})`
        : `it names no class and no controller has taken it: it is older than the default class ${byDefault.name}, which is given to new ones only`,
    evidence: [fieldEvidence('spec.ingressClassName', 'none'), fieldEvidence('status.loadBalancer', 'no address')],
    fix: [
      `kubectl patch ingress ${ingress.name} -n ${ingress.namespace ?? 'default'} --type=merge -p '{"spec":{"ingressClassName":"${wanted?.name ?? 'CLASS'}"}}'`,
    ],
    since: ingress.createdAt,
    docs,
  };
}
