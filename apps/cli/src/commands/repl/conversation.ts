import type { AgentEvent, ContextUse, RunCost, Usage } from '@kw/agent';
import type { ModelRef } from '@kw/runtime';

/** What is known of the conversation at the terminal. */
export interface Conversation {
  /** Undefined before the first question. */
  session: string | undefined;
  /** Chosen here; undefined: the configured one. */
  model: ModelRef | undefined;
  totals: Totals;
  context: ContextUse | undefined;
}

/** What the questions took together, here. */
export interface Totals {
  readonly questions: number;
  readonly usage: Usage;
  /** By currency. */
  readonly costs: ReadonlyMap<string, RunCost>;
  readonly milliseconds: number;
}

/** Before the first question. */
export const noTotals: Totals = { questions: 0, usage: { inputTokens: 0, outputTokens: 0 }, costs: new Map(), milliseconds: 0 };

/** Adds a question's end. */
export function added(
  { questions, usage, costs, milliseconds }: Totals,
  event: Extract<AgentEvent, { type: 'run-end' }>,
  took: number,
): Totals {
  const { cost } = event;
  const before = cost === undefined ? undefined : costs.get(cost.currency);
  return {
    questions: questions + 1,
    usage: {
      inputTokens: usage.inputTokens + event.usage.inputTokens,
      outputTokens: usage.outputTokens + event.usage.outputTokens,
      cachedInputTokens: (usage.cachedInputTokens ?? 0) + (event.usage.cachedInputTokens ?? 0),
      ...(usage.estimated === true || event.usage.estimated === true ? { estimated: true } : {}),
    },
    costs:
      cost === undefined
        ? costs
        : new Map([...costs, [cost.currency, { ...cost, ...before, amount: cost.amount + (before?.amount ?? 0) }]]),
    milliseconds: milliseconds + took,
  };
}
