import { isKwError } from '@kw/providers';
import { defined } from '../defined.ts';
import { type StopCode, stopOf } from '../drive/stop.ts';
import type { Entry, RunOutcome } from '../entry.ts';
import type { RunView } from '../log/view.ts';
import { codeOf, wordsOf } from '../text.ts';
import type { Answer } from './ask-model.ts';
import { requestCost } from './cost.ts';
import { findingsOf } from './findings.ts';
import { remainingMs } from './limits.ts';
import type { PromptBuilder } from './prompt.ts';
import { brokenMessage, endingOf } from './run-end.ts';
import type { RunScope } from './scope.ts';
import { withUse } from './with-use.ts';
import { wordsFor } from './words.ts';

type Broken = Extract<Answer, { type: 'broken' }>;

/** What was shown of a message that broke off is kept; then the run is stopped, goes on to its last answer (false), or ends (true). */
export async function breakOff(answer: Broken, prompt: PromptBuilder, scope: RunScope): Promise<boolean> {
  const { error, parts } = answer;
  const { ledger, runId } = scope;
  const stop = stopOf(error);
  if (stop === 'shutting-down') await discard(answer, scope);
  if (stop !== undefined && stop !== 'cancelled') throw error;
  const run = ledger.run(runId);
  const kept = brokenMessage(run, parts);
  const cost = kept === undefined ? undefined : requestCost(scope.model, kept);
  const entries: readonly Entry[] = kept === undefined ? [] : [{ ...kept, ...defined({ cost }) }];
  if (isOutOfTime(error) && run.lastAnswer === undefined && remainingMs(run, scope.clock.now()) <= 0) {
    await ledger.append(runId, entries, { endsPartial: true });
    return false;
  }
  const outcome = outcomeOf(run, answer, { stop, scope });
  const reason = outcome.type === 'cancelled' ? outcome.reason : wordsOf(error);
  const added = kept === undefined ? 0 : 1;
  await ledger.append(
    runId,
    (now) => withUse([...entries, ...endingOf({ ...now, turns: now.turns + added }, outcome, { reason })], prompt),
    { endsPartial: true },
  );
  return true;
}

/** The next driver asks anew: what was written of this answer is void. */
async function discard({ parts }: Broken, { ledger, runId }: RunScope): Promise<void> {
  const text = parts.map((part) => part.text).join('');
  const reason = 'the program stopped while this was written';
  if (text !== '')
    await ledger.append(runId, [{ type: 'message-discarded', runId, text, code: 'interrupted', reason }], { endsPartial: true });
}

function outcomeOf(
  run: RunView,
  { error, parts }: Broken,
  { stop, scope }: { readonly stop: StopCode | undefined; readonly scope: RunScope },
): RunOutcome {
  if (stop === 'cancelled') return { type: 'cancelled', reason: run.cancel?.reason ?? 'the run was cancelled' };
  const text = parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('')
    .trim();
  if (isOutOfTime(error)) {
    const limit = run.lastAnswer ?? 'seconds';
    return { type: 'limit', limit, answer: text === '' ? wordsFor(run).noAnswer(limit, findingsOf(run)) : text };
  }
  const message = scope.redactor.text(wordsOf(error));
  return { type: 'failed', code: codeOf(error), message, ...(text === '' ? {} : { answer: text }) };
}

function isOutOfTime(error: unknown): boolean {
  return isKwError(error) && error.code === 'out-of-time';
}
