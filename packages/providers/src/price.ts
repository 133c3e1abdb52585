import type { Usage } from './chat-model.ts';

/** The currencies in which vendors publish prices. */
export type Currency = 'USD' | 'CNY';

/** Rates per million tokens. */
export interface Rates {
  readonly input: number;
  /** Input that the vendor's cache held; absent where it costs as much as any other. */
  readonly cachedInput?: number;
  /** Answer and reasoning. */
  readonly output: number;
}

/** A model's price. */
export interface Price extends Rates {
  readonly currency: Currency;
  /** Rates of a whole request whose input is longer than `inputTokens`. */
  readonly long?: Rates & { readonly inputTokens: number };
  /** True where the vendor charges less at times (nights, promotions): these rates are the highest. */
  readonly atMost?: boolean;
  /** The day on which it was read (ISO), and where; absent in prices of the configuration. */
  readonly asOf?: string;
  readonly source?: string;
}

/** What requests cost. */
export interface Cost {
  readonly amount: number;
  readonly currency: Currency;
  /** True where the tokens were estimated. */
  readonly estimated?: boolean;
  /** True where it may have been less. */
  readonly atMost?: boolean;
}

const million = 1_000_000;

/** What one request's tokens cost. Pure. Add the costs of several requests up, not their tokens: long requests have rates of their own. */
export function costOf(usage: Usage, price: Price): Cost {
  const rates = price.long !== undefined && usage.inputTokens > price.long.inputTokens ? price.long : price;
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens);
  const input = (usage.inputTokens - cached) * rates.input + cached * (rates.cachedInput ?? rates.input);
  return {
    amount: (input + usage.outputTokens * rates.output) / million,
    currency: price.currency,
    ...(usage.estimated === true ? { estimated: true } : {}),
    ...(price.atMost === true ? { atMost: true } : {}),
  };
}
