import { fieldsAt, listAt } from './fields.ts';
import type { Fields } from './fields.ts';
import type { WorldObject } from './world-object.ts';

/** The spec of the pods that a workload makes, wherever its kind has it. */
export function templateSpecOf({ body }: WorldObject): Fields {
  const paths = ['spec.template.spec', 'spec.jobTemplate.spec.template.spec'];
  return paths.map((path) => fieldsAt(body, path)).find((spec) => Object.keys(spec).length > 0) ?? {};
}

/** The containers that run as long as the pod does: its own and its sidecars. */
export function runningContainers(spec: Fields): readonly Fields[] {
  return [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers').filter(({ restartPolicy }) => restartPolicy === 'Always')];
}
