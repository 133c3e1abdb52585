import type { RunCost } from '../entry.ts';

/** The sum of two costs; undefined where one is not known or they are in different currencies. */
export function addCost(a: RunCost | undefined, b: RunCost | undefined): RunCost | undefined {
  if (a === undefined || b === undefined || a.currency !== b.currency) return undefined;
  return {
    amount: a.amount + b.amount,
    currency: a.currency,
    ...(a.estimated === true || b.estimated === true ? { estimated: true } : {}),
    ...(a.atMost === true || b.atMost === true ? { atMost: true } : {}),
  };
}
