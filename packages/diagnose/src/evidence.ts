import type { Evidence } from './finding.ts';
import type { WorldEvent } from './world/event.ts';

const maxValueLength = 400;

/** Evidence from a field; `seenAt` in milliseconds. */
export function fieldEvidence(at: string, value: string, seenAt?: number): Evidence {
  return { type: 'path', at, value: short(value), ...seen(seenAt) };
}

/** Evidence from an event. */
export function eventEvidence({ reason, message, count, lastAt }: WorldEvent): Evidence {
  return { type: 'event', at: reason, value: short(count > 1 ? `${message} (${count} times)` : message), ...seen(lastAt) };
}

function seen(at: number | undefined): { readonly seenAt?: string } {
  return at === undefined ? {} : { seenAt: new Date(at).toISOString() };
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength)}…` : line;
}
