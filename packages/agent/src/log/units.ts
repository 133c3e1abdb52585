import { toolCallsOf } from '@kw/providers';
import type { Entry } from '../entry.ts';

/** How much text an entry holds, in UTF-16 units: what may be long, not each word of it. */
export function unitsOf(entry: Entry): number {
  switch (entry.type) {
    case 'assistant-message':
      return toolCallsOf(entry.message).reduce((sum, call) => sum + call.arguments.length, entry.units);
    case 'run-start':
    case 'program-message':
    case 'tool-result':
      return entry.message.content.length;
    case 'message-discarded':
      return entry.text.length;
    case 'run-end':
      return 'answer' in entry.outcome ? (entry.outcome.answer?.length ?? 0) : 0;
    default:
      return 0;
  }
}
