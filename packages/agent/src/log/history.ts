import type { AssistantMessage, Message, ToolResultMessage } from '@kw/providers';
import { toolCallsOf } from '@kw/providers';
import type { StoredEntry } from '../entry.ts';
import { isKnown } from './version.ts';
import type { LogView } from './view.ts';

/** Messages that stay or go together, and the entry that they come from: a user's, or an assistant's with the results of its calls. */
export interface HistoryGroup {
  readonly seq: number;
  readonly runId: string;
  readonly messages: readonly Message[];
}

/**
 * The history for a model: each message that counts, each call followed by its one result, in the order of the calls.
 * A call that never got a result (its driver is gone for good) is answered as interrupted, so that no model refuses the history.
 * What was compacted is told by its summary, followed by the question that is being worked on.
 */
export function historyGroups(entries: readonly StoredEntry[], compaction?: LogView['compaction']): readonly HistoryGroup[] {
  const results = resultsOf(entries);
  const through = compaction?.entry.through ?? 0;
  const kept = entries.flatMap((stored): readonly HistoryGroup[] => {
    const messages = stored.seq > through && isKnown(stored) ? messagesOf(stored, results) : [];
    return messages.length === 0 ? [] : [{ seq: stored.seq, runId: stored.entry.runId, messages }];
  });
  if (compaction === undefined) return kept;
  const { entry } = compaction;
  return [{ seq: through, runId: entry.runId, messages: [entry.message] }, ...openQuestion(entries, through, kept[0]?.runId), ...kept];
}

/** The same as a list. */
export function historyOf(entries: readonly StoredEntry[], compaction?: LogView['compaction']): readonly Message[] {
  return historyGroups(entries, compaction).flatMap(({ messages }) => messages);
}

/** The question whose turns go on beyond the summary: it is kept word for word. */
function openQuestion(entries: readonly StoredEntry[], through: number, runId: string | undefined): readonly HistoryGroup[] {
  const start = entries.find(({ seq, entry }) => seq <= through && entry.type === 'run-start' && entry.runId === runId);
  if (start?.entry.type !== 'run-start') return [];
  return [{ seq: through, runId: start.entry.runId, messages: [start.entry.message] }];
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
    case 'context-compacted':
    case 'notice':
    case 'grant-revoked':
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
