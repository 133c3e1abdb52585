import { KwError, type ToolSpec } from '@kw/providers';
import { linkedAbort } from '../async/linked-abort.ts';
import { codeOf } from '../text.ts';
import { type Answer, askModel } from './ask-model.ts';
import { compactRun } from './compact.ts';
import { remainingMs } from './limits.ts';
import type { BuiltRequest, PromptBuilder } from './prompt.ts';
import type { RunScope } from './scope.ts';

/** What the last answer may take beyond a limit of time. */
const lastAnswerMs = 30_000;

/** One answer within the run's time. A request that the vendor finds too long is compacted and sent once more. `last`: without tools. */
export async function ask(last: boolean, prompt: PromptBuilder, scope: RunScope): Promise<Answer> {
  const { controller: over, letGo } = linkedAbort(scope.signal);
  const { signal } = over;
  const done = new AbortController();
  const leftMs = remainingMs(scope.ledger.run(scope.runId), scope.clock.now());
  const timeMs = last ? Math.max(leftMs, lastAnswerMs) : leftMs;
  if (Number.isFinite(timeMs))
    void scope.clock.sleep(timeMs, done.signal).then(() => {
      if (!done.signal.aborted) over.abort(new KwError('out-of-time', 'the time limit of the run is reached'));
    });
  try {
    const tools = last ? [] : prompt.tools();
    const built = await fitting(last, { tools, prompt, scope });
    const first = await askModel(built.request, scope, signal);
    if (first.type !== 'broken' || codeOf(first.error) !== 'context-length-exceeded' || first.parts.length > 0) return first;
    prompt.tooLong(built);
    return await askModel((await fitting(last, { tools, prompt, scope })).request, scope, signal);
  } finally {
    done.abort();
    letGo();
  }
}

/** A request that fits: where old turns would have to be left out, they become a summary first. */
async function fitting(
  last: boolean,
  { tools, prompt, scope }: { readonly tools: readonly ToolSpec[]; readonly prompt: PromptBuilder; readonly scope: RunScope },
): Promise<BuiltRequest> {
  const built = await prompt.request(tools);
  if (last || built.dropped === 0 || !(await compactRun(prompt, scope))) return built;
  return prompt.request(tools);
}
