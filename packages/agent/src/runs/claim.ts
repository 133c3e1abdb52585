import { driveSession } from '../drive/drive-session.ts';
import type { RunsDeps } from './deps.ts';

/** How long a session is left alone after its driving failed. */
const restMs = 2_000;

/** Looks for work at most this often. */
const lookMs = 5;

/** Claims and drives what there is until the signal is aborted; then lets the runs end for a while, releases the others, and resolves. */
export async function driveAll(deps: RunsDeps, signal: AbortSignal): Promise<void> {
  const { store, clock, maxRunsAtOnce, drainMs, pollMs } = deps;
  const stop = new AbortController();
  const active = new Map<string, Promise<void>>();
  const resting = new Map<string, number>();
  let finished = Promise.withResolvers<void>();

  const drive = async (session: string): Promise<void> => {
    try {
      const driven = await driveSession(session, deps, stop.signal);
      if (driven !== 'done') resting.set(session, clock.now() + pollMs);
    } catch {
      resting.set(session, clock.now() + restMs); // the store is away: tried again later
    } finally {
      active.delete(session);
      finished.resolve();
      finished = Promise.withResolvers<void>();
    }
  };

  while (!signal.aborted) {
    const changed = store.claimableChanged({ signal, timeoutMs: pollMs });
    for (const [session, until] of resting) if (until <= clock.now()) resting.delete(session);
    try {
      const sessions = active.size < maxRunsAtOnce ? await store.claimable(maxRunsAtOnce + resting.size) : [];
      for (const session of sessions) {
        if (signal.aborted || active.size >= maxRunsAtOnce) break;
        if (active.has(session) || resting.has(session)) continue;
        active.set(session, drive(session));
      }
    } catch {
      await clock.sleep(restMs, signal); // the store is away: tried again later
    }
    await Promise.race([changed, active.size >= maxRunsAtOnce ? finished.promise : changed]);
    await clock.sleep(lookMs, signal);
  }
  if (active.size > 0 && drainMs > 0) await Promise.race([Promise.all(active.values()), clock.sleep(drainMs)]);
  stop.abort();
  await Promise.all(active.values());
}

/** How often a session that somebody else has is looked at. */
const busyMs = 500;

/** Drives one session until nothing is to be done in it; waits while another process has it. */
export async function driveOne(session: string, deps: RunsDeps, signal: AbortSignal): Promise<void> {
  const { store, clock, leaseTtlMs, pollMs } = deps;
  while (!signal.aborted) {
    const changed = store.changed(session, { signal, timeoutMs: Math.min(pollMs, busyMs) });
    const startedAt = clock.now();
    const driven = await driveSession(session, deps, signal);
    // A lease that ran out meanwhile, as in a machine's sleep: whoever got it goes on, or we do again.
    const ranOut = driven === 'stopped' && clock.now() - startedAt >= leaseTtlMs;
    if (driven !== 'busy' && (!ranOut || signal.aborted)) return;
    const info = await store.get(session);
    if (info === undefined || info.work.type === 'none') return;
    await changed;
  }
}
