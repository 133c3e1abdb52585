/** Makes random bytes; the default is the platform's cryptographic source. */
export type Random = (bytes: number) => Uint8Array;

/** The platform's cryptographic source. */
export const systemRandom: Random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

const sessionPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a client may name a session so. */
export function isSessionId(id: string): boolean {
  return sessionPattern.test(id);
}

/** A new session's id, `session_<digits>`: unique across processes. */
export function newSessionId(now: number, random: Random): string {
  const digits = [...random(8)].map((byte) => String(byte % 10)).join('');
  return `session_${now}${digits}`;
}

/** A random id of 128 bits in base 16. */
export function randomId(random: Random): string {
  return [...random(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The id of the n-th run of a session. */
export function runIdOf(session: string, n: number): string {
  return `${session}.${n}`;
}

/** The session that a run's or an approval's id belongs to; undefined where it is no such id. */
export function sessionOf(id: string): string | undefined {
  const dot = id.lastIndexOf('.');
  const session = dot < 0 ? '' : id.slice(0, dot);
  return isSessionId(session) ? session : undefined;
}
