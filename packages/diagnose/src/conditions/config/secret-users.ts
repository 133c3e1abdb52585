import { hasEnded } from '../../world/containers.ts';
import { fieldsAt, listAt, textAt } from '../../world/fields.ts';
import { referencesOf } from '../../world/references.ts';
import type { World } from '../../world/world.ts';
import { keyOf } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Who refers to a Secret: by `NAMESPACE/NAME`, such as `ingress/web`. */
export type SecretUsers = ReadonlyMap<string, readonly string[]>;

/** Kinds that {@link secretUsers} looks through. */
export const secretUserKinds: readonly string[] = ['Pod', 'Ingress', 'Gateway'];

/** Ingresses, Gateways and pods with the Secrets that they use. */
export function secretUsers(world: World): SecretUsers {
  const users = new Map<string, Set<string>>();
  const add = (namespace: string | undefined, name: string, user: WorldObject): void => {
    if (name === '') return;
    const key = `${namespace ?? ''}/${name}`;
    const known = users.get(key) ?? new Set<string>();
    users.set(key, known);
    const owner = world.ownersOf(user).at(-1) ?? user;
    known.add(keyOf({ kind: owner.kind.toLowerCase(), name: owner.name }));
  };
  for (const ingress of world.all('Ingress'))
    for (const entry of listAt(ingress.body, 'spec.tls')) add(ingress.namespace, textAt(entry, 'secretName'), ingress);
  for (const gateway of world.all('Gateway'))
    for (const listener of listAt(gateway.body, 'spec.listeners'))
      for (const ref of listAt(listener, 'tls.certificateRefs'))
        add(textAt(ref, 'namespace') || gateway.namespace, textAt(ref, 'name'), gateway);
  for (const pod of world.all('Pod')) {
    if (hasEnded(pod)) continue;
    for (const { kind, name, use } of referencesOf(fieldsAt(pod.body, 'spec')))
      if (kind === 'Secret' && use !== 'pull') add(pod.namespace, name, pod);
  }
  return new Map([...users].map(([key, names]) => [key, [...names]]));
}
