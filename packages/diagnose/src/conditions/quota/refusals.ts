import { hourMs } from '../../world/durations.ts';
import { conditionOf, textAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { lacksPods } from '../replica-set/create-failure.ts';

/** What the API server said to a controller that wanted to create something. */
export interface Refusal {
  readonly controller: WorldObject;
  readonly message: string;
  readonly at: number | undefined;
}

/** What makes others. */
export const creators: readonly string[] = ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/** A refusal that was told longer ago is over: controllers try again. */
const recentMs = hourMs;

/** What controllers of a namespace are refused right now. */
export function refusalsIn(namespace: string | undefined, world: World): readonly Refusal[] {
  return creators
    .flatMap((kind) => world.inNamespace(kind, namespace))
    .filter((controller) => controller.kind === 'CronJob' || lacksPods(controller))
    .flatMap((controller): readonly Refusal[] => {
      const failure = conditionOf(controller.body, 'ReplicaFailure');
      if (failure?.['status'] === 'True') return [{ controller, message: textAt(failure, 'message'), at: undefined }];
      const told = world
        .events(controller)
        .filter(({ reason, lastAt = world.now }) => reason === 'FailedCreate' && world.now - lastAt < recentMs)
        .at(-1);
      return told === undefined ? [] : [{ controller, message: told.message, at: told.lastAt }];
    });
}

/** Finds refusals, each namespace looked through once. */
export function createRefusals(world: World): (namespace: string | undefined) => readonly Refusal[] {
  const known = new Map<string | undefined, readonly Refusal[]>();
  return (namespace) => {
    const before = known.get(namespace);
    if (before !== undefined) return before;
    const found = refusalsIn(namespace, world);
    known.set(namespace, found);
    return found;
  };
}
