import type { SessionInfo, SessionStore } from '@kw/agent';

/** An open question stands so near the end of its log, in entries: beside it only calls that were under way can end. */
const lookedAt = 64;

/** Whether a question waits for an answer: of a parked run, or of one whose driver waits for it. */
export async function isAsking(store: SessionStore, { id, head, work }: SessionInfo): Promise<boolean> {
  if (work.type !== 'ready') return work.type === 'waiting';
  const open = new Set<string>();
  for (const { entry } of await store.read(id, { after: Math.max(0, head - lookedAt) })) {
    if (entry.type === 'approval-request') open.add(entry.request.approvalId);
    if (entry.type === 'approval-response') open.delete(entry.response.approvalId);
    if (entry.type === 'run-start' || entry.type === 'run-end' || entry.type === 'cancel-request') open.clear();
  }
  return open.size > 0;
}
