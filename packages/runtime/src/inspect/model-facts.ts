import type { ListedModel, ModelAdvice, Preset, Price } from '@kw/providers';
import { familyOf, modelGuide, priceOf, successorOf } from '@kw/providers';

/** What is known of a model without asking it. */
export interface ModelFacts {
  readonly id: string;
  /** In tokens. */
  readonly contextWindow?: number;
  readonly price?: Price;
  /** True where the provider's own list lacks the name. */
  readonly onlyDocumented: boolean;
  /** What its vendor serves instead, and since when; `?` where the day is not known. */
  readonly retired?: { readonly successor: string; readonly since: string };
}

/** Window, price and state of a model of a provider's list. Pure. */
export function modelFacts({ id, contextWindow, onlyDocumented = false }: ListedModel, preset: Preset, today: string): ModelFacts {
  const window = contextWindow ?? preset.limits?.contextWindow ?? familyOf(id)?.limits.contextWindow;
  const price = priceOf(id, preset, today);
  const successor = successorOf(preset.id, id);
  const [name] = successor?.candidates ?? [];
  return {
    id,
    onlyDocumented,
    ...(window === undefined ? {} : { contextWindow: window }),
    ...(price === undefined ? {} : { price }),
    ...(successor === undefined || name === undefined ? {} : { retired: { successor: name, since: successor.since ?? '?' } }),
  };
}

/** Which model for what. */
export function modelAdvice(): readonly ModelAdvice[] {
  return modelGuide;
}
