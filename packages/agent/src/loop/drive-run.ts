import { stopOf } from '../drive/stop.ts';
import type { RunOutcome } from '../entry.ts';
import { callIdsOf } from '../log/fold.ts';
import type { RunView } from '../log/view.ts';
import { codeOf, wordsOf } from '../text.ts';
import { ask } from './ask.ts';
import { breakOff } from './break-off.ts';
import { requestCost } from './cost.ts';
import { conclude } from './conclude.ts';
import { limitOf } from './limits.ts';
import { withUse } from './with-use.ts';
import { createPromptBuilder, type PromptBuilder } from './prompt.ts';
import { runCalls } from './run-calls.ts';
import { endingOf } from './run-end.ts';
import type { RunScope } from './scope.ts';
import { wordsFor } from './words.ts';

/** Where a run stands when its driver lets go of it. */
export type Driven = 'ended' | 'parked' | 'released';

/** Drives a run to its end, its parking, or until the signal says that somebody else has it. Failures become the run's outcome. */
export async function driveRun(scope: RunScope): Promise<Driven> {
  const prompt = createPromptBuilder(scope);
  try {
    for (;;) {
      scope.signal.throwIfAborted();
      const run = scope.ledger.run(scope.runId);
      if (run.cancel !== undefined) return await cancelled(prompt, scope);
      const calls = [...run.calls.values()].filter((call) => call.result === undefined);
      if (calls.length > 0) {
        if ((await runCalls(calls, scope)) === 'parked') return 'parked';
        continue;
      }
      if (await request(run, prompt, scope)) return 'ended';
    }
  } catch (error) {
    return await stopped(error, prompt, scope);
  }
}

async function stopped(error: unknown, prompt: PromptBuilder, scope: RunScope): Promise<Driven> {
  switch (stopOf(error)) {
    case 'cancelled':
      return cancelled(prompt, scope);
    case 'run-over':
      return 'ended';
    case 'lease-lost':
    case 'shutting-down':
      return 'released';
    case undefined:
      return end({ type: 'failed', code: codeOf(error), message: scope.redactor.text(wordsOf(error)) }, wordsOf(error), { prompt, scope });
  }
}

async function cancelled(prompt: PromptBuilder, scope: RunScope): Promise<Driven> {
  const run = scope.ledger.run(scope.runId);
  const reason = run.cancel?.reason ?? 'the run was cancelled';
  return end({ type: 'cancelled', reason }, reason, { prompt, scope });
}

async function end(
  outcome: RunOutcome,
  reason: string,
  { prompt, scope }: { readonly prompt: PromptBuilder; readonly scope: RunScope },
): Promise<Driven> {
  await scope.partials.settle();
  await scope.ledger.append(scope.runId, (run) => withUse(endingOf(run, outcome, { reason }), prompt), { endsPartial: true });
  return 'ended';
}

/** One request and what follows from it; true where the run ended with it. */
async function request(run: RunView, prompt: PromptBuilder, scope: RunScope): Promise<boolean> {
  if (run.start.settings.limits.cost !== undefined && run.requests > 0 && run.cost === undefined) await sayOnce('no-price', scope);
  const limit = run.lastAnswer ?? limitOf(run, scope.clock.now());
  if (limit !== undefined && run.lastAnswer === undefined) {
    const message = { role: 'user', content: wordsFor(run).lastAnswer(limit), origin: 'program' } as const;
    await scope.ledger.append(scope.runId, [{ type: 'program-message', runId: scope.runId, purpose: 'last-answer', limit, message }]);
  }
  const answer = await ask(limit !== undefined, prompt, scope);
  await scope.partials.settle();
  if (answer.type === 'broken') return breakOff(answer, prompt, scope);
  const { redactor, ledger, runId } = scope;
  const at = ledger.run(runId);
  const cost = (finish: Parameters<typeof requestCost>[1]): ReturnType<typeof requestCost> => requestCost(scope.model, finish);
  const { entries, raw } = conclude(at, answer, { redactor, callIds: callIdsOf(ledger.view()), cost });
  for (const [id, bytes] of raw) scope.rawArguments.set(id, bytes);
  await ledger.append(runId, withUse(entries, prompt), { endsPartial: true });
  return ledger.view().current?.runId !== runId;
}

async function sayOnce(code: 'no-price', { ledger, runId }: RunScope): Promise<void> {
  await ledger.append(runId, (run) =>
    run.notices.has(code) ? undefined : [{ type: 'notice', runId, code, message: wordsFor(run).noPrice }],
  );
}
