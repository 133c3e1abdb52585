import { type ChatRequest, KwError, type ToolSpec } from '@kw/providers';
import { codeOf } from '../text.ts';
import { type Answer, askModel } from './ask-model.ts';
import { remainingMs } from './limits.ts';
import { byName, type PromptBuilder } from './prompt.ts';
import type { RunScope } from './scope.ts';

/** What the last answer may take beyond a limit of time. */
const lastAnswerMs = 30_000;
/** Share of the window that is used after the vendor said that the request was too long. */
const shrunk = 0.6;

/** One answer within the run's time: a request that the vendor finds too long is made shorter once. `last`: without tools. */
export async function ask(last: boolean, prompt: PromptBuilder, scope: RunScope): Promise<Answer> {
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

async function requestFor(
  last: boolean,
  prompt: PromptBuilder,
  { scope, shrink }: { readonly scope: RunScope; readonly shrink: number },
): Promise<ChatRequest> {
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
