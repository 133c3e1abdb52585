import type { ContextCompactedEntry, RunCost } from '../entry.ts';
import { messageTokens } from '../prompt/message-cost.ts';
import type { CompactionPlan } from './plan.ts';
import { summarise, summaryMessage, type Summary, type SummaryScope } from './summarise.ts';

/** Summarises what a plan names, as one entry; nothing is written here. Throws what the model throws. */
export async function compaction(
  plan: CompactionPlan,
  scope: SummaryScope & { readonly runId: string; readonly costOf: (summary: Summary) => RunCost | undefined },
): Promise<ContextCompactedEntry> {
  const summary = await summarise(plan, scope);
  const message = { role: 'user', content: summaryMessage(summary.text), origin: 'program' } as const;
  const cost = scope.costOf(summary);
  const { through, before, kept, turns } = plan;
  return {
    type: 'context-compacted',
    runId: scope.runId,
    through,
    message,
    before,
    after: kept + messageTokens(message),
    turns,
    usage: summary.usage,
    ...(cost === undefined ? {} : { cost }),
  };
}
