import type { DraftCall } from './assemble-calls.ts';
import type { Finish, FinishReason } from './chat-model.ts';
import type { Draft } from './draft.ts';
import { type Message, toolCallsOf, type ToolCall } from './message.ts';
import { isJsonObject, parseJson } from './parse-json.ts';

/** What a finished draft comes to. */
export interface Conclusion {
  readonly reason: FinishReason;
  readonly calls: readonly ToolCall[];
  readonly cutCalls: Finish['cutCalls'];
}

/**
 * Gives each call of a finished draft its own id, and sorts out the calls that the end of the answer cut:
 * all where the answer was filtered or broke off, those with broken arguments where it became too long.
 */
export function conclude(draft: Draft, history: readonly Message[], makeId: () => string): Conclusion {
  const reason = reasonOf(draft.finishReason(), draft.calls().length > 0);
  const whole = draft.calls().filter((call) => isKept(call, reason));
  const cut = draft.calls().filter((call) => !isKept(call, reason));
  return {
    reason,
    calls: ownIds(whole, history, makeId),
    cutCalls: cut.length === 0 ? undefined : cut.map(({ name, arguments: text }) => ({ name, arguments: text })),
  };
}

function isKept(call: DraftCall, reason: FinishReason): boolean {
  if (reason === 'content-filter') return false;
  return reason !== 'length' || isJsonObject(parseJson(call.arguments));
}

function reasonOf(vendor: string | undefined, hasCalls: boolean): FinishReason {
  switch (vendor) {
    case 'length':
    case 'max_tokens':
    case 'max_output_tokens':
    case 'model_length':
      return 'length';
    case 'content_filter':
    case 'content-filter':
    case 'sensitive':
    case 'safety':
      return 'content-filter';
    case undefined:
    case 'stop':
    case 'end_turn':
    case 'eos':
    case 'stop_sequence':
    case 'tool_calls':
    case 'tool_use':
    case 'function_call':
      return hasCalls ? 'tool-calls' : 'stop';
    default:
      return hasCalls ? 'tool-calls' : 'unknown';
  }
}

/** Ids are the vendor's own where they are usable and new, else ours: each is unique in the history. */
function ownIds(drafts: readonly DraftCall[], history: readonly Message[], makeId: () => string): readonly ToolCall[] {
  const taken = new Set(history.flatMap((message) => (message.role === 'assistant' ? toolCallsOf(message).map((call) => call.id) : [])));
  return drafts.map((draft) => {
    let id = draft.id !== undefined && /^[\w.:-]{1,64}$/.test(draft.id) ? draft.id : makeId();
    while (taken.has(id)) id = makeId();
    taken.add(id);
    return {
      type: 'tool-call',
      id,
      name: draft.name,
      arguments: draft.arguments,
      ...(draft.vendor === undefined ? {} : { vendor: draft.vendor }),
    };
  });
}

/** Makes call ids from a source of numbers in [0, 1). */
export function createIdMaker(random: () => number): () => string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return () => `call_${Array.from({ length: 24 }, () => letters[Math.floor(random() * letters.length)] ?? 'a').join('')}`;
}
