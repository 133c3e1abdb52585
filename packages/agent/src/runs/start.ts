import { isKwError, KwError } from '@kw/providers';
import { defined } from '../defined.ts';
import type { Entry, RunSettings, RunStartEntry } from '../entry.ts';
import { isSessionId, newSessionId, runIdOf } from '../ids.ts';
import { workAfter } from '../log/folded-log.ts';
import type { LogView } from '../log/view.ts';
import { endingOf } from '../loop/run-end.ts';
import type { Principal } from '../principal.ts';
import type { RunInput, RunRef } from '../runs.ts';
import type { SessionInfo } from '../session-store.ts';
import type { RunTarget } from '../target.ts';
import { checkOwner, type RunsDeps } from './deps.ts';

const superseded = 'the user went on with another message';

/** Writes a run's beginning, by compare-and-set on the log. */
export async function startRun(input: RunInput, by: Principal, deps: RunsDeps): Promise<RunRef> {
  const { store, logs, redactor } = deps;
  const target = await freeze(input, by, deps);
  const info = await sessionFor(input, by, deps);
  const wished: RunSettings = { ...deps.settings, ...defined({ ...input.settings }) };
  const settings: RunSettings =
    input.limits === undefined ? wished : { ...wished, limits: { ...wished.limits, ...defined({ ...input.limits }) } };
  const session = info.id;
  for (;;) {
    const log = await logs.read(session);
    const { view } = log;
    const before = supersede(view, input);
    const runId = runIdOf(session, view.runs.length + 1);
    const start: RunStartEntry = {
      type: 'run-start',
      runId,
      message: { role: 'user', content: redactor.text(input.text), origin: 'person' },
      settings,
      by,
      ...defined({ target }),
    };
    const added: readonly Entry[] = [...before, start];
    const work = workAfter(log, added, deps.clock.now());
    const result = await store.append(session, added, { expectedHead: view.head, work, endsPartial: before.length > 0 });
    if (result.type === 'appended') return { session, runId };
  }
}

/** What ends the session's open run: nothing where there is none. Throws KwError `session-busy` where it may not be ended. */
function supersede({ current }: LogView, input: RunInput): readonly Entry[] {
  if (current === undefined) return [];
  if (current.openApproval === undefined)
    throw new KwError(
      'session-busy',
      `The session ${String(input.session)} has a run under way (${current.runId}). Wait for its end, or cancel it.`,
    );
  if (input.supersede !== true) {
    const { approvalId, summary } = current.openApproval.request;
    const way = 'Answer it, or send the message with `supersede: true`, which declines it.';
    throw new KwError('session-busy', `The session ${String(input.session)} waits for an answer to ${approvalId} (${summary}). ${way}`);
  }
  return endingOf(current, { type: 'cancelled', reason: superseded }, { reason: superseded, answer: 'supersede' });
}

async function sessionFor(input: RunInput, by: Principal, { store, clock, random }: RunsDeps): Promise<SessionInfo> {
  const { session } = input;
  if (session === undefined) return store.create({ id: newSessionId(clock.now(), random), owner: by });
  if (!isSessionId(session))
    throw new KwError('bad-session-id', `${JSON.stringify(session)} is no session id: use 1 to 64 letters, digits, - and _.`);
  const known = (await store.get(session)) ?? (await create(session, by, store));
  checkOwner(known, by);
  return known;
}

async function create(id: string, owner: Principal, store: RunsDeps['store']): Promise<SessionInfo> {
  try {
    return await store.create({ id, owner });
  } catch (error) {
    const info = isKwError(error) && error.code === 'session-exists' ? await store.get(id) : undefined;
    if (info === undefined) throw error;
    return info;
  }
}

/** A run without a cluster is possible; one that names a context which is not there is not. */
async function freeze({ target }: RunInput, by: Principal, { targets }: RunsDeps): Promise<RunTarget | undefined> {
  try {
    return await targets?.freeze({ ...target, by });
  } catch (error) {
    if (target?.context === undefined && isKwError(error) && error.code === 'no-cluster') return undefined;
    throw error;
  }
}
