import type { Principal } from './principal.ts';
import { personsOf, samePrincipal } from './principal.ts';
import type { SessionInfo } from './session-store.ts';

/** What somebody is to a session. */
export type SessionRole = 'owner' | 'approver' | 'viewer';

/** What a person is to a session; undefined for whom it does not concern. */
export function roleIn({ owner, members = [] }: Pick<SessionInfo, 'owner' | 'members'>, by: Principal): SessionRole | undefined {
  if (samePrincipal(owner, by)) return 'owner';
  const names = personsOf(by);
  const roles = members.filter(({ person }) => names.includes(person)).map(({ role }) => role);
  return roles.includes('approver') ? 'approver' : roles[0];
}
