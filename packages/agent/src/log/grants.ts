import type { Grant } from '../approval.ts';
import { defined } from '../defined.ts';
import type { Entry, StoredEntry } from '../entry.ts';
import { samePrincipal } from '../principal.ts';
import type { RunView } from './view.ts';

/** A grant that holds, and what it holds for. */
export interface GrantView {
  readonly grant: Grant;
  /** What a covered call would be offered. */
  readonly key: string;
  /** The policy under which it was given, as JSON: under another one it does not hold. */
  readonly policy: string;
}

/** The grants once an entry is added, told by the run as it stood before: given by the run's owner, offered, and answered for the first time. */
export function grantsWith(
  grants: ReadonlyMap<string, GrantView>,
  { entry, at }: StoredEntry,
  run: RunView | undefined,
): ReadonlyMap<string, GrantView> {
  if (entry.type === 'grant-revoked') return without(grants, (id) => id === entry.grantId);
  if (entry.type !== 'approval-response' || run === undefined) return grants;
  const asked = run.approvals.get(entry.response.approvalId);
  if (asked === undefined || asked.response !== undefined) return grants;
  const { request } = asked;
  if (entry.response.decision === 'deny') {
    const declined = new Set((request.grants ?? []).map((offer) => offer.key));
    return without(grants, (_, { key }) => declined.has(key));
  }
  const given = grantOf(entry, { run, at });
  return given === undefined ? grants : new Map([...grants, [request.approvalId, given]]);
}

/** A grant that covers a call with these offers in a run. */
export function grantFor(
  grants: ReadonlyMap<string, GrantView>,
  keys: ReadonlySet<string>,
  run: Pick<RunView, 'start'>,
): Grant | undefined {
  const policy = policyOf(run);
  return [...grants.values()].find((view) => keys.has(view.key) && view.policy === policy)?.grant;
}

function grantOf(
  { response }: Extract<Entry, { type: 'approval-response' }>,
  { run, at }: { readonly run: RunView; readonly at: number },
): GrantView | undefined {
  const request = run.approvals.get(response.approvalId)?.request;
  const offer = request?.grants?.find(({ scope }) => scope === response.grant);
  const { by } = response;
  if (request === undefined || offer === undefined || response.decision !== 'approve' || by === undefined) return undefined;
  if (!samePrincipal(by, run.start.by)) return undefined;
  const { approvalId: grantId, tool, summary, target } = request;
  const { scope, label, calls, key } = offer;
  return {
    key,
    policy: policyOf(run),
    grant: {
      grantId,
      scope,
      label,
      ...defined({ calls }),
      tool,
      summary,
      ...(target === undefined ? {} : { target }),
      at,
      by,
      runId: run.runId,
    },
  };
}

function policyOf({ start }: Pick<RunView, 'start'>): string {
  return JSON.stringify(start.settings.policy);
}

function without(grants: ReadonlyMap<string, GrantView>, gone: (id: string, view: GrantView) => boolean): ReadonlyMap<string, GrantView> {
  const kept = [...grants].filter(([id, view]) => !gone(id, view));
  return kept.length === grants.size ? grants : new Map(kept);
}
