import type { ObjectRef } from './world-object.ts';

/** What names an object of a namespace, or of the cluster where there is none. */
export function refTo(kind: string, namespace: string | undefined, name: string): ObjectRef {
  return { kind, ...(namespace === undefined ? {} : { namespace }), name };
}

/** The name of an object, without the rest of it. */
export function refOf({ kind, namespace, name }: ObjectRef): ObjectRef {
  return refTo(kind, namespace, name);
}

/** The beginning of a list of names for people: `a, b, c and 4 more`. */
export function someOf(names: readonly string[], most = 3): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
