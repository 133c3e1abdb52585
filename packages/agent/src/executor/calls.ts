import type { ToolCall } from '@kw/providers';
import { isKwError } from '@kw/providers';
import type { AnsweredApproval, ApprovalDecision, ApprovalRequest, ApprovalResponse } from '../approval.ts';
import { raceAbort } from '../async/race-abort.ts';
import { type Clock, systemClock } from '../clock.ts';
import { defined } from '../defined.ts';
import { stopReason } from '../drive/stop.ts';
import type { Entry, RunSettings } from '../entry.ts';
import { type Random, randomId, systemRandom } from '../ids.ts';
import type { Approve } from '../loop/scope.ts';
import type { OutputStore } from '../output-store.ts';
import type { Policy, PolicyRule } from '../policy.ts';
import type { Principal } from '../principal.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { SessionStore } from '../session-store.ts';
import type { RunTarget, TargetRequest, TargetSource } from '../target.ts';
import { wordsOf } from '../text.ts';
import type { Tool } from '../tool.ts';
import { type CallEntries, callEntries, createCallLog, isUnavailable } from './call-log.ts';
import { createExecutor } from './executor.ts';
import type { ApprovalPort, CallJournal, CallResult } from './scope.ts';
import { sharedTargets } from './shared-target.ts';
import type { TakeSlot } from './slots.ts';

/** What calls outside of a model's run are made with. */
export interface CallsOptions {
  readonly store: SessionStore;
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
  readonly targets?: TargetSource;
  readonly policy: Policy;
  /** Whose calls they are. */
  readonly by: Principal;
  /** The session's title. */
  readonly title: string;
  /** Who calls, in the place where runs name their model. */
  readonly caller: RunSettings['model'];
  /** Gives each call its place among those that run at once, such as {@link fairSlots} does; a question holds none. Default: all run at once. */
  readonly takeSlot?: TakeSlot;
  readonly approvalTtlMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** One call. */
export interface CallInput {
  readonly name: string;
  readonly argumentsJson: string;
  /** The tools that there are for this call. */
  readonly tools: readonly Tool[];
  /** Cancels the call and its processes. */
  readonly signal: AbortSignal;
  /** Asks the person behind the caller; absent: nobody can be asked, and what needs an approval is not run. */
  readonly approve?: Approve;
  /** Why nobody can be asked and what to do about it. */
  readonly nobody?: string;
  readonly onProgress?: (message: string) => void;
  readonly target?: TargetRequest;
  /** Rules for this call, beside those of the policy. */
  readonly rules?: readonly PolicyRule[];
  /** Most of the result's text, in tokens; the whole output is kept beside it. */
  readonly resultTokens: number;
}

/** Calls that no model makes: each is judged, asked about, written down and run as a call of a run is. */
export interface Calls {
  /** Executes one call. Whatever happens, the answer is a result. */
  execute(input: CallInput): Promise<CallResult & { readonly session: string }>;
  /** The session of the calls so far; undefined before the first one. */
  session(): string | undefined;
  /** Waits for what has to end and closes targets. Cancel running calls first. */
  close(): Promise<void>;
}

const defaultTtlMs = 600_000;

/** Makes the way for calls through the executor: one session, and in it a run for each call. */
export function createCalls(options: CallsOptions): Calls {
  const { clock = systemClock, random = systemRandom, approvalTtlMs = defaultTtlMs, redactor, by, policy, takeSlot } = options;
  const log = createCallLog({ ...options, clock, random });
  const executor = createExecutor();
  const targets = options.targets === undefined ? undefined : sharedTargets(options.targets);
  const leftovers = new Set<Promise<unknown>>();
  const settings: RunSettings = { model: options.caller, policy, approvals: 'ask', limits: { iterations: 1, equalCalls: 1 } };
  let known: string | undefined;

  const run = async (input: CallInput, call: ToolCall, session: string): Promise<CallResult> => {
    const target = await freeze(options.targets, { ...input.target, by }, input.signal);
    const entries = callEntries({ runId: await log.nextRunId(), call, settings, by, target, redactor });
    const writer = writerOf(entries, log.append);
    const held = target === undefined ? undefined : targets?.use(target);
    const stop = new AbortController();
    const cancel = (): void => stop.abort(stopReason('cancelled'));
    input.signal.addEventListener('abort', cancel, { once: true });
    if (input.signal.aborted) cancel();
    let result: CallResult;
    try {
      const executed = await executor.execute(call, {
        session,
        tools: new Map(input.tools.map((tool) => [tool.name, tool])),
        policy: { ...policy, rules: [...policy.rules, ...(input.rules ?? [])] },
        ...defined({ target }),
        journal: journalOf(writer, input),
        approvals: approvalsOf(writer, input, { session, by, clock, random, redactor }),
        openTarget: async () => held?.open(),
        outputs: options.outputs,
        redactor,
        signal: stop.signal,
        clock,
        random,
        resultTokens: input.resultTokens,
        approvalTtlMs,
        ...(takeSlot !== undefined && { takeSlot: (tool: string, signal: AbortSignal) => takeSlot({ tool, session, by }, signal) }),
        leftover: (end) => {
          leftovers.add(end);
          void end.finally(() => leftovers.delete(end));
        },
      });
      result = executed.type === 'result' ? executed.result : notRun('nobody answered', 'denied');
    } catch (error) {
      if (!stop.signal.aborted && !isUnavailable(error)) throw error;
      result = stop.signal.aborted ? notRun('it was cancelled', 'cancelled') : notRun(wordsOf(error), 'refused');
    } finally {
      input.signal.removeEventListener('abort', cancel);
      await held?.release();
    }
    return writer.end(result);
  };

  return {
    session: () => known,
    execute: async (input) => {
      const call: ToolCall = { type: 'tool-call', id: `call_${randomId(random)}`, name: input.name, arguments: input.argumentsJson };
      try {
        known = await log.session();
        return { ...(await run(input, call, known)), session: known };
      } catch (error) {
        const failed = isKwError(error) ? error : new Error(wordsOf(error));
        return { ...notRun(redactor.text(failed.message), 'failed'), session: known ?? '' };
      }
    },
    close: async () => {
      await Promise.allSettled(leftovers);
      await targets?.close();
    },
  };
}

/** Writes a call's entries in their order, its beginning with whatever comes first. */
interface CallWriter {
  readonly runId: () => string;
  write(entries: readonly Entry[]): Promise<void>;
  /** The result, with a word about it where it could not be written down. */
  end(result: CallResult): Promise<CallResult>;
}

function writerOf(entries: CallEntries, append: (entries: readonly Entry[]) => Promise<void>): CallWriter {
  const begin = entries.begin();
  let begun = false;
  const write = async (more: readonly Entry[]): Promise<void> => {
    await append(begun ? more : [...begin, ...more]);
    begun = true;
  };
  return {
    runId: () => begin[0]?.runId ?? '',
    write,
    end: async (result) => {
      try {
        await write(entries.end(result));
        return result;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        return { ...result, content: `${result.content}\n(this could not be written down: ${wordsOf(error)})` };
      }
    },
  };
}

function journalOf(writer: CallWriter, { onProgress }: CallInput): CallJournal {
  return {
    intent: async (intent) => {
      try {
        await writer.write([{ type: 'tool-intent', runId: writer.runId(), ...intent }]);
      } catch (error) {
        if (intent.effect !== 'read' || !isUnavailable(error)) throw error; // reads go on
      }
    },
    progress: (_callId, message) => onProgress?.(message),
    ready: async () => undefined, // no lease: the session is this process's own
    loggedArguments: async () => undefined,
  };
}

interface Asking {
  readonly session: string;
  readonly by: Principal;
  readonly clock: Clock;
  readonly random: Random;
  readonly redactor: Redactor;
}

function approvalsOf(writer: CallWriter, { approve, nobody }: CallInput, { session, by, clock, random, redactor }: Asking): ApprovalPort {
  return {
    newId: () => `${session}.${randomId(random)}`,
    answered: () => undefined,
    open: () => undefined,
    ask: async (request, signal) => {
      if (approve === undefined) return { type: 'nobody', ...defined({ reason: nobody }) };
      if (request.approveBy !== undefined)
        return { type: 'nobody', reason: 'another person must approve it, and only this one can be asked here' };
      await writer.write([{ type: 'approval-request', runId: writer.runId(), request }]);
      const said = await answerWithin(request, approve, { signal, clock });
      const decision: ApprovalDecision =
        typeof said === 'boolean' ? { decision: said ? 'approve' : 'deny' } : (said ?? { decision: 'deny' });
      const response: ApprovalResponse = {
        approvalId: request.approvalId,
        decision: said === undefined ? 'expire' : decision.decision,
        by,
        ...defined({ reason: decision.reason === undefined ? undefined : redactor.text(decision.reason) }),
      };
      await writer.write([{ type: 'approval-response', runId: writer.runId(), response }]);
      const approval: AnsweredApproval = { request, response };
      return { type: 'answered', approval };
    },
  };
}

async function answerWithin(
  request: ApprovalRequest,
  approve: Approve,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<ApprovalDecision | boolean | undefined> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(Math.max(0, request.expiresAt - clock.now()), both).then(() => undefined);
  try {
    const asked = Promise.resolve(approve(request, { signal: both })).catch((error: unknown): ApprovalDecision => ({
      decision: 'deny',
      reason: `the person could not be asked: ${wordsOf(error)}`,
    }));
    return await raceAbort(Promise.race([asked, late]), signal);
  } finally {
    over.abort();
  }
}

/** A call without a cluster is possible; one that names a context which is not there is not. */
async function freeze(source: TargetSource | undefined, request: TargetRequest, signal?: AbortSignal): Promise<RunTarget | undefined> {
  try {
    return await source?.freeze(request, signal);
  } catch (error) {
    if (request.context === undefined && isKwError(error) && error.code === 'no-cluster') return undefined;
    throw error;
  }
}

function notRun(reason: string, outcome: CallResult['outcome']): CallResult {
  return { outcome, content: `not run: ${reason}`, isError: true, durationMs: 0 };
}
