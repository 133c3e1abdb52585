import { kindSources } from './kinds.ts';

/** The name of a kind of the API in a world, where it may have another: `Kustomization` of Flux is `FluxKustomization`. */
export function worldKindOf(group: string, kind: string): string {
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  const [, renamed] = renamedKinds.find(([resource]) => resource === `${plural}.${group}`) ?? [];
  return renamed ?? kind;
}

const renamedKinds: readonly (readonly [string, string])[] = [...kindSources]
  .filter(([kind]) => /^(?:Flux|Acme|Olm|Kyverno|Calico)/.test(kind))
  .map(([kind, { resource }]) => [resource, kind] as const);
