import { kindSources } from './kinds.ts';
import type { ObjectRef } from './world-object.ts';

/** The command that shows an object with its events; its group is named, so that no other kind of the same name is meant. */
export function describeCommand({ kind, namespace, name }: ObjectRef): string {
  return `kubectl describe ${kindSources.get(kind)?.resource ?? kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
}
