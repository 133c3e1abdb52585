import { defined } from '../defined.ts';
import { toCursor } from '../log/cursor.ts';
import type { RunView } from '../log/view.ts';
import type { Principal } from '../principal.ts';
import { roleIn } from '../roles.ts';
import type { RunRef, RunState } from '../runs.ts';
import type { RunsDeps } from './deps.ts';

/** A run as it stands in the log. */
export async function stateOf(ref: RunRef, by: Principal | undefined, { store, logs }: RunsDeps): Promise<RunState | undefined> {
  const info = await store.get(ref.session);
  if (info === undefined || (by !== undefined && roleIn(info, by) === undefined)) return undefined;
  const run = (await logs.read(ref.session)).view.runs.find((candidate) => candidate.runId === ref.runId);
  return run === undefined ? undefined : toState(ref, run);
}

function toState(ref: RunRef, run: RunView): RunState {
  const status = run.end !== undefined ? 'ended' : run.parked && run.openApproval !== undefined ? 'parked' : 'running';
  return {
    ref,
    status,
    settings: run.start.settings,
    startedAt: run.startedAt,
    from: toCursor({ seq: run.startSeq - 1, offset: 0 }),
    cursor: toCursor({ seq: run.lastSeq, offset: 0 }),
    ...defined({
      target: run.start.target,
      endedAt: run.end?.at,
      openApproval: run.openApproval?.request,
      isCancelled: run.cancel === undefined ? undefined : true,
      outcome: run.end?.entry.outcome,
      unanswered: run.end?.entry.unanswered,
      cost: run.cost,
    }),
  };
}
