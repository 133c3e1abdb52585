import { claimNamesOf } from './claims.ts';
import { hasEnded } from './containers.ts';
import { fieldsAt } from './fields.ts';
import { matchesSelector } from './selector.ts';
import type { World } from './world.ts';
import type { WorldObject } from './world-object.ts';

/** Finds pods for many objects without looking at each pod for each of them. Pods that have ended are not found. */
export interface PodFinder {
  /** The pods that the selector of a workload or a budget fits; one without any terms fits none here. */
  bySelector(object: WorldObject): readonly WorldObject[];
  /** The pods that mount a claim, or want to. */
  byClaim(claim: WorldObject): readonly WorldObject[];
  /** Pods of a namespace, those with the same labels together. */
  groups(namespace: string | undefined): readonly (readonly WorldObject[])[];
}

/** Makes a finder; its indexes are made when they are needed. */
export function createPodFinder(world: Pick<World, 'all' | 'inNamespace'>): PodFinder {
  const grouped = new Map<string, readonly (readonly WorldObject[])[]>();
  let claims: ReadonlyMap<string, readonly WorldObject[]> | undefined;
  const groups = (namespace = ''): readonly (readonly WorldObject[])[] => {
    const before = grouped.get(namespace);
    if (before !== undefined) return before;
    const pods = world.inNamespace('Pod', namespace === '' ? undefined : namespace).filter((pod) => !hasEnded(pod));
    const made = [...Map.groupBy(pods, ({ labels }) => JSON.stringify(labels)).values()];
    grouped.set(namespace, made);
    return made;
  };
  return {
    groups,
    bySelector: ({ body, namespace }) => {
      const selector = fieldsAt(body, 'spec.selector');
      if (Object.keys(selector).length === 0) return [];
      return groups(namespace)
        .filter(([first]) => first !== undefined && matchesSelector(first.labels, selector))
        .flat();
    },
    byClaim: ({ namespace, name }) => {
      claims ??= indexOfClaims(world);
      return claims.get(`${namespace ?? ''}/${name}`) ?? [];
    },
  };
}

function indexOfClaims(world: Pick<World, 'all'>): ReadonlyMap<string, readonly WorldObject[]> {
  const index = new Map<string, WorldObject[]>();
  for (const pod of world.all('Pod')) {
    if (hasEnded(pod)) continue;
    for (const name of claimNamesOf(pod)) {
      const key = `${pod.namespace ?? ''}/${name}`;
      const pods = index.get(key);
      if (pods === undefined) index.set(key, [pod]);
      else pods.push(pod);
    }
  }
  return index;
}
