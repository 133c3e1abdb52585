import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { addressesOf, classNameOf, isCloudController } from './ingress-class.ts';
import { pathsOf } from './paths.ts';
import type { IngressPath } from './paths.ts';

/** Annotations by which controllers tell two Ingresses with the same host and path apart, or join them on purpose. */
const distinguishes = /canary|mergeable|entrypoints|methods|headers|conditions|priority|\bmatch|group|weight|listen-ports|blue-green/;
const joinsOnPurpose = /canary|mergeable|blue-green/;

/** Two Ingresses of one class that claim the same host and path for different Services: one of them is never asked. */
export const ingressDuplicate: Condition = {
  id: 'ingress-duplicate',
  kinds: ['Ingress'],
  needs: ['Ingress'],
  uses: ['IngressClass'],
  *find(world) {
    const claims = new Map<string, Claim[]>();
    const byAge = world
      .all('Ingress')
      .toSorted((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0) || (one.uid < other.uid ? -1 : 1));
    for (const ingress of byAge) {
      if (ingress.deletedAt !== undefined || isCloudController(ingress, world)) continue;
      const marks = Object.entries(ingress.annotations).filter(([name]) => distinguishes.test(name));
      if (marks.some(([name]) => joinsOnPurpose.test(name))) continue;
      const scope = [classNameOf(ingress), JSON.stringify(marks.toSorted(([one], [other]) => one.localeCompare(other)))].join('\n');
      for (const path of pathsOf(ingress)) {
        // Default backends are each Ingress's own.
        if (path.path === '') continue;
        const key = [scope, path.host, path.path, path.pathType].join('\n');
        const earlier = claims.get(key) ?? [];
        const first = earlier.find((claim) => conflicts(claim, { ingress, path }));
        if (first !== undefined) yield toFault(first, { ingress, path });
        claims.set(key, [...earlier, { ingress, path }]);
      }
    }
  },
};

interface Claim {
  readonly ingress: WorldObject;
  readonly path: IngressPath;
}

function conflicts(one: Claim, other: Claim): boolean {
  const target = ({ ingress, path }: Claim): string => `${ingress.namespace ?? ''}/${path.service}:${String(path.port)}`;
  if (target(one) === target(other)) return false;
  const [first, second] = [addressesOf(one.ingress), addressesOf(other.ingress)];
  // Different addresses are different load balancers.
  return first.length === 0 || second.length === 0 || first.some((address) => second.includes(address));
}

function toFault(first: Claim, { ingress, path }: Claim): Fault {
  const { namespace = 'default' } = ingress;
  const other =
    first.ingress === ingress
      ? `it also leads it to ${first.path.service}`
      : `ingress/${first.ingress.name} in ${first.ingress.namespace ?? ''}, which is older, leads it to ${first.path.service}`;
  return {
    object: ingress,
    reason: 'DuplicateHostPath',
    severity: 'warning',
    summary: `it claims ${path.host}${path.path} for the Service ${path.service}, but ${other}: requests may never reach ${path.service}`,
    evidence: [
      fieldEvidence(path.at, path.service),
      fieldEvidence(`${first.ingress.namespace ?? ''}/${first.ingress.name} ${first.path.at}`, first.path.service),
    ],
    fix: [`kubectl describe ingress ${ingress.name} -n ${namespace}`],
    docs: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
  };
}
