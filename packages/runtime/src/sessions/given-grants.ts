import { samePrincipal, type ApprovalRequest, type Principal, type StoredEntry } from '@kw/agent';
import type { GivenGrant } from './sessions-api.ts';

/** What was granted in a session, by the approvals that it was given with; also what was taken back since. */
export function givenGrants(entries: readonly StoredEntry[]): readonly GivenGrant[] {
  const askers = new Map<string, Principal>();
  const asked = new Map<string, ApprovalRequest>();
  const given: GivenGrant[] = [];
  for (const { entry } of entries) {
    if (entry.type === 'run-start') askers.set(entry.runId, entry.by);
    if (entry.type === 'approval-request') asked.set(entry.request.approvalId, entry.request);
    if (entry.type !== 'approval-response') continue;
    const { approvalId, decision, grant, by } = entry.response;
    const offer = asked.get(approvalId)?.grants?.find(({ scope }) => scope === grant);
    asked.delete(approvalId); // the first answer counts
    const asker = askers.get(entry.runId);
    // An approver answers for one call only.
    if (decision !== 'approve' || offer === undefined || by === undefined || asker === undefined || !samePrincipal(by, asker)) continue;
    const { scope, label, calls } = offer;
    given.push({ grantId: approvalId, scope, label, ...(calls === undefined ? {} : { calls }) });
  }
  return given;
}
