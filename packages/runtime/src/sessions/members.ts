import type { SessionInfo, SessionMember } from '@kw/agent';
import { personOf } from '@kw/agent';

/** The people of a session after a change: a list that is given takes the place of its role's. Somebody in both is an approver. */
export function membersOf(
  { owner, members = [] }: SessionInfo,
  { viewers, approvers }: { readonly viewers?: readonly string[]; readonly approvers?: readonly string[] },
): readonly SessionMember[] {
  const of = (role: SessionMember['role'], given: readonly string[] | undefined): readonly string[] =>
    given?.map((name) => (name.includes('#') ? name : personOf({ issuer: owner.issuer, subject: name }))) ??
    members.filter((member) => member.role === role).map(({ person }) => person);
  const approving = [...new Set(of('approver', approvers))];
  const viewing = [...new Set(of('viewer', viewers))].filter((person) => !approving.includes(person));
  return [
    ...approving.map((person) => ({ person, role: 'approver' }) as const),
    ...viewing.map((person) => ({ person, role: 'viewer' }) as const),
  ];
}
