import type { Entry } from '@kw/agent';
import type { RunMeters } from './create-metrics.ts';

/** Which model a run is asked of; kept from its start to its end. */
export type RunModels = Map<string, { readonly provider: string; readonly model: string }>;

const maxRuns = 10_000;
const builtIn = new Set(['kubectl', 'bash', 'read_output', 'diagnose']);

/** Counts what became durable in this process. */
export function countEntry(entry: Entry, meters: RunMeters, models: RunModels): void {
  switch (entry.type) {
    case 'run-start': {
      const { provider, id } = entry.settings.model;
      // Runs that end elsewhere are forgotten with the oldest.
      if (models.size >= maxRuns) models.delete(models.keys().next().value ?? '');
      models.set(entry.runId, { provider, model: id });
      return;
    }
    case 'assistant-message': {
      const labels = models.get(entry.runId) ?? { provider: 'unknown', model: entry.modelUsed ?? 'unknown' };
      const { inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = entry.usage;
      meters.turns.inc(labels);
      const kinds = { input: inputTokens - cachedInputTokens, cached: cachedInputTokens, output: outputTokens, reasoning: reasoningTokens };
      for (const [kind, count] of Object.entries(kinds)) if (count > 0) meters.tokens.inc({ ...labels, kind }, count);
      return;
    }
    case 'tool-result': {
      // A model may call what does not exist: a name of its own must not make a series of its own.
      const { name } = entry.message;
      const tool = builtIn.has(name) || entry.effect !== undefined ? name : 'unknown';
      meters.toolCalls.inc({ tool, effect: entry.effect ?? 'none', outcome: entry.outcome });
      if (entry.outcome === 'ran' || entry.outcome === 'failed' || entry.outcome === 'timeout')
        meters.toolSeconds.observe({ tool }, entry.durationMs / 1000);
      return;
    }
    case 'approval-response':
      meters.approvals.inc({ outcome: entry.response.decision });
      return;
    case 'run-end':
      models.delete(entry.runId);
      meters.runs.inc({ outcome: entry.outcome.type });
      if (entry.cost !== undefined) meters.cost.inc({ currency: entry.cost.currency }, entry.cost.amount);
      return;
    default:
  }
}
