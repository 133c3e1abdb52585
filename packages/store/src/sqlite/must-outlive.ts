import type { Entry } from '@kw/agent';

/**
 * True where an entry must be on the disk before anybody goes on: starts, answers, ends, and all that changes something.
 * What only tells of a text or a read may be lost with the machine's power (never with the process): it is asked for or read again.
 * The log keeps its order in any case: what is lost is its end, and an entry that must survive takes all before it along.
 */
export function mustOutliveThePower(entry: Entry): boolean {
  switch (entry.type) {
    case 'tool-intent':
    case 'tool-result':
      return entry.effect !== 'read';
    case 'assistant-message':
    case 'message-discarded':
    case 'program-message':
    case 'retry':
      return false;
    default:
      return true;
  }
}
