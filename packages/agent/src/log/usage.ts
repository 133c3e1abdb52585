import type { Usage } from '@kw/providers';
import { defined } from '../defined.ts';

/** No tokens at all. */
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0 };

/** The sum of two usages; estimated where one of them is. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...defined({
      reasoningTokens: sum(a.reasoningTokens, b.reasoningTokens),
      cachedInputTokens: sum(a.cachedInputTokens, b.cachedInputTokens),
      estimated: a.estimated === true || b.estimated === true ? true : undefined,
    }),
  };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
