import type { Evidence } from './finding.ts';
import { cutLine } from './world/cut.ts';
import type { WorldEvent } from './world/event.ts';

const maxValueLength = 400;
const maxPlaceLength = 200;

/** Evidence from a field; `seenAt` in milliseconds. */
export function fieldEvidence(at: string, value: string, seenAt?: number): Evidence {
  return { type: 'path', at: cutLine(at, maxPlaceLength), value: cutLine(value, maxValueLength), ...seen(seenAt) };
}

/** Evidence from an event. */
export function eventEvidence({ reason, message, count, lastAt }: WorldEvent): Evidence {
  return {
    type: 'event',
    at: cutLine(reason, maxPlaceLength),
    value: `${cutLine(message, maxValueLength)}${count > 1 ? ` (${count} times)` : ''}`,
    ...seen(lastAt),
  };
}

function seen(at: number | undefined): { readonly seenAt?: string } {
  return at === undefined ? {} : { seenAt: new Date(at).toISOString() };
}
