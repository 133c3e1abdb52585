import { KwError, type ToolCall } from '@kw/providers';
import { defined } from '../defined.ts';
import type { ToolResultEntry } from '../entry.ts';
import type { CallResult, ExecutionScope, Intent } from '../executor/scope.ts';
import type { CallView } from '../log/view.ts';
import { approvalPort } from './approval-port.ts';
import { remainingMs } from './limits.ts';
import type { RunScope } from './scope.ts';

/** Calls that run at once at most. */
const maxParallel = 8;
const defaultResultTokens = 8_000;
const resultShare = 0.15;

/** Runs the calls that have no result yet: reads beside each other, everything else alone; results are written in the order of the calls. */
export async function runCalls(calls: readonly CallView[], scope: RunScope): Promise<'done' | 'parked'> {
  const execution = executionScope(scope);
  let at = 0;
  while (at < calls.length) {
    const group = quietGroup(calls.slice(at), scope, execution);
    if (group.length > 0) {
      await runGroup(group, scope, execution);
      at += group.length;
      continue;
    }
    const call = calls[at];
    if (call === undefined || (await runAlone(call, scope, execution)) === 'parked') return 'parked';
    at += 1;
  }
  return 'done';
}

/** The calls at the front that neither ask nor change anything. */
function quietGroup(calls: readonly CallView[], scope: RunScope, execution: ExecutionScope): readonly CallView[] {
  const end = calls.findIndex((view) => {
    const judgement = scope.executor.judge(rawCall(view, scope), execution);
    if (judgement.type !== 'judged' || judgement.decision.verdict === 'deny') return false;
    return judgement.decision.verdict === 'ask' || judgement.invocation.effect !== 'read';
  });
  return end < 0 ? calls : calls.slice(0, end);
}

async function runGroup(group: readonly CallView[], scope: RunScope, execution: ExecutionScope): Promise<void> {
  const results = group.map(() => Promise.withResolvers<CallResult>());
  for (const slot of results) slot.promise.catch(() => undefined); // failures are thrown below, in order
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < group.length; index = next++) {
      const view = group[index];
      const slot = results[index];
      if (view === undefined || slot === undefined) return;
      try {
        const executed = await scope.executor.execute(rawCall(view, scope), execution);
        if (executed.type === 'result') slot.resolve(executed.result);
      } catch (error) {
        slot.reject(error);
      }
    }
  };
  const workers = Promise.all(Array.from({ length: Math.min(maxParallel, group.length) }, work));
  // Whatever one call meets, the others' results are written: no result is lost that could be had. What is ready together is appended together.
  const written: Promise<void>[] = [];
  for (const [index, view] of group.entries()) {
    const [settled] = await Promise.allSettled([results[index]?.promise]);
    if (settled?.status === 'rejected') written.push(Promise.reject(settled.reason));
    else if (settled?.value !== undefined) written.push(scope.ledger.append(scope.runId, [resultEntry(view.call, settled.value, scope)]));
    written.at(-1)?.catch(() => undefined); // thrown below
  }
  await workers;
  const failure = (await Promise.allSettled(written)).find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

async function runAlone(view: CallView, scope: RunScope, execution: ExecutionScope): Promise<'done' | 'parked'> {
  const executed = await scope.executor.execute(rawCall(view, scope), execution);
  if (executed.type === 'parked') return 'parked';
  await scope.ledger.append(scope.runId, [resultEntry(view.call, executed.result, scope)]);
  return 'done';
}

/** The call as the model wrote it: from the log, or from memory where the log holds it redacted. */
function rawCall({ call }: CallView, scope: RunScope): ToolCall {
  return { ...call, arguments: scope.rawArguments.get(call.id) ?? call.arguments };
}

function resultEntry(call: ToolCall, result: CallResult, { runId }: RunScope): ToolResultEntry {
  const { content, isError, ...facts } = result;
  return { type: 'tool-result', runId, message: { role: 'tool', callId: call.id, name: call.name, content, isError }, ...facts };
}

function executionScope(scope: RunScope): ExecutionScope {
  const { ledger, runId, session, model, clock } = scope;
  const { settings, target, by } = ledger.run(runId).start;
  const { takeSlot } = scope;
  const tools = new Map(scope.tools().map((tool) => [tool.name, tool]));
  return {
    session,
    tools,
    policy: settings.policy,
    ...defined({ target, sha256: scope.sha256 }),
    ...(takeSlot !== undefined && { takeSlot: (tool: string, signal: AbortSignal) => takeSlot({ tool, session, by }, signal) }),
    journal: {
      intent: async (intent) => {
        if (scope.unwritable() && intent.effect !== 'read') throw unwritable();
        await writeIntent(intent, scope);
        if (scope.unwritable() && intent.effect !== 'read') throw unwritable();
      },
      progress: (callId, text) => scope.partials.write({ kind: 'progress', callId, text }),
      ready: () => scope.keeper.ready(),
      loggedArguments: (callId) => scope.loggedArguments(callId),
    },
    approvals: approvalPort(scope),
    openTarget: scope.openTarget,
    outputs: scope.outputs,
    redactor: scope.redactor,
    signal: scope.signal,
    clock,
    random: scope.random,
    resultTokens: Math.min(defaultResultTokens, Math.floor(model.limits.contextWindow * resultShare)),
    remainingMs: () => remainingMs(ledger.run(runId), clock.now()),
    approvalTtlMs: scope.approvalTtlMs,
    leftover: scope.leftover,
  };
}

/** A grant is looked at once more in the very moment of writing: taken back before, it does not let the call run. */
async function writeIntent(intent: Intent, { ledger, runId }: RunScope): Promise<void> {
  const { grantId } = intent;
  let holds = true;
  await ledger.append(runId, () => {
    holds = grantId === undefined || ledger.view().grants.has(grantId);
    return holds ? [{ type: 'tool-intent', runId, ...intent }] : undefined;
  });
  if (!holds) throw new KwError('grant-revoked', `the grant ${String(grantId)} was taken back`);
}

function unwritable(): KwError {
  return new KwError('store-unavailable', 'it is read-only, full or away');
}
