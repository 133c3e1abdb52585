import type { Driver } from '../drive/driver.ts';
import type { Principal } from '../principal.ts';
import { samePrincipal } from '../principal.ts';
import { roleIn } from '../roles.ts';
import type { RunSettings } from '../entry.ts';
import { KwError } from '@kw/providers';
import type { SessionInfo } from '../session-store.ts';

/** What the five acts share. */
export interface RunsDeps extends Driver {
  /** What a run is made with where its input says nothing else. */
  readonly settings: RunSettings;
  readonly maxRunsAtOnce: number;
  readonly drainMs: number;
}

/** Throws KwError `forbidden` where the session is another's. */
export function checkOwner(info: SessionInfo, by: Principal): void {
  if (!samePrincipal(info.owner, by)) throw new KwError('forbidden', `The session ${info.id} belongs to somebody else.`);
}

/** Throws KwError `forbidden` where the session is neither one's own nor shared with one. */
export function checkReader(info: SessionInfo, by: Principal): void {
  if (roleIn(info, by) === undefined) throw new KwError('forbidden', `The session ${info.id} belongs to somebody else.`);
}

/** Throws KwError `unknown-session`, and `forbidden` where it is another's. */
export async function checkSession(session: string, by: Principal, { store }: Pick<RunsDeps, 'store'>): Promise<void> {
  const info = await store.get(session);
  if (info === undefined) throw new KwError('unknown-session', `There is no session ${session}. It was deleted or never made.`);
  checkOwner(info, by);
}
