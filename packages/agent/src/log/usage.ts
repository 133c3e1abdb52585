import type { Usage } from '@kw/providers';

/** No tokens at all. */
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0 };

/** The sum of two usages; estimated where one of them is. */
export function addUsage(a: Usage, b: Usage): Usage {
  const reasoningTokens = sum(a.reasoningTokens, b.reasoningTokens);
  const cachedInputTokens = sum(a.cachedInputTokens, b.cachedInputTokens);
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(a.estimated === true || b.estimated === true ? { estimated: true } : {}),
  };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
