import { type ChatModel, costOf, type Usage } from '@kw/providers';
import type { RunCost } from '../entry.ts';

/** What one request that just ended cost; undefined where the price of the model that answered is not known. */
export function requestCost(model: ChatModel, { usage }: { readonly usage: Usage }): RunCost | undefined {
  const { price } = model; // of the model that was sent last, also where that is a successor
  return price === undefined ? undefined : costOf(usage, price);
}
