import type { AgentEvent, Approve, Cursor, Principal, RunRef, Runs } from '@kw/agent';
import { setTimeout as sleep } from 'node:timers/promises';
import { bilingualError } from './bilingual-error.ts';

/** How a run is conducted. */
export interface ConductOptions {
  /** Cancels the run; its events go on to its end. */
  readonly signal?: AbortSignal;
  /** Asks about a question at which the run was parked before. */
  readonly approve?: Approve;
}

/** Drives a run in this process and gives its events from the beginning, to its end or its parking. */
export async function* conduct(
  runs: Runs,
  run: RunRef,
  by: Principal,
  { signal, approve }: ConductOptions = {},
): AsyncGenerator<AgentEvent, void> {
  let after: Cursor | undefined;
  for (;;) {
    let parked: AgentEvent | undefined;
    for await (const event of drive(runs, run, { by, signal, after })) {
      after = event.cursor;
      if (event.type === 'run-parked' && approve !== undefined) parked = event;
      else yield event;
    }
    if (parked === undefined) return;
    if (approve === undefined || !(await answer(runs, run, { by, signal, approve }))) return yield parked;
  }
}

interface DriveOptions {
  readonly by: Principal;
  readonly signal: AbortSignal | undefined;
  readonly after?: Cursor | undefined;
}

async function* drive(runs: Runs, run: RunRef, { by, signal, after }: DriveOptions): AsyncGenerator<AgentEvent, void> {
  const failed = new AbortController();
  const done = new AbortController();
  const fail = (error: unknown): void => failed.abort(error);
  const cancel = (): void => {
    void runs.cancel(run, by).catch(fail);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  const driving = driveOn(runs, run, done.signal).catch(fail);
  try {
    yield* runs.follow(run, { by, untilParked: true, signal: failed.signal, ...(after === undefined ? {} : { after }) });
    failed.signal.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', cancel);
    done.abort();
    await driving;
  }
}

/** A driver that let go of the run without its end (its lease was lost in a moment in which the store was slow) takes it up again, but not for ever. */
async function driveOn(runs: Runs, run: RunRef, signal: AbortSignal): Promise<void> {
  for (let drives = 0; drives < maxDrives; drives += 1) {
    await runs.driveSession(run.session, signal);
    // Mostly its end is about to be seen by the reader, who then aborts: the log need not be read for it.
    await sleep(againMs, undefined, { signal }).catch(() => undefined); // aborted: looked at below
    if (signal.aborted) return;
    const state = await runs.state(run);
    if (signal.aborted || state === undefined || state.status !== 'running') return;
  }
  throw bilingualError('lease-lost', {
    en: `session ${run.session} cannot be held: its store is too slow or does not keep what is written; go on with it by resume`,
    zh: `无法占用会话 ${run.session}：其存储过慢或未能保存写入内容；请用 resume 继续`,
  });
}

const maxDrives = 10;
const againMs = 300;

/** Asks about a parked run's question and writes the answer down; false where there was none. */
async function answer(runs: Runs, run: RunRef, { by, signal, approve }: DriveOptions & { readonly approve: Approve }): Promise<boolean> {
  const open = (await runs.state(run, by))?.openApproval;
  if (open === undefined) return true; // answered elsewhere in the meantime
  const said = await approve(open, { signal: signal ?? new AbortController().signal });
  if (said === undefined) return false;
  await runs.answer(open.approvalId, typeof said === 'boolean' ? { decision: said ? 'approve' : 'deny' } : said, by);
  return true;
}
