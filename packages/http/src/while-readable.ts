import { KwError, type Principal, roleIn, type SessionStore } from '@kw/agent';

/** A reader whose leave was taken back reads on for no longer, in milliseconds. */
const lookMs = 1_000;

/** Who reads what. */
export interface Reading {
  readonly sessions: SessionStore;
  readonly session: string;
  readonly by: Principal;
  readonly clock: () => number;
}

/**
 * The same events, as long as the session is shared with whoever reads them. Throws KwError `unknown-session` when it
 * no longer is.
 */
export async function* whileReadable<T>(events: AsyncIterable<T>, { sessions, session, by, clock }: Reading): AsyncGenerator<T> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  for await (const event of events) {
    const now = clock();
    if (Math.abs(now - lookedAt) >= lookMs) {
      const info = await sessions.get(session);
      if (info === undefined || roleIn(info, by) === undefined)
        throw new KwError('unknown-session', `There is no session ${session}.`, { details: { id: session } });
      lookedAt = now;
    }
    yield event;
  }
}
