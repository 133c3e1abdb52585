import type { JsonObject, JsonValue } from '../json.ts';
import { isJsonObject, parseJson, stringOf } from '../parse-json.ts';
import { countTokens } from './count-tokens.ts';

/** What the strict server demands, as the vendors do. */
export interface StrictRules {
  /**
   * `forbidden`: no answer may carry reasoning. `required`: with tools, each answer since the last message of the user
   * must. `required-always`: every answer must.
   */
  readonly reasoning?: 'forbidden' | 'required' | 'required-always';
  /** The first call of each answer must carry `extra_content.google.thought_signature`. */
  readonly signatures?: boolean;
  /** Names that are served; any other is answered like DeepSeek does. */
  readonly models?: readonly string[];
  /** How an unknown model is answered: with 400 (the default) or 404. */
  readonly unknownModelStatus?: 400 | 404;
  /** Tools, calls and their results are refused, in the words of a server. */
  readonly noTools?: 'vllm' | 'ollama' | 'llama.cpp' | 'router';
  /** In tokens, by the server's own careful count. */
  readonly contextWindow?: number;
  /** Fields of the body that are refused. */
  readonly refusedFields?: readonly string[];
}

/** A refusal: what the vendor says. */
export interface Refusal {
  readonly status: number;
  readonly body: JsonObject;
}

/** Judges a request's body; undefined where a vendor would accept it. */
export function judgeRequest(body: JsonValue | undefined, rules: StrictRules): Refusal | undefined {
  if (!isJsonObject(body)) return refuse('the body must be a JSON object');
  const messages = Array.isArray(body['messages']) ? body['messages'].filter(isJsonObject) : [];
  if (messages.length === 0) return refuse("'messages' must not be empty");
  const field = rules.refusedFields?.find((name) => body[name] !== undefined);
  if (field !== undefined) return refuse(`Unrecognized request argument supplied: ${field}`);
  return (
    judgeModel(body, rules) ??
    judgeTools(messages, body, rules) ??
    judgeOrder(messages) ??
    judgeReasoning(messages, body, rules) ??
    judgeSignatures(messages, rules) ??
    judgeSize(body, rules)
  );
}

function judgeModel(body: JsonObject, { models, unknownModelStatus }: StrictRules): Refusal | undefined {
  const model = stringOf(body['model']);
  if (models === undefined || models.includes(model)) return undefined;
  if (unknownModelStatus === 404)
    return {
      status: 404,
      body: { error: { message: `The model \`${model}\` does not exist.`, type: 'NotFoundError', param: null, code: 404 } },
    };
  return refuse(`The supported API model names are ${models.join(' or ')}, but you passed ${model}.`);
}

function judgeTools(messages: readonly JsonObject[], body: JsonObject, { noTools }: StrictRules): Refusal | undefined {
  const used = messages.some((message) => message['role'] === 'tool' || message['tool_calls'] !== undefined);
  if (noTools === undefined || (body['tools'] === undefined && !used)) return undefined;
  const said = (status: number, message: string, type: string): Refusal => ({
    status,
    body: { error: { message, type, param: null, code: status } },
  });
  switch (noTools) {
    case 'vllm':
      return said(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', 'BadRequestError');
    case 'ollama':
      return said(400, `registry.ollama.ai/library/${stringOf(body['model'])} does not support tools`, 'api_error');
    case 'llama.cpp':
      return said(500, 'tools param requires --jinja flag', 'server_error');
    case 'router':
      return said(404, 'No endpoints found that support tool use.', 'not_found');
  }
}

function judgeOrder(messages: readonly JsonObject[]): Refusal | undefined {
  let open = new Set<string>();
  let known = new Set<string>();
  for (const message of messages) {
    if (message['role'] === 'tool') {
      const id = stringOf(message['tool_call_id']);
      if (!known.has(id)) return refuse("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
      if (!open.delete(id)) return refuse(`Duplicate value for 'tool_call_id' of ${id}`);
      continue;
    }
    if (open.size > 0) return unanswered(open);
    const calls = callsOf(message);
    if (message['role'] === 'assistant' && calls.length === 0 && (message['content'] ?? '') === '')
      return refuse('Invalid assistant message: content or tool_calls must be set');
    const ids = calls.map((call) => stringOf(call['id']));
    if (ids.includes('')) return refuse("Missing required parameter: 'tool_calls[0].id'");
    if (new Set(ids).size < ids.length) return refuse("Duplicate 'id' in 'tool_calls'");
    for (const call of calls) {
      const inner = isJsonObject(call['function']) ? call['function'] : {};
      if (!/^[\w-]{1,64}$/.test(stringOf(inner['name'])))
        return refuse("Invalid 'tool_calls[0].function.name': does not match '^[a-zA-Z0-9_-]+$'");
      if (!isJsonObject(parseJson(stringOf(inner['arguments'])))) return refuse("Invalid 'function.arguments': must be in JSON format");
    }
    open = new Set(ids);
    known = new Set(ids);
  }
  return open.size > 0 ? unanswered(open) : undefined;
}

function unanswered(open: ReadonlySet<string>): Refusal {
  return refuse(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(', ')}`,
  );
}

function judgeReasoning(messages: readonly JsonObject[], body: JsonObject, { reasoning }: StrictRules): Refusal | undefined {
  const has = (message: JsonObject): boolean => message['reasoning_content'] !== undefined || message['reasoning'] !== undefined;
  const answers = messages.map((message, at) => ({ message, at })).filter(({ message }) => message['role'] === 'assistant');
  if (reasoning === 'forbidden' && answers.some(({ message }) => has(message)))
    return refuse('reasoning_content is not supported in the input messages');
  const start = messages.findLastIndex((message) => message['role'] === 'user');
  const mustHave =
    reasoning === 'required-always'
      ? answers
      : reasoning === 'required' && body['tools'] !== undefined
        ? answers.filter(({ at }) => at > start)
        : [];
  if (mustHave.some(({ message }) => !has(message)))
    return refuse('The `reasoning_content` in the thinking mode must be passed back to the API.');
  return undefined;
}

function judgeSignatures(messages: readonly JsonObject[], { signatures }: StrictRules): Refusal | undefined {
  if (signatures !== true) return undefined;
  for (const message of messages) {
    const first = callsOf(message)[0];
    if (first === undefined) continue;
    const extra = isJsonObject(first['extra_content']) ? first['extra_content'] : {};
    const google = isJsonObject(extra['google']) ? extra['google'] : {};
    if (typeof google['thought_signature'] !== 'string')
      return refuse('Function call is missing a thought_signature in functionCall parts.');
  }
  return undefined;
}

function judgeSize(body: JsonObject, { contextWindow }: StrictRules): Refusal | undefined {
  if (contextWindow === undefined) return undefined;
  const tokens = countTokens(Array.isArray(body['messages']) ? body['messages'] : [], body['tools']);
  if (tokens <= contextWindow) return undefined;
  return refuse(
    `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
    'context_length_exceeded',
  );
}

function callsOf(message: JsonObject): readonly JsonObject[] {
  return Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isJsonObject) : [];
}

function refuse(message: string, code = 'invalid_request_error'): Refusal {
  return { status: 400, body: { error: { message, type: 'invalid_request_error', param: null, code } } };
}
