import { KwError } from './error.ts';
import { type Message, toolCallsOf } from './message.ts';

/**
 * Checks what every vendor demands of a history: each call is answered exactly once, right after the
 * message that made it, and no result is without its call. Throws KwError `invalid-history`.
 */
export function checkHistory(messages: readonly Message[]): void {
  if (messages.length === 0) throw invalid('it has no message');
  let open = new Map<string, string>();
  let answered = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (answered.has(message.callId)) throw invalid(`call ${message.callId} is answered twice (message ${index})`);
      if (!open.has(message.callId)) throw invalid(`message ${index} answers the unknown call ${JSON.stringify(message.callId)}`);
      open.delete(message.callId);
      answered.add(message.callId);
      continue;
    }
    throwIfOpen(open, index);
    open = new Map();
    answered = new Set();
    if (message.role !== 'assistant') continue;
    for (const call of toolCallsOf(message)) {
      if (call.id === '') throw invalid(`a call of ${JSON.stringify(call.name)} has no id (message ${index})`);
      if (open.has(call.id)) throw invalid(`two calls have the id ${call.id} (message ${index})`);
      open.set(call.id, call.name);
    }
  }
  throwIfOpen(open, messages.length);
}

function throwIfOpen(open: ReadonlyMap<string, string>, index: number): void {
  const [first] = open;
  if (first !== undefined) throw invalid(`call ${first[0]} of ${first[1]} has no answer before message ${index}`);
}

function invalid(what: string): KwError {
  return new KwError(
    'invalid-history',
    `the history cannot be sent: ${what}; every tool call needs exactly one result, right after its message`,
  );
}
