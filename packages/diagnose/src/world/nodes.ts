import { textAt } from './fields.ts';
import type { World } from './world.ts';
import { conditionStatus } from './world-object.ts';
import type { WorldObject } from './world-object.ts';

/** The node that a pod was given to, where nodes could be read. */
export function nodeOf(pod: WorldObject, world: World): WorldObject | undefined {
  const name = textAt(pod.body, 'spec.nodeName');
  return name === '' ? undefined : world.find({ kind: 'Node', name });
}

/** Whether a pod's node is known to have lost its kubelet or to be unfit. */
export function isOnLostNode(pod: WorldObject, world: World): boolean {
  const node = nodeOf(pod, world);
  return node !== undefined && conditionStatus(node, 'Ready') !== 'True';
}
