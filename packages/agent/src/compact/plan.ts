import type { StoredEntry } from '../entry.ts';
import { type HistoryGroup, historyGroups } from '../log/history.ts';
import type { LogView } from '../log/view.ts';
import { messageTokens } from '../prompt/message-cost.ts';

/** Which turns become a summary. */
export interface CompactionPlan {
  /** The turns to be summarised, an earlier summary first. */
  readonly groups: readonly HistoryGroup[];
  /** The last entry among them. */
  readonly through: number;
  /** Messages of the model among them. */
  readonly turns: number;
  /** Tokens of the whole history, and of what stays beside the summary. */
  readonly before: number;
  readonly kept: number;
  /** Tokens that the summary may take. */
  readonly summaryTokens: number;
}

/** What a plan is made of. */
export interface PlanOptions {
  readonly entries: readonly StoredEntry[];
  readonly compaction: LogView['compaction'];
  /** Newest turns within so many tokens stay as they are; the very newest in any case. */
  readonly keepTokens: number;
  /** The window of the model that reads and writes the summary. */
  readonly window: number;
}

const summaryShare = 0.1;
const maxSummaryTokens = 1_500;
const minSummaryTokens = 120;
/** A summary is made only of what is so many times longer. */
const worthwhile = 2;

/** Chooses the old turns of a history; undefined where nothing is gained. Pure. */
export function planCompaction({ entries, compaction, keepTokens, window }: PlanOptions): CompactionPlan | undefined {
  const groups = historyGroups(entries, compaction);
  const end = firstKept(groups, keepTokens);
  const old = groups.slice(0, end);
  const last = old.at(-1);
  if (last === undefined || last.seq <= (compaction?.entry.through ?? 0)) return undefined;
  const summaryTokens = Math.max(minSummaryTokens, Math.min(maxSummaryTokens, Math.floor(window * summaryShare)));
  const oldTokens = tokensOf(old);
  if (oldTokens < summaryTokens * worthwhile) return undefined;
  const turns = old.filter(({ messages: [first] }) => first?.role === 'assistant').length;
  const kept = tokensOf(groups.slice(end));
  return { groups: old, through: last.seq, turns, before: oldTokens + kept, kept, summaryTokens };
}

/** The newest turn stays, and before it as many as may; one that began with a call keeps its results. */
function firstKept(groups: readonly HistoryGroup[], keepTokens: number): number {
  const newest = groups.findLastIndex(({ messages: [first] }) => first?.role === 'assistant');
  let at = newest < 0 ? groups.length - 1 : newest;
  let tokens = tokensOf(groups.slice(at));
  while (at > 0) {
    tokens += tokensOf(groups.slice(at - 1, at));
    if (tokens > keepTokens) break;
    at -= 1;
  }
  return Math.max(0, at);
}

function tokensOf(groups: readonly HistoryGroup[]): number {
  return groups.reduce((sum, { messages }) => messages.reduce((inner, message) => inner + messageTokens(message), sum), 0);
}
