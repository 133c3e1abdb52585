import { hasEnded } from '../../world/containers.ts';
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
  const candidates = world
    .inNamespace('Pod', service.namespace)
    .filter((pod) => !hasEnded(pod))
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

/** From 0 for different words to almost 1 for a slip of the pen. */
function alike(one: string, other: string): number {
  const distance = editDistance(one.toLowerCase(), other.toLowerCase());
  const length = Math.max(one.length, other.length);
  if (distance <= Math.max(1, Math.floor(length / 3))) return 1 - distance / length;
  return one.includes(other) || other.includes(one) ? 0.6 : 0;
}

const maxCompared = 64;

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(one: string, other: string): number {
  const [a, b] = [one.slice(0, maxCompared), other.slice(0, maxCompared)];
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const best = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next.push(swapped ? Math.min(best, (before[column - 2] ?? 0) + 1) : best);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}
