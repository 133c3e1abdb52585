import type { Usage } from './chat-model.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isJsonObject } from './parse-json.ts';

/** A piece of a tool call. */
export interface CallFragment {
  readonly index?: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments: string;
  readonly vendor?: JsonObject;
}

/** What one chunk of a stream (or one whole answer) says. */
export interface Chunk {
  readonly text: string;
  readonly reasoning: string;
  /** Opaque fields of the message that must be sent back. */
  readonly vendor?: JsonObject;
  readonly calls: readonly CallFragment[];
  readonly finishReason?: string;
  readonly usage?: Usage;
}

const vendorFields = ['extra_content', 'reasoning_details', 'reasoning_signature', 'reasoning_opaque', 'thinking_blocks'];

/** Reads a chunk of Chat Completions, or a whole answer, tolerantly: unknown fields are ignored. */
export function readChunk(value: JsonObject): Chunk {
  const choices = Array.isArray(value['choices']) ? value['choices'] : [];
  const choice: JsonValue | undefined = choices.find((one: JsonValue) => !isJsonObject(one) || (one['index'] ?? 0) === 0);
  const fields = isJsonObject(choice) ? choice : {};
  const delta = isJsonObject(fields['delta']) ? fields['delta'] : isJsonObject(fields['message']) ? fields['message'] : {};
  const finishReason = fields['finish_reason'];
  const usage = readUsage(value['usage']) ?? readUsage(fields['usage']);
  const vendor = pick(delta, vendorFields);
  return {
    text: contentText(delta['content']) + contentText(delta['refusal']),
    reasoning: contentText(delta['reasoning_content']) || contentText(delta['reasoning']),
    calls: Array.isArray(delta['tool_calls']) ? delta['tool_calls'].filter(isJsonObject).map(readFragment) : [],
    ...(vendor === undefined ? {} : { vendor }),
    ...(typeof finishReason === 'string' && finishReason !== '' ? { finishReason } : {}),
    ...(usage === undefined ? {} : { usage }),
  };
}

function readFragment(value: JsonObject): CallFragment {
  const { index, id, type: _type, function: inner, ...outer } = value;
  const { name, arguments: text, ...rest } = isJsonObject(inner) ? inner : {};
  const vendor = { ...outer, ...(Object.keys(rest).length === 0 ? {} : { function: rest }) };
  return {
    arguments: typeof text === 'string' ? text : text === undefined || text === null ? '' : JSON.stringify(text),
    ...(typeof index === 'number' ? { index } : {}),
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(Object.keys(vendor).length === 0 ? {} : { vendor }),
  };
}

function contentText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((part: JsonValue) => (isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('');
}

function readUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(value)) return undefined;
  const inputTokens = count(value['prompt_tokens']) ?? count(value['input_tokens']);
  const outputTokens = count(value['completion_tokens']) ?? count(value['output_tokens']);
  if (inputTokens === undefined || outputTokens === undefined || inputTokens + outputTokens === 0) return undefined;
  const input = isJsonObject(value['prompt_tokens_details']) ? value['prompt_tokens_details'] : {};
  const output = isJsonObject(value['completion_tokens_details']) ? value['completion_tokens_details'] : {};
  const reasoningTokens = count(output['reasoning_tokens']);
  const cachedInputTokens = count(input['cached_tokens']) ?? count(value['prompt_cache_hit_tokens']);
  return {
    inputTokens,
    outputTokens,
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
  };
}

function count(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function pick(from: JsonObject, names: readonly string[]): JsonObject | undefined {
  const found = names.flatMap((name) => {
    const value = from[name];
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
