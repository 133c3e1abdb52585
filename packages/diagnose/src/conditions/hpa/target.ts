import { textAt } from '../../world/fields.ts';
import type { Lookup, World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** What an autoscaler scales. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** `unknown` for kinds that are not read: any with a scale subresource may be scaled. */
  readonly found: Lookup;
}

/** Kinds that are read, with their groups. */
const scaled: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['StatefulSet', 'apps'],
  ['ReplicaSet', 'apps'],
  ['Rollout', 'argoproj.io'],
]);

/** What a condition that looks at targets reads for it. */
export const targetKinds: readonly string[] = [...scaled.keys()];

/** The target of an autoscaler, looked up where its kind is read. */
export function targetOf(hpa: WorldObject, world: World): ScaleTarget {
  const [apiVersion, kind, name] = ['apiVersion', 'kind', 'name'].map((field) => textAt(hpa.body, `spec.scaleTargetRef.${field}`));
  const isRead = kind !== undefined && scaled.get(kind) === apiVersion?.split('/')[0];
  return {
    apiVersion: apiVersion ?? '',
    kind: kind ?? '',
    name: name ?? '',
    found: isRead ? world.lookup(kind ?? '', hpa.namespace, name ?? '') : { type: 'unknown', why: 'its kind is not read' },
  };
}
