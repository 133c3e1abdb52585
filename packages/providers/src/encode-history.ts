import { checkHistory } from './check-history.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isJsonObject, parseJson } from './parse-json.ts';
import { type AssistantMessage, type Message, textOf, type ToolCall, toolCallsOf } from './message.ts';
import type { Quirks } from './quirks.ts';

/** A message as the vendor reads it. */
export type VendorMessage = Readonly<Record<string, JsonValue>>;

/**
 * Our messages as the vendor's, by the rules of its family. An answer that holds neither text nor calls is left out.
 * Throws KwError `invalid-history` for a history that a vendor would refuse.
 */
export function encodeHistory(messages: readonly Message[], quirks: Quirks): readonly VendorMessage[] {
  checkHistory(messages);
  const turnStart = messages.findLastIndex((message) => message.role === 'user');
  return messages.flatMap((message, index) => {
    switch (message.role) {
      case 'system':
      case 'user':
        return [{ role: message.role, content: message.content }];
      case 'tool':
        return [{ role: 'tool', tool_call_id: message.callId, content: message.content }];
      case 'assistant':
        return encodeAnswer(message, quirks, index > turnStart);
    }
  });
}

function encodeAnswer(message: AssistantMessage, quirks: Quirks, inTurn: boolean): readonly VendorMessage[] {
  const text = textOf(message);
  const calls = toolCallsOf(message);
  if (text === '' && calls.length === 0) return [];
  const signed = calls.some((call) => call.vendor !== undefined);
  const fallback = signed ? undefined : quirks.missingCallFields;
  return [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      ...(wantsReasoning(quirks, inTurn) ? reasoningFields(message, quirks) : {}),
      ...(calls.length === 0
        ? {}
        : { tool_calls: calls.map((call, index) => encodeCall(call, quirks, index === 0 ? fallback : undefined)) }),
    },
  ];
}

function wantsReasoning(quirks: Quirks, inTurn: boolean): boolean {
  switch (quirks.reasoning) {
    case 'never':
      return false;
    case 'within-turn':
      return inTurn;
    case 'always':
      return true;
  }
}

function reasoningFields(message: AssistantMessage, quirks: Quirks): JsonObject {
  const parts = message.content.filter((part) => part.type === 'reasoning');
  const text = parts.map((part) => part.text).join('');
  const vendor = quirks.vendorFields ? parts.map((part) => part.vendor).filter(isJsonObject) : [];
  const own = text === '' && !quirks.emptyReasoning ? {} : { [quirks.reasoningField]: text };
  return Object.assign({}, own, ...vendor);
}

function encodeCall(call: ToolCall, quirks: Quirks, fallback: JsonObject | undefined): JsonObject {
  const vendor = quirks.vendorFields && isJsonObject(call.vendor) ? call.vendor : (fallback ?? {});
  const inner = isJsonObject(vendor['function']) ? vendor['function'] : {};
  return {
    ...vendor,
    id: call.id,
    type: 'function',
    function: { ...inner, name: sentName(call.name), arguments: sentArguments(call.arguments) },
  };
}

/** Vendors refuse arguments that are no JSON object; the exact bytes of all others are kept. */
function sentArguments(text: string): string {
  return isJsonObject(parseJson(text)) ? text : '{}';
}

/** Vendors refuse names with other letters, which models sometimes make up. */
function sentName(name: string): string {
  const sent = name.replace(/[^\w-]/g, '_').slice(0, 64);
  return sent === '' ? 'unnamed' : sent;
}
