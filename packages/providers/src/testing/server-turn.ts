import type { JsonObject, JsonValue } from '../json.ts';

/** A tool call as the scripted server sends it. */
export interface ServerCall {
  /** `null` sends none. Default `call_` and a number. */
  readonly id?: string | null;
  readonly name: string;
  readonly arguments: string | JsonObject;
  /** `null` sends none. Default: its position. */
  readonly index?: number | null;
  /** How many fragments the arguments are cut into, or the fragments themselves. Default 3. */
  readonly fragments?: number | readonly string[];
  /** More fields of the call, such as `extra_content`. */
  readonly extra?: JsonObject;
}

/** Something that goes wrong. `after` counts the chunks that are still sent. */
export type Fault =
  | { readonly type: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: JsonValue }
  | { readonly type: 'redirect'; readonly location: string; readonly status?: number }
  | { readonly type: 'html'; readonly status?: number }
  | { readonly type: 'json-answer' }
  | { readonly type: 'json'; readonly body: JsonValue }
  | { readonly type: 'hang' }
  | { readonly type: 'empty' }
  | { readonly type: 'reset'; readonly after?: number | 'before-headers' | 'in-call' }
  | { readonly type: 'stall'; readonly after: number; readonly heartbeatMs?: number }
  | { readonly type: 'end'; readonly after: number | 'in-call' }
  | { readonly type: 'garbage'; readonly after: number; readonly text?: string }
  | { readonly type: 'error-object'; readonly after: number; readonly error: JsonValue }
  | { readonly type: 'keep-open' }
  | { readonly type: 'no-done' };

/** How the bytes look on the wire. */
export interface Wire {
  readonly newline?: '\n' | '\r\n' | '\r';
  readonly bom?: boolean;
  /** Bytes of one packet; 1 cuts every letter. */
  readonly packetBytes?: number;
  /** A comment before each chunk. */
  readonly heartbeats?: boolean;
  /** Each event's data is cut into several lines. */
  readonly multiline?: boolean;
  readonly contentType?: string;
}

/** One answer of the scripted server. */
export interface ServerTurn {
  readonly reasoning?: string | readonly string[];
  readonly reasoningField?: 'reasoning_content' | 'reasoning';
  readonly text?: string | readonly string[];
  readonly toolCalls?: readonly ServerCall[];
  /** Raw chunks, in place of all of the above. */
  readonly chunks?: readonly JsonValue[];
  readonly finishReason?: string | null;
  /** `false` sends none. */
  readonly usage?: JsonObject | false;
  /** Before each chunk. */
  readonly delayMs?: number;
  readonly wire?: Wire;
  readonly fault?: Fault;
}

/** The chunks of a turn, before faults. */
export function chunksOf(turn: ServerTurn, model: string, nextId: () => string): readonly JsonValue[] {
  if (turn.chunks !== undefined) return turn.chunks;
  const frame = (delta: JsonObject, finish: string | null = null): JsonObject => ({
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const field = turn.reasoningField ?? 'reasoning_content';
  const calls = turn.toolCalls ?? [];
  const finish = turn.finishReason === undefined ? (calls.length > 0 ? 'tool_calls' : 'stop') : turn.finishReason;
  const usage = turn.usage === undefined ? { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } : turn.usage;
  return [
    frame({ role: 'assistant', content: '' }),
    ...listOf(turn.reasoning).map((text) => frame({ [field]: text })),
    ...listOf(turn.text).map((text) => frame({ content: text })),
    ...calls.flatMap((call, position) => callDeltas(call, position, nextId)).map((delta) => frame({ tool_calls: [delta] })),
    ...(finish === null ? [] : [frame({}, finish)]),
    ...(usage === false ? [] : [{ ...frame({}), choices: [], usage }]),
  ];
}

/** The deltas of one call: its head, then its arguments in fragments. */
function callDeltas(call: ServerCall, position: number, nextId: () => string): readonly JsonObject[] {
  const index = call.index === null ? {} : { index: call.index ?? position };
  const id = call.id === null ? {} : { id: call.id ?? nextId() };
  return [
    { ...index, ...id, type: 'function', function: { name: call.name, arguments: '' }, ...call.extra },
    ...fragmentsOf(call).map((text) => ({ ...index, function: { arguments: text } })),
  ];
}

function fragmentsOf({ arguments: given, fragments = 3 }: ServerCall): readonly string[] {
  if (typeof fragments !== 'number') return fragments;
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const size = Math.max(1, Math.ceil(text.length / fragments));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
}

/** The same turn as one JSON answer. */
export function answerOf(turn: ServerTurn, model: string, nextId: () => string): JsonObject {
  const calls = (turn.toolCalls ?? []).map((call) => ({
    id: call.id ?? nextId(),
    type: 'function',
    function: { name: call.name, arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments) },
    ...call.extra,
  }));
  const message = {
    role: 'assistant',
    content: listOf(turn.text).join(''),
    ...(turn.reasoning === undefined ? {} : { reasoning_content: listOf(turn.reasoning).join('') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const finish = turn.finishReason ?? (calls.length > 0 ? 'tool_calls' : 'stop');
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message, finish_reason: finish }],
    usage: turn.usage === undefined || turn.usage === false ? { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } : turn.usage,
  };
}

function listOf(text: string | readonly string[] | undefined): readonly string[] {
  return typeof text === 'string' ? [text] : (text ?? []);
}
