import { hasEnded } from './containers.ts';
import { fieldsAt, listAt } from './fields.ts';
import type { Fields } from './fields.ts';
import { matchesSelector } from './selector.ts';
import type { World } from './world.ts';
import type { WorldObject } from './world-object.ts';

/** The pods that a workload's selector (or that of a budget) fits and that have not ended; a selector without any terms fits none here. */
export function podsOf(workload: WorldObject, world: World): readonly WorldObject[] {
  const selector = fieldsAt(workload.body, 'spec.selector');
  if (Object.keys(selector).length === 0) return [];
  return world.inNamespace('Pod', workload.namespace).filter((pod) => !hasEnded(pod) && matchesSelector(pod.labels, selector));
}

/** The spec of the pods that a workload makes, wherever its kind has it. */
export function templateSpecOf({ body }: WorldObject): Fields {
  const paths = ['spec.template.spec', 'spec.jobTemplate.spec.template.spec'];
  return paths.map((path) => fieldsAt(body, path)).find((spec) => Object.keys(spec).length > 0) ?? {};
}

/** The containers that run as long as the pod does: its own and its sidecars. */
export function runningContainers(spec: Fields): readonly Fields[] {
  return [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers').filter(({ restartPolicy }) => restartPolicy === 'Always')];
}
