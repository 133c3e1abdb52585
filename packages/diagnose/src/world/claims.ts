import { listAt, textAt } from './fields.ts';
import type { WorldObject } from './world-object.ts';

/** The names of the PersistentVolumeClaims that a pod mounts, also such as are made for it alone. */
export function claimNamesOf(pod: WorldObject): readonly string[] {
  return listAt(pod.body, 'spec.volumes').flatMap((volume) => {
    const name = textAt(volume, 'persistentVolumeClaim.claimName');
    if (name !== '') return [name];
    return volume['ephemeral'] === undefined ? [] : [`${pod.name}-${textAt(volume, 'name')}`];
  });
}

/** The annotation with which the scheduler tells the provisioner of a claim for which node the volume is to be. */
export const selectedNode = 'volume.kubernetes.io/selected-node';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** The storage class that a claim or a volume names; undefined where it names none, empty where it wants none. */
export function classOf({ annotations, body }: WorldObject): string | undefined {
  const spec: unknown = body['spec'];
  const named = typeof spec === 'object' && spec !== null && 'storageClassName' in spec ? spec.storageClassName : undefined;
  return annotations[classAnnotation] ?? (typeof named === 'string' ? named : undefined);
}

const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** Whether claims that name no class get this one. */
export function isDefaultClass({ annotations }: WorldObject): boolean {
  return defaultAnnotations.some((name) => annotations[name] === 'true');
}
