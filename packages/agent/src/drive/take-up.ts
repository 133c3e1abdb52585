import type { ApprovalRequest } from '../approval.ts';
import type { Entry } from '../entry.ts';
import type { RunView } from '../log/view.ts';
import { interrupted, resultWithoutRun } from '../loop/run-end.ts';
import type { PartialChunk, SessionStore } from '../session-store.ts';
import type { Ledger } from './ledger.ts';

/** What taking a run up needs. */
export interface TakeUp {
  readonly store: SessionStore;
  readonly session: string;
  readonly ledger: Ledger;
  readonly now: number;
}

/** Whether a run can be driven now; a parked one with an open question that has time left cannot. */
export function isDue(run: RunView, now: number): boolean {
  if (run.cancel !== undefined || !run.parked || run.openApproval === undefined) return true;
  return run.openApproval.request.expiresAt <= now;
}

/** Writes down how the run is taken up: what was half written is void, what was under way is interrupted, what is over time has expired. */
export async function takeUp(run: RunView, { store, session, ledger, now }: TakeUp): Promise<void> {
  const { partial } = await store.snapshot(session, ledger.view().head);
  const text = textOf(partial?.chunks ?? []);
  if (!run.driven && text === '') return;
  await ledger.append(run.runId, (at) => resumption(at, text, now), { endsPartial: true });
}

function resumption(run: RunView, text: string, now: number): readonly Entry[] {
  const { runId } = run;
  const open = run.openApproval?.request;
  const expired = open !== undefined && open.expiresAt <= now;
  const because = !run.parked ? 'orphaned' : expired ? 'expired' : 'answered';
  return [
    ...(text === ''
      ? []
      : [{ type: 'message-discarded', runId, text, code: 'interrupted', reason: 'the program stopped while this was written' } as const]),
    ...(run.cancel === undefined ? [{ type: 'run-resumed', runId, because } as const] : []),
    ...(expired
      ? [
          {
            type: 'approval-response',
            runId,
            response: { approvalId: open.approvalId, decision: 'expire', reason: 'nobody answered in time' },
          } as const,
        ]
      : []),
    ...(open?.parkable === false && !expired ? [lost(runId, open)] : []),
    ...[...run.calls.values()]
      .filter((call) => call.result === undefined)
      .flatMap((call) => {
        if (call.intent !== undefined) return [interrupted(runId, call)];
        if (call.redacted) return [resultWithoutRun(runId, call, { outcome: 'interrupted', content: secretLost })];
        return [];
      }),
  ];
}

const secretLost =
  'not run: its arguments hold a secret, which is not written down, and the program stopped before it ran; send the call again';

function lost(runId: string, { approvalId, question }: ApprovalRequest): Entry {
  const reason = question === true ? 'the program stopped before it was answered' : secretLost;
  return { type: 'approval-response', runId, response: { approvalId, decision: 'expire', reason } };
}

function textOf(chunks: readonly PartialChunk[]): string {
  return chunks.map((chunk) => (chunk.kind === 'progress' ? '' : chunk.text)).join('');
}
