import { hasEnded } from './containers.ts';
import { fieldsAt, listAt, textAt } from './fields.ts';
import type { Fields } from './fields.ts';
import { quantityOf } from './quantity.ts';
import type { World } from './world.ts';
import type { WorldObject } from './world-object.ts';

/** What a pod asks for of a resource: its containers together, or the largest of those that run before them. */
export function requestOf(spec: Fields, resource: string): number {
  const of = (container: Fields): number => quantityOf(fieldsAt(container, 'resources.requests')[resource]) ?? 0;
  const sidecars = listAt(spec, 'initContainers').filter((container) => container['restartPolicy'] === 'Always');
  const running = [...listAt(spec, 'containers'), ...sidecars].reduce((sum, container) => sum + of(container), 0);
  const before = Math.max(0, ...listAt(spec, 'initContainers').map(of));
  return Math.max(running, before) + (quantityOf(fieldsAt(spec, 'overhead')[resource]) ?? 0);
}

/** How much of a resource a node has, and how much of that no pod asked for yet. */
export interface NodeRoom {
  readonly node: WorldObject;
  readonly allocatable: number;
  readonly free: number;
}

/** The room of all nodes for a resource; the free part is known only where all pods could be read. */
export function roomFor(resource: string, world: World): readonly NodeRoom[] {
  const asked = new Map<string, number>();
  for (const pod of world.all('Pod')) {
    const node = textAt(pod.body, 'spec.nodeName');
    if (node === '' || hasEnded(pod)) continue;
    const amount = resource === 'pods' ? 1 : requestOf(fieldsAt(pod.body, 'spec'), resource);
    asked.set(node, (asked.get(node) ?? 0) + amount);
  }
  return world.all('Node').map((node) => {
    const allocatable = quantityOf(fieldsAt(node.body, 'status.allocatable')[resource]) ?? 0;
    return { node, allocatable, free: allocatable - (asked.get(node.name) ?? 0) };
  });
}
