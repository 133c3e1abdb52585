import { basicSchema } from './basic-schema.ts';
import type { ChatRequest } from './chat-model.ts';
import { encodeHistory } from './encode-history.ts';
import type { JsonValue } from './json.ts';
import type { Quirks } from './quirks.ts';
import { withoutSystem } from './shim/without-system.ts';
import { shimRequest } from './shim/shim-request.ts';

/** The body of a Chat Completions request. Throws KwError `invalid-history`. */
export function encodeRequest(model: string, asked: ChatRequest, quirks: Quirks): Readonly<Record<string, JsonValue>> {
  const request = quirks.toolUse === 'shim' ? shimRequest(asked) : asked;
  const tools = request.tools ?? [];
  return {
    model,
    messages: encodeHistory(quirks.systemMessage ? request.messages : withoutSystem(request.messages), quirks),
    stream: true,
    ...(quirks.streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, description, parameters: quirks.schema === 'basic' ? basicSchema(parameters) : parameters },
          })),
          ...(quirks.toolChoice ? { tool_choice: request.toolChoice ?? 'auto' } : {}),
          ...quirks.toolsBody,
        }),
    ...(request.maxOutputTokens === undefined ? {} : { [quirks.maxTokensField]: request.maxOutputTokens }),
    ...(request.temperature === undefined || !quirks.temperature ? {} : { temperature: request.temperature }),
    ...quirks.body,
  };
}
