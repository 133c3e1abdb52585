import { claimNamesOf } from './claims.ts';
import { hasEnded } from './containers.ts';
import { fieldsAt, labelsAt } from './fields.ts';
import type { Fields } from './fields.ts';
import { matchesSelector } from './selector.ts';
import type { World } from './world.ts';
import type { WorldObject } from './world-object.ts';

/** Finds pods for many objects without looking at each pod for each of them. Pods that have ended are not found. */
export interface PodFinder {
  /** The pods that the selector of a workload or a budget fits; one without any terms fits none here. */
  bySelector(object: WorldObject): readonly WorldObject[];
  /** The pods that mount a claim, or want to. */
  byClaim(claim: WorldObject): readonly WorldObject[];
  /** Pods of a namespace, those with the same labels together; of a LabelSelector only those that it fits: an empty one fits all. */
  groups(namespace: string | undefined, selector?: Fields): readonly (readonly WorldObject[])[];
}

/** Makes a finder; its indexes are made when they are needed. */
export function createPodFinder(world: Pick<World, 'all' | 'inNamespace'>): PodFinder {
  const namespaces = new Map<string, PodGroups>();
  let claims: ReadonlyMap<string, readonly WorldObject[]> | undefined;
  const groupsOf = (namespace = ''): PodGroups => {
    const before = namespaces.get(namespace);
    if (before !== undefined) return before;
    const made = toGroups(world.inNamespace('Pod', namespace === '' ? undefined : namespace).filter((pod) => !hasEnded(pod)));
    namespaces.set(namespace, made);
    return made;
  };
  const groups = (namespace: string | undefined, selector: Fields = {}): readonly (readonly WorldObject[])[] => {
    const { all, byLabel } = groupsOf(namespace);
    if (Object.keys(selector).length === 0) return all;
    const [label] = Object.entries(labelsAt(selector, 'matchLabels'));
    const near = label === undefined ? all : (byLabel.get(label.join('=')) ?? []);
    return near.filter(([first]) => first !== undefined && matchesSelector(first.labels, selector));
  };
  return {
    groups,
    bySelector: ({ body, namespace }) => {
      const selector = fieldsAt(body, 'spec.selector');
      return Object.keys(selector).length === 0 ? [] : groups(namespace, selector).flat();
    },
    byClaim: ({ namespace, name }) => {
      claims ??= indexOfClaims(world);
      return claims.get(`${namespace ?? ''}/${name}`) ?? [];
    },
  };
}

interface PodGroups {
  readonly all: readonly (readonly WorldObject[])[];
  /** By `name=value` of each of their labels. */
  readonly byLabel: ReadonlyMap<string, readonly (readonly WorldObject[])[]>;
}

function toGroups(pods: readonly WorldObject[]): PodGroups {
  const all = [...Map.groupBy(pods, ({ labels }) => JSON.stringify(labels)).values()];
  const byLabel = new Map<string, (readonly WorldObject[])[]>();
  for (const group of all)
    for (const label of Object.entries(group[0]?.labels ?? {})) {
      const key = label.join('=');
      const known = byLabel.get(key);
      if (known === undefined) byLabel.set(key, [group]);
      else known.push(group);
    }
  return { all, byLabel };
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
