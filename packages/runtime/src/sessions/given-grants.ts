import type { ApprovalRequest, StoredEntry } from '@kw/agent';
import type { GivenGrant } from './sessions-api.ts';

/** What was granted in a session, by the approvals that it was given with; also what was taken back since. */
export function givenGrants(entries: readonly StoredEntry[]): readonly GivenGrant[] {
  const asked = new Map<string, ApprovalRequest>();
  const given: GivenGrant[] = [];
  for (const { entry } of entries) {
    if (entry.type === 'approval-request') asked.set(entry.request.approvalId, entry.request);
    if (entry.type !== 'approval-response') continue;
    const { approvalId, decision, grant } = entry.response;
    const offer = asked.get(approvalId)?.grants?.find(({ scope }) => scope === grant);
    asked.delete(approvalId); // the first answer counts
    if (decision !== 'approve' || offer === undefined) continue;
    const { scope, label, calls } = offer;
    given.push({ grantId: approvalId, scope, label, ...(calls === undefined ? {} : { calls }) });
  }
  return given;
}
