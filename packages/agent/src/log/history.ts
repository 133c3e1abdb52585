import type { AssistantMessage, Message, ToolResultMessage } from '@kw/providers';
import { toolCallsOf } from '@kw/providers';
import type { StoredEntry } from '../entry.ts';
import { isKnown } from './version.ts';

/**
 * The history for a model: each message that counts, each call followed by its one result, in the order of the calls.
 * A call that never got a result (its driver is gone for good) is answered as interrupted, so that no model refuses the history.
 */
export function historyOf(entries: readonly StoredEntry[]): readonly Message[] {
  const results = resultsOf(entries);
  return entries.flatMap((stored) => (isKnown(stored) ? messagesOf(stored, results) : []));
}

function resultsOf(entries: readonly StoredEntry[]): ReadonlyMap<string, ToolResultMessage> {
  const results = new Map<string, ToolResultMessage>();
  for (const { entry } of entries)
    if (entry.type === 'tool-result' && !results.has(entry.message.callId)) results.set(entry.message.callId, entry.message);
  return results;
}

function messagesOf({ entry }: StoredEntry, results: ReadonlyMap<string, ToolResultMessage>): readonly Message[] {
  switch (entry.type) {
    case 'run-start':
    case 'program-message':
      return [entry.message];
    case 'assistant-message':
      return isEmpty(entry.message)
        ? []
        : [entry.message, ...toolCallsOf(entry.message).map((call) => results.get(call.id) ?? unknownEnd(call))];
    case 'message-discarded':
    case 'retry':
    case 'tool-intent':
    case 'tool-result':
    case 'approval-request':
    case 'approval-response':
    case 'run-parked':
    case 'run-resumed':
    case 'cancel-request':
    case 'run-end':
      return [];
  }
}

function isEmpty(message: AssistantMessage): boolean {
  return message.content.every((part) => part.type === 'reasoning' || (part.type === 'text' && part.text.trim() === ''));
}

function unknownEnd(call: { readonly id: string; readonly name: string }): ToolResultMessage {
  return { role: 'tool', callId: call.id, name: call.name, content: 'interrupted: no result is known', isError: true };
}
