import type { Work } from '../session-store.ts';
import type { LogView } from './view.ts';

/** Whether a session has something to drive. */
export function workOf({ current }: LogView): Work {
  if (current === undefined) return { type: 'none' };
  if (current.cancel === undefined && current.parked && current.openApproval !== undefined)
    return { type: 'waiting', wakeAt: current.openApproval.request.expiresAt };
  return { type: 'ready' };
}
