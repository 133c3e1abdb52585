import { compaction } from '../compact/compaction.ts';
import { stopOf } from '../drive/stop.ts';
import { requestCost } from './cost.ts';
import { limitOf, remainingMs } from './limits.ts';
import type { PromptBuilder } from './prompt.ts';
import type { RunScope } from './scope.ts';

/** How long the writing of a summary may take. */
const summaryMs = 120_000;

/**
 * Lets the model summarise the run's old turns; false where nothing is gained, the run's limits leave no request for it, or the model failed:
 * then texts are cut instead. Nothing is written before the whole summary is there.
 */
export async function compactRun(prompt: PromptBuilder, scope: RunScope): Promise<boolean> {
  const { ledger, runId, model, clock, redactor } = scope;
  const run = ledger.run(runId);
  const plan = run.lastAnswer === undefined && limitOf(run, clock.now()) === undefined ? prompt.plan() : undefined;
  if (plan === undefined) return false;
  const over = new AbortController();
  const done = new AbortController();
  void clock.sleep(Math.min(summaryMs, remainingMs(run, clock.now())), done.signal).then(() => over.abort());
  try {
    const entry = await compaction(plan, {
      model,
      redactor,
      runId,
      window: prompt.window(),
      signal: AbortSignal.any([scope.signal, over.signal]),
      leftover: scope.leftover,
      costOf: (summary) => requestCost(model, summary),
      onRetry: ({ attempt, delayMs, code, message }) =>
        ledger.append(runId, [{ type: 'retry', runId, attempt, delayMs, code, message: redactor.text(message) }]),
    });
    await ledger.append(runId, [entry]);
    return true;
  } catch (error) {
    scope.signal.throwIfAborted();
    if (stopOf(error) !== undefined) throw error;
    prompt.giveUp();
    return false;
  } finally {
    done.abort();
  }
}
