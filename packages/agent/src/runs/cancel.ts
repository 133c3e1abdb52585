import type { Entry } from '../entry.ts';
import { workAfter } from '../log/folded-log.ts';
import { endingOf } from '../loop/run-end.ts';
import type { Principal } from '../principal.ts';
import type { RunRef } from '../runs.ts';
import { checkOwner, type RunsDeps } from './deps.ts';

/** Writes a wish to end a run; a run that waits for an answer is ended on the spot, as nobody needs to drive it for that. */
export async function cancelRun(
  { session, runId }: RunRef,
  wish: { readonly by: Principal; readonly reason: string },
  deps: RunsDeps,
): Promise<void> {
  const { store, logs, clock, redactor } = deps;
  const info = await store.get(session);
  if (info === undefined) return;
  checkOwner(info, wish.by);
  const reason = redactor.text(wish.reason);
  for (;;) {
    const log = await logs.read(session);
    const { view } = log;
    const run = view.current;
    if (run?.runId !== runId || run.cancel !== undefined) return;
    const request: Entry = { type: 'cancel-request', runId, by: wish.by, reason };
    const added = run.openApproval === undefined ? [request] : [request, ...endingOf(run, { type: 'cancelled', reason }, { reason })];
    const options = { expectedHead: view.head, work: workAfter(log, added, clock.now()), endsPartial: added.length > 1 };
    if ((await store.append(session, added, options)).type === 'appended') return;
  }
}
