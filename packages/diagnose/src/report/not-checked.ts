import type { NotChecked } from '../report.ts';
import { otherNamespaces } from '../world/world.ts';
import type { World } from '../world/world.ts';

const maxNamespaces = 20;

/** What could not be read, one entry for each kind and reason. */
export function notCheckedOf({ notRead }: World): readonly NotChecked[] {
  const groups = new Map<string, { readonly first: (typeof notRead)[number]; readonly namespaces: string[] }>();
  for (const each of notRead) {
    const key = `${each.kind}\n${each.code}`;
    const group = groups.get(key) ?? { first: each, namespaces: [] };
    groups.set(key, group);
    if (each.namespace === otherNamespaces) group.namespaces.unshift(each.namespace);
    else if (each.namespace !== undefined) group.namespaces.push(each.namespace);
  }
  return [...groups.values()].map(({ first: { kind, code, message }, namespaces }) => ({
    kind,
    ...(namespaces.length === 0 ? {} : { namespaces: namespaces.slice(0, maxNamespaces) }),
    code,
    message,
  }));
}
