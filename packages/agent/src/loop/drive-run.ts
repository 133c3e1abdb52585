import { type ChatRequest, isKwError, KwError, type ToolSpec } from '@kw/providers';
import { stopOf } from '../drive/stop.ts';
import { codeOf, wordsOf } from '../text.ts';
import type { Entry, RunOutcome } from '../entry.ts';
import { callIdsOf } from '../log/fold.ts';
import type { RunView } from '../log/view.ts';
import { type Answer, askModel } from './ask-model.ts';
import { conclude } from './conclude.ts';
import { limitOf, remainingMs } from './limits.ts';
import { byName, createPromptBuilder, type PromptBuilder } from './prompt.ts';
import { runCalls } from './run-calls.ts';
import { brokenMessage, endingOf } from './run-end.ts';
import type { RunScope } from './scope.ts';
import { wordsFor } from './words.ts';
import { findingsOf } from './findings.ts';

/** Where a run stands when its driver lets go of it. */
export type Driven = 'ended' | 'parked' | 'released';

/** What the last answer may take beyond a limit of time. */
const lastAnswerMs = 30_000;
/** Share of the window that is used after the vendor said that the request was too long. */
const shrunk = 0.6;

/** Drives a run to its end, its parking, or until the signal says that somebody else has it. Failures become the run's outcome. */
export async function driveRun(scope: RunScope): Promise<Driven> {
  const prompt = createPromptBuilder(scope);
  try {
    for (;;) {
      scope.signal.throwIfAborted();
      const run = scope.ledger.run(scope.runId);
      if (run.cancel !== undefined) return await cancelled(scope);
      const calls = [...run.calls.values()].filter((call) => call.result === undefined);
      if (calls.length > 0) {
        if ((await runCalls(calls, scope)) === 'parked') return 'parked';
        continue;
      }
      if (await request(run, prompt, scope)) return 'ended';
    }
  } catch (error) {
    return await stopped(error, scope);
  }
}

async function stopped(error: unknown, scope: RunScope): Promise<Driven> {
  switch (stopOf(error)) {
    case 'cancelled':
      return cancelled(scope);
    case 'run-over':
      return 'ended';
    case 'lease-lost':
    case 'shutting-down':
      return 'released';
    case undefined:
      return end(scope, { type: 'failed', code: codeOf(error), message: scope.redactor.text(wordsOf(error)) }, wordsOf(error));
  }
}

async function cancelled(scope: RunScope): Promise<Driven> {
  const run = scope.ledger.run(scope.runId);
  const reason = run.cancel?.reason ?? 'the run was cancelled';
  return end(scope, { type: 'cancelled', reason }, reason);
}

async function end(scope: RunScope, outcome: RunOutcome, reason: string): Promise<Driven> {
  await scope.partials.settle();
  await scope.ledger.append(scope.runId, (run) => endingOf(run, outcome, { reason }), { endsPartial: true });
  return 'ended';
}

/** One request and what follows from it; true where the run ended with it. */
async function request(run: RunView, prompt: PromptBuilder, scope: RunScope): Promise<boolean> {
  const limit = run.lastAnswer ?? limitOf(run, scope.clock.now());
  if (limit !== undefined && run.lastAnswer === undefined) {
    const message = { role: 'user', content: wordsFor(run).lastAnswer(limit), origin: 'program' } as const;
    await scope.ledger.append(scope.runId, [{ type: 'program-message', runId: scope.runId, purpose: 'last-answer', limit, message }]);
  }
  const answer = await ask(limit !== undefined, prompt, scope);
  await scope.partials.settle();
  if (answer.type === 'broken') return broken(answer, scope);
  const { redactor, ledger, runId } = scope;
  const at = ledger.run(runId);
  const { entries, raw } = conclude(at, answer, { redactor, callIds: callIdsOf(ledger.view()) });
  for (const [id, bytes] of raw) scope.rawArguments.set(id, bytes);
  await ledger.append(runId, entries, { endsPartial: true });
  return ledger.view().current?.runId !== runId;
}

async function ask(last: boolean, prompt: PromptBuilder, scope: RunScope): Promise<Answer> {
  const over = new AbortController();
  const signal = AbortSignal.any([scope.signal, over.signal]);
  const done = new AbortController();
  const leftMs = remainingMs(scope.ledger.run(scope.runId), scope.clock.now());
  const timeMs = last ? Math.max(leftMs, lastAnswerMs) : leftMs;
  if (Number.isFinite(timeMs))
    void scope.clock.sleep(timeMs, done.signal).then(() => {
      if (!done.signal.aborted) over.abort(new KwError('out-of-time', 'the time limit of the run is reached'));
    });
  try {
    const first = await askModel(await requestFor(last, prompt, { scope, shrink: 1 }), scope, signal);
    if (first.type !== 'broken' || codeOf(first.error) !== 'context-length-exceeded' || first.parts.length > 0) return first;
    return await askModel(await requestFor(last, prompt, { scope, shrink: shrunk }), scope, signal);
  } finally {
    done.abort();
  }
}

async function requestFor(last: boolean, prompt: PromptBuilder, { scope, shrink }: { readonly scope: RunScope; readonly shrink: number }): Promise<ChatRequest> {
  const tools = last ? [] : specsOf(scope);
  const messages = await prompt.messages({ tools, shrink });
  return tools.length === 0 ? { messages } : { messages, tools };
}

function specsOf(scope: RunScope): readonly ToolSpec[] {
  return scope
    .tools()
    .map(({ name, description, parameters }) => ({ name, description, parameters }))
    .toSorted(byName);
}

/** What was shown is kept; then the run is stopped, goes on to its last answer, or fails. */
async function broken(answer: Extract<Answer, { type: 'broken' }>, scope: RunScope): Promise<boolean> {
  const { error, parts } = answer;
  const stop = stopOf(error);
  const { ledger, runId } = scope;
  const run = ledger.run(runId);
  if (stop === 'shutting-down') {
    const text = parts.map((part) => part.text).join('');
    const entry = { type: 'message-discarded', runId, text, code: 'interrupted', reason: 'the program stopped while this was written' } as const;
    if (text !== '') await ledger.append(runId, [entry], { endsPartial: true });
  }
  if (stop !== undefined && stop !== 'cancelled') throw error;
  const kept = brokenMessage(run, parts);
  const outOfTime = isKwError(error) && error.code === 'out-of-time';
  const entries: Entry[] = kept === undefined ? [] : [kept];
  if (outOfTime && run.lastAnswer === undefined && remainingMs(run, scope.clock.now()) <= 0) {
    await ledger.append(runId, entries, { endsPartial: true });
    return false;
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('').trim();
  const outcome = outcomeOf(run, error, text);
  const reason = outcome.type === 'cancelled' ? outcome.reason : wordsOf(error);
  await ledger.append(runId, (now) => [...entries, ...endingOf(withMessage(now, kept !== undefined), outcome, { reason })], { endsPartial: true });
  return true;

  function outcomeOf(at: RunView, failure: unknown, words: string): RunOutcome {
    if (stop === 'cancelled') return { type: 'cancelled', reason: at.cancel?.reason ?? 'the run was cancelled' };
    if (outOfTime) return { type: 'limit', limit: at.lastAnswer ?? 'seconds', answer: words === '' ? wordsFor(at).noAnswer(at.lastAnswer ?? 'seconds', findingsOf(at)) : words };
    return { type: 'failed', code: codeOf(failure), message: scope.redactor.text(wordsOf(failure)), ...(words === '' ? {} : { answer: words }) };
  }
}

function withMessage(run: RunView, added: boolean): RunView {
  return added ? { ...run, turns: run.turns + 1 } : run;
}
