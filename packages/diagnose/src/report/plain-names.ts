import { plain } from '../render/words.ts';
import type { ObjectRef } from '../world/world-object.ts';

/** The API checks the names of objects, but not those that events and references give. */
const maxNameLength = 253;
const maxReasonLength = 63;

/** A reference whose words are on one line and no longer than names are. */
export function toPlainRef({ kind, namespace, name }: ObjectRef): ObjectRef {
  return { kind: toName(kind), ...(namespace === undefined ? {} : { namespace: toName(namespace) }), name: toName(name) };
}

/** A reason as one word, also where a controller gives it. */
export function toReason(reason: string): string {
  return reason.replaceAll(/[^A-Za-z0-9_.-]+/g, '').slice(0, maxReasonLength);
}

function toName(name: string): string {
  return plain(name).slice(0, maxNameLength);
}
