import type { Principal, RunRef, SessionStore } from '@kw/agent';
import { samePrincipal } from '@kw/agent';

/** How many of the latest sessions are looked through for one that has something open. */
const lookedAt = 100;

/** This person's latest session that has something open, or else the latest one. */
export async function sessionsOf(store: SessionStore, by: Principal): Promise<string | undefined> {
  const sessions = await store.list(by, { limit: lookedAt });
  return (sessions.find(({ work }) => work.type !== 'none') ?? sessions[0])?.id;
}

/** The run of a session that has not ended; a session of somebody else is as unknown as one that is not there. */
export async function openRunOf(store: SessionStore, session: string, by: Principal): Promise<RunRef | 'unknown-session' | undefined> {
  const info = await store.get(session);
  if (info === undefined || !samePrincipal(info.owner, by)) return 'unknown-session';
  let open: string | undefined;
  let after = 0;
  for (;;) {
    const entries = await store.read(session, { after });
    const last = entries.at(-1);
    if (last === undefined) break;
    for (const { entry } of entries) {
      if (entry.type === 'run-start') open = entry.runId;
      if (entry.type === 'run-end' && entry.runId === open) open = undefined;
    }
    after = last.seq;
  }
  return open === undefined ? undefined : { session, runId: open };
}

/** True where somebody else has the right to drive a session. */
export async function isBusy(store: SessionStore, session: string): Promise<boolean> {
  const lease = await store.acquire(session, lookMs);
  if (lease === undefined) return true;
  await store.release(lease);
  return false;
}

const lookMs = 1_000;
