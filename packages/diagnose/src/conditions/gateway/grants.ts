import { listAt, textAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';

/** A reference from one namespace into another. */
export interface CrossReference {
  readonly from: { readonly group: string; readonly kind: string; readonly namespace: string };
  /** The group is empty for Services and Secrets. */
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Whether a ReferenceGrant of the other namespace allows a reference; undefined where they could not be read. */
export function isGranted({ from, to }: CrossReference, world: World): boolean | undefined {
  if (from.namespace === to.namespace) return true;
  const isAllowed = world
    .inNamespace('ReferenceGrant', to.namespace)
    .some(
      ({ body }) =>
        listAt(body, 'spec.from').some(
          (each) =>
            textAt(each, 'group') === from.group && textAt(each, 'kind') === from.kind && textAt(each, 'namespace') === from.namespace,
        ) &&
        listAt(body, 'spec.to').some(
          (each) => textAt(each, 'group') === to.group && textAt(each, 'kind') === to.kind && ['', to.name].includes(textAt(each, 'name')),
        ),
    );
  return isAllowed || (world.canSee('ReferenceGrant', to.namespace) ? false : undefined);
}
