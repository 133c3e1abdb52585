import { type Cursor, parseCursor, type RunRef, sessionOf, toCursor as writeCursor } from '@kw/agent';

/** The run that an id names; undefined where it is none. A run's id begins with its session's. */
export function toRunRef(runId: string): RunRef | undefined {
  const session = sessionOf(runId);
  return session !== undefined && /\.\d{1,15}$/.test(runId) ? { session, runId } : undefined;
}

/** The cursor that a client sends back; undefined where it is none. */
export function toCursor(text: string): Cursor | undefined {
  const place = parseCursor(text);
  return place === undefined ? undefined : writeCursor(place);
}

/** Code points of a text, as the string that the contract wants. */
export function lengthOf(query: string): string {
  let count = 0;
  for (const _ of query) count += 1;
  return String(count);
}
