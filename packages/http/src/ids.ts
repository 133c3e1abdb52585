import type { Cursor, RunRef } from '@kw/agent';

/** Whether a client may name a session so. */
export function isSessionId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** The run that an id names; undefined where it is none. A run's id begins with its session's. */
export function toRunRef(runId: string): RunRef | undefined {
  const session = toSession(runId);
  return session !== undefined && /\.\d{1,15}$/.test(runId) ? { session, runId } : undefined;
}

/** The session that a run's or an approval's id belongs to; undefined where it is no such id. */
export function toSession(id: string): string | undefined {
  return /^([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{1,128}$/.exec(id)?.[1];
}

/** The cursor that a client sends back; undefined where it is none. */
export function toCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,15}):(\d{1,15})$/.exec(text);
  return match === null ? undefined : `${Number(match[1])}:${Number(match[2])}`;
}

/** Code points of a text, as the string that the contract wants. */
export function lengthOf(query: string): string {
  let count = 0;
  for (const _ of query) count += 1;
  return String(count);
}
