import { KwError } from '@kw/providers';
import { compaction } from '../compact/compaction.ts';
import { planCompaction } from '../compact/plan.ts';
import { keepLease } from '../drive/lease-keeper.ts';
import { stopReason } from '../drive/stop.ts';
import { requestCost } from '../loop/cost.ts';
import type { Principal } from '../principal.ts';
import type { Compacted } from '../runs.ts';
import type { Lease } from '../session-store.ts';
import type { RunsDeps } from './deps.ts';
import { checkSession } from './deps.ts';

/** The newest turns that stay as they are when a person wishes for a summary. */
const keepTokens = 1_000;

/** Who wishes for it, and until when. */
export interface CompactWish {
  readonly by: Principal;
  readonly signal: AbortSignal | undefined;
}

/** Summarises the old turns of a session in which no run is under way; nobody else drives it meanwhile. */
export async function compactSession(session: string, { by, signal }: CompactWish, deps: RunsDeps): Promise<Compacted | undefined> {
  const { store, clock, leaseTtlMs } = deps;
  signal?.throwIfAborted();
  await checkSession(session, by, deps);
  const lease = await store.acquire(session, leaseTtlMs);
  if (lease === undefined) throw busy(session);
  const stop = new AbortController();
  const onLost = (): void => stop.abort(stopReason('lease-lost'));
  const keeper = keepLease({ store, lease, ttlMs: leaseTtlMs, clock, onLost });
  const leftovers: Promise<unknown>[] = [];
  try {
    const signals = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    return await compactHeld(session, deps, { lease: keeper.lease, signal: signals, leftover: (end) => void leftovers.push(end) });
  } finally {
    await Promise.all(leftovers);
    await keeper.release();
  }
}

interface Holding {
  readonly lease: () => Lease;
  readonly signal: AbortSignal;
  readonly leftover: (end: Promise<unknown>) => void;
}

async function compactHeld(session: string, deps: RunsDeps, { lease, signal, leftover }: Holding): Promise<Compacted | undefined> {
  const { store, logs, redactor } = deps;
  const { entries, view } = await logs.read(session);
  const last = view.runs.at(-1);
  if (view.current !== undefined) throw busy(session);
  if (last === undefined || view.newer) return undefined;
  const model = await deps.models(last.start.settings.model);
  const window = model.limits.contextWindow;
  const plan = planCompaction({ entries, compaction: view.compaction, keepTokens, window });
  if (plan === undefined) return undefined;
  const costOf = (summary: Parameters<typeof requestCost>[1]): ReturnType<typeof requestCost> => requestCost(model, summary);
  const entry = await compaction(plan, { model, window, redactor, signal, leftover, runId: last.runId, costOf });
  const result = await store.append(session, [entry], { expectedHead: view.head, lease: lease(), work: { type: 'none' } });
  if (result.type !== 'appended') throw busy(session);
  return { before: entry.before, after: entry.after, turns: entry.turns };
}

function busy(session: string): KwError {
  return new KwError('session-busy', `The session ${session} has a run under way. Wait for its end, or cancel it.`);
}
