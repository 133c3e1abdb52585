import { alike } from '../../world/alike.ts';
import type { Labels } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Pods that a selector nearly fits. */
export interface NearMiss {
  /** Such as `deployment/cart`. */
  readonly workload: string;
  readonly labels: Labels;
  readonly differences: readonly { readonly name: string; readonly wanted: string; readonly has: string | undefined }[];
}

/** The pods that were probably meant: most labels fit, and what differs is alike, or their owner has the Service's name. */
export function nearMiss(service: WorldObject, selector: Labels, world: World): NearMiss | undefined {
  const candidates = world.pods
    .groups(service.namespace)
    .flatMap(([pod]) => pod ?? [])
    .map((pod) => {
      const owner = world.ownersOf(pod).at(-1) ?? pod;
      const differences = Object.entries(selector)
        .filter(([name, wanted]) => pod.labels[name] !== wanted)
        .map(([name, wanted]) => ({ name, wanted, has: pod.labels[name] }));
      const likeness = differences.reduce((sum, { wanted, has }) => sum + (has === undefined ? 0 : alike(wanted, has)), 0);
      const named = owner.name === service.name ? 1 : 0;
      return {
        near: { workload: `${owner.kind.toLowerCase()}/${owner.name}`, labels: shown(pod.labels), differences },
        score: Object.keys(selector).length - differences.length + likeness + named,
        isNear: named === 1 || likeness > 0 || differences.length < Object.keys(selector).length,
      };
    })
    .filter(({ isNear }) => isNear)
    .toSorted((one, other) => other.score - one.score);
  const [best] = candidates;
  return best !== undefined && best.score >= 0.6 ? best.near : undefined;
}

/** Without the hashes that controllers add. */
function shown(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => !/hash|statefulset\.kubernetes\.io|pod-index|controller-uid/.test(name)),
  );
}
