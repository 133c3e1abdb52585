import type { ModelLimits } from './chat-model.ts';
import { familyOf, unknownLimits } from './families.ts';

/** Sizes from the least to the most certain source; a source that names only a window leaves a quarter of it for the answer at most. */
export function limitsOf(model: string, ...sources: readonly (Partial<ModelLimits> | undefined)[]): ModelLimits {
  return sources.reduce<ModelLimits>(narrow, familyOf(model)?.limits ?? unknownLimits);
}

function narrow(known: ModelLimits, source: Partial<ModelLimits> | undefined): ModelLimits {
  const { contextWindow = known.contextWindow, maxOutputTokens } = source ?? {};
  if (source?.contextWindow === undefined && maxOutputTokens === undefined) return known;
  return { contextWindow, maxOutputTokens: maxOutputTokens ?? Math.min(known.maxOutputTokens, Math.max(1, Math.floor(contextWindow / 4))) };
}
