import { linkedAbort } from '../async/linked-abort.ts';
import { defined } from '../defined.ts';
import type { RunView } from '../log/view.ts';
import { type Driven, driveRun } from '../loop/drive-run.ts';
import { endingOf } from '../loop/run-end.ts';
import type { RunScope } from '../loop/scope.ts';
import { codeOf, wordsOf } from '../text.ts';
import type { Driver } from './driver.ts';
import { keepLease } from './lease-keeper.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openOnce } from './open-once.ts';
import { createPartialWriter } from './partial-writer.ts';
import { stopOf, stopReason } from './stop.ts';
import { isDue, takeUp } from './take-up.ts';

/** How the driving of a session ended: all is done, nothing was to be done, somebody else has it, or it was stopped. */
export type SessionDriven = 'done' | 'nothing' | 'busy' | 'stopped';

/** How long a tool that did not stop is waited for: TERM, KILL after 5 s. */
const leftoverMs = 7_000;

/** Takes a session's lease and drives what is to be driven; gives everything back before it resolves. */
export async function driveSession(session: string, driver: Driver, signal: AbortSignal): Promise<SessionDriven> {
  const { store, clock } = driver;
  if (signal.aborted) return 'stopped';
  const lease = await store.acquire(session, driver.leaseTtlMs);
  if (lease === undefined) return 'busy';
  const stop = new AbortController();
  const shutDown = (): void => stop.abort(stopReason('shutting-down'));
  const onLost = (): void => stop.abort(stopReason('lease-lost'));
  signal.addEventListener('abort', shutDown);
  if (signal.aborted) shutDown();
  const keeper = keepLease({ store, lease, ttlMs: driver.leaseTtlMs, clock, onLost });
  const partials = createPartialWriter({ store, lease: keeper.lease, clock, regain: keeper.regain });
  const leftovers = new Set<Promise<unknown>>();
  const watching = new AbortController();
  const over = new AbortController();
  let watched: Promise<void> | undefined;
  try {
    const ledger = await openLedger({
      store,
      logs: driver.logs,
      session,
      lease: keeper.lease,
      clock,
      regain: keeper.regain,
      pollMs: driver.pollMs,
    });
    watched = ledger.watch(watching.signal);
    for (let runs = 0; ; runs += 1) {
      const { current, newer } = ledger.view();
      if (stop.signal.aborted) return 'stopped';
      if (current === undefined || newer || !isDue(current, clock.now())) return runs === 0 ? 'nothing' : 'done';
      const driven = await drive(current, ledger);
      if (driven !== 'ended') return driven === 'parked' ? 'done' : 'stopped';
    }
  } catch (error) {
    if (stopOf(error) === undefined) throw error;
    return 'stopped';
  } finally {
    signal.removeEventListener('abort', shutDown);
    watching.abort();
    await partials.settle();
    await watched;
    await Promise.race([Promise.all(leftovers), clock.sleep(leftoverMs, over.signal)]);
    over.abort();
    await keeper.release();
  }

  async function drive(run: RunView, ledger: Ledger): Promise<Driven> {
    const held = { session, runId: run.runId, ledger, partials, keeper, leftover: (end: Promise<unknown>) => void leftovers.add(end) };
    try {
      await takeUp(run, { store, session, ledger, now: clock.now() });
      return await driveOne(run, held, { driver, stop: stop.signal });
    } catch (error) {
      if (stopOf(error) === 'run-over') return 'ended';
      throw error;
    }
  }
}

type Held = Pick<RunScope, 'session' | 'runId' | 'ledger' | 'partials' | 'keeper' | 'leftover'>;

async function driveOne(
  run: RunView,
  held: Held,
  { driver, stop }: { readonly driver: Driver; readonly stop: AbortSignal },
): Promise<Driven> {
  const { ledger, runId, session } = held;
  const { controller: ending, letGo: letEnding } = linkedAbort(stop);
  const { signal } = ending;
  const { controller: over, letGo: letOver } = linkedAbort(stop);
  const watched = ledger
    .until(
      (view) => (view.current?.runId !== runId ? 'run-over' : view.current.cancel === undefined ? undefined : 'cancelled'),
      over.signal,
    )
    .then(
      (why) => ending.abort(stopReason(why)),
      () => undefined,
    ); // aborted: nobody waits any more
  const target = openOnce(() => openTarget(run, driver, signal));
  try {
    const model = await driver.models(run.start.settings.model);
    return await driveRun({
      ...held,
      executor: driver.executor,
      model,
      tools: driver.tools,
      openTarget: target.open,
      outputs: driver.outputs,
      redactor: driver.redactor,
      redactMessage: driver.redactMessage,
      clock: driver.clock,
      random: driver.random,
      signal,
      approvalWaitMs: driver.approvalWaitMs,
      approvalTtlMs: driver.approvalTtlMs,
      rawArguments: new Map(),
      loggedArguments: (callId) => loggedArguments(callId, held, driver),
      unwritable: () => driver.unwritable(session),
      ...defined({ approve: driver.approve, sha256: driver.sha256, takeSlot: driver.takeSlot }),
    });
  } catch (error) {
    if (stopOf(error) !== undefined) throw error;
    const message = driver.redactor.text(wordsOf(error));
    await ledger.append(runId, (at) => endingOf(at, { type: 'failed', code: codeOf(error), message }, { reason: message }), {
      endsPartial: true,
    });
    return 'ended';
  } finally {
    over.abort();
    letEnding();
    letOver();
    await watched;
    await target.close();
  }
}

async function openTarget(run: RunView, driver: Driver, signal: AbortSignal): ReturnType<RunScope['openTarget']> {
  const { target } = run.start;
  return target === undefined ? undefined : driver.targets?.open(target, signal);
}

/** Read from the store anew: what runs is what is written there, not what is remembered. */
async function loggedArguments(callId: string, { ledger, runId, session }: Held, { store }: Driver): Promise<string | undefined> {
  const view = ledger.run(runId).calls.get(callId);
  if (view === undefined) return undefined;
  const [stored] = await store.read(session, { after: view.seq - 1, limit: 1 });
  if (stored?.entry.type !== 'assistant-message') return undefined;
  const part = stored.entry.message.content.find((candidate) => candidate.type === 'tool-call' && candidate.id === callId);
  return part?.type === 'tool-call' ? part.arguments : undefined;
}
