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

/** A kind as kubectl takes it before a name: `deployment`, and with its group where it has another name here. */
export function shownKind(kind: string): string {
  return renamedKinds.find(([, renamed]) => renamed === kind)?.[0] ?? kind.toLowerCase();
}
