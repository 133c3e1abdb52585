import type { Entry } from '../entry.ts';
import type { PromptBuilder } from './prompt.ts';

/** The entries, a run's end with how its last request used the window. */
export function withUse(entries: readonly Entry[], prompt: Pick<PromptBuilder, 'use'>): readonly Entry[] {
  return entries.map((entry) => {
    const context = entry.type === 'run-end' ? prompt.use(entry.usage) : undefined;
    return entry.type === 'run-end' && context !== undefined ? { ...entry, context } : entry;
  });
}
