import type { Grant } from '../approval.ts';
import type { Entry } from '../entry.ts';
import { workAfter } from '../log/folded-log.ts';
import type { Principal } from '../principal.ts';
import { checkSession, type RunsDeps } from './deps.ts';

/** The grants of a session that hold. */
export async function grantsOf(session: string, by: Principal, deps: RunsDeps): Promise<readonly Grant[]> {
  await checkSession(session, by, deps);
  const { grants } = (await deps.logs.read(session)).view;
  return [...grants.values()].map(({ grant }) => grant);
}

/** Writes that a grant is taken back, by compare-and-set on the log: no call whose intent comes later in the log can use it. */
export async function revokeGrant(
  session: string,
  given: { readonly grantId: string; readonly by: Principal },
  deps: RunsDeps,
): Promise<boolean> {
  const { store, logs, clock } = deps;
  const { grantId, by } = given;
  await checkSession(session, by, deps);
  for (;;) {
    const log = await logs.read(session);
    const { view } = log;
    const runId = view.runs.at(-1)?.runId;
    if (runId === undefined || !view.grants.has(grantId)) return false;
    const entry: Entry = { type: 'grant-revoked', runId, grantId, by };
    const result = await store.append(session, [entry], { expectedHead: view.head, work: workAfter(log, [entry], clock.now()) });
    if (result.type === 'appended') return true;
  }
}
