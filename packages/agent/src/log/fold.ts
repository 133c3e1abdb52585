import type { ToolCall, Usage } from '@kw/providers';
import { toolCallsOf } from '@kw/providers';
import type { Entry, RunCost, RunStartEntry, StoredEntry } from '../entry.ts';
import { addCost } from './cost.ts';
import { grantsWith } from './grants.ts';
import { addUsage, noUsage } from './usage.ts';
import { entryVersion, isKnown } from './version.ts';
import type { ApprovalView, CallView, LogView, RunView } from './view.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

interface RunDraft extends Draft<Omit<RunView, 'messages' | 'calls' | 'approvals' | 'said' | 'notices'>> {
  readonly messages: RunView['messages'][number][];
  readonly calls: Map<string, CallView>;
  readonly approvals: Map<string, ApprovalView>;
  readonly said: RunView['said'][number][];
  readonly notices: Set<string>;
}

/** Everything that is known of a session, from its entries alone. `before` is what is known of the runs before them, all of which have ended. */
export function foldLog(entries: readonly StoredEntry[], before?: LogView): LogView {
  const runs = new Map<string, RunDraft>();
  let newer = before?.newer ?? false;
  let grants = before?.grants ?? new Map();
  let compaction = before?.compaction;
  for (const stored of entries) {
    if (stored.version > entryVersion) newer = true;
    if (!isKnown(stored)) continue;
    const { entry } = stored;
    if (entry.type === 'run-start' && !runs.has(entry.runId)) runs.set(entry.runId, newRun(entry, stored));
    const run = runs.get(entry.runId);
    grants = grantsWith(grants, stored, run);
    if (entry.type === 'context-compacted') compaction = { seq: stored.seq, entry };
    if (run === undefined) continue;
    if (run.end === undefined) run.lastSeq = stored.seq;
    add(run, entry, stored);
  }
  const all = [...(before?.runs ?? []), ...runs.values()];
  const last = all.at(-1);
  const head = entries.at(-1)?.seq ?? before?.head ?? 0;
  return {
    head,
    runs: all,
    newer,
    grants,
    ...(compaction === undefined ? {} : { compaction }),
    ...(last !== undefined && last.end === undefined ? { current: last } : {}),
  };
}

/** Every call id that was ever used in a session. */
export function callIdsOf({ runs }: LogView): ReadonlySet<string> {
  return new Set(runs.flatMap((run) => [...run.calls.keys()]));
}

function newRun(start: RunStartEntry, stored: StoredEntry): RunDraft {
  return {
    runId: start.runId,
    start,
    startSeq: stored.seq,
    startedAt: stored.at,
    lastSeq: stored.seq,
    turns: 0,
    requests: 0,
    usage: noUsage,
    messages: [],
    calls: new Map(),
    approvals: new Map(),
    parked: false,
    said: [],
    notices: new Set(),
    voidAnswers: 0,
    waitedMs: 0,
    driven: false,
  };
}

function add(run: RunDraft, entry: Entry, { seq, at }: StoredEntry): void {
  if (run.end !== undefined) return;
  if (entry.type !== 'run-start' && entry.type !== 'cancel-request' && entry.type !== 'grant-revoked') run.driven = true;
  switch (entry.type) {
    case 'assistant-message':
      run.turns += 1;
      run.voidAnswers = 0;
      addRequest(run, entry.usage, entry.cost);
      run.messages.push(entry);
      for (const call of toolCallsOf(entry.message))
        run.calls.set(call.id, callView(call, { seq, turn: entry.turn, redactedCalls: entry.redactedCalls ?? [] }));
      return;
    case 'message-discarded':
      if (entry.usage === undefined) return;
      run.voidAnswers += 1;
      addRequest(run, entry.usage, entry.cost);
      return;
    case 'program-message':
      run.said.push(entry);
      if (entry.limit !== undefined) run.lastAnswer = entry.limit;
      return;
    case 'tool-intent':
      update(run.calls, entry.callId, { intent: entry });
      if (entry.approvalId !== undefined) update(run.approvals, entry.approvalId, { used: true });
      return;
    case 'tool-result':
      if (run.calls.get(entry.message.callId)?.result === undefined) update(run.calls, entry.message.callId, { result: entry });
      return;
    case 'approval-request': {
      const view: ApprovalView = { request: entry.request, askedAt: at, used: false };
      run.approvals.set(entry.request.approvalId, view);
      run.openApproval = view;
      return;
    }
    case 'approval-response': {
      const { approvalId } = entry.response;
      const asked = run.approvals.get(approvalId);
      if (asked === undefined || asked.response !== undefined) return;
      update(run.approvals, approvalId, { response: entry.response });
      run.waitedMs += Math.max(0, at - asked.askedAt);
      if (run.openApproval?.request.approvalId === approvalId) delete run.openApproval;
      return;
    }
    case 'run-parked':
      run.parked = true;
      return;
    case 'run-resumed':
      run.parked = false;
      return;
    case 'cancel-request':
      run.cancel ??= entry;
      return;
    case 'run-end':
      run.end ??= { entry, at };
      return;
    case 'context-compacted':
      if (entry.usage !== undefined) addRequest(run, entry.usage, entry.cost);
      return;
    case 'notice':
      run.notices.add(entry.code);
      return;
    case 'run-start':
    case 'retry':
    case 'grant-revoked':
      return;
  }
}

function addRequest(run: RunDraft, usage: Usage, cost: RunCost | undefined): void {
  const all = run.requests === 0 ? cost : addCost(run.cost, cost);
  run.requests += 1;
  run.usage = addUsage(run.usage, usage);
  if (all === undefined) delete run.cost;
  else run.cost = all;
}

function callView(call: ToolCall, place: { seq: number; turn: number; redactedCalls: readonly string[] }): CallView {
  return { call, seq: place.seq, turn: place.turn, redacted: place.redactedCalls.includes(call.id) };
}

function update<V extends object>(map: Map<string, V>, key: string, change: Partial<V>): void {
  const value = map.get(key);
  if (value !== undefined) map.set(key, { ...value, ...change });
}
