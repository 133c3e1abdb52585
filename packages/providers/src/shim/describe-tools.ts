import type { ToolSpec } from '../chat-model.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isJsonObject, stringOf } from '../parse-json.ts';

/** How a model without tool calls is told of tools: the form of a call, then each tool in few words. */
export function describeTools(tools: readonly ToolSpec[]): string {
  if (tools.length === 0) return 'No tool can be called in this request: answer in plain words.';
  return [
    '# Tools (parameters marked * are required)',
    ...tools.map(describeTool),
    '# Calls',
    'A reply that calls a tool is nothing but the call, a JSON object in tags:',
    '<tool_call>',
    // The words that most small models were trained on.
    '{"name": <function-name>, "arguments": <args-json-object>}',
    '</tool_call>',
    'Several may follow each other. Only the program writes results: they come in the next message, in <tool_response> tags. Any other reply is the final answer for the user: look first.',
  ].join('\n');
}

function describeTool({ name, description, parameters }: ToolSpec): string {
  const properties = parameters['properties'];
  const lines = isJsonObject(properties)
    ? Object.entries(properties).map(([key, schema]) => describeParameter(key, schema, parameters))
    : [];
  return [`- ${name}: ${oneLine(description)}`, ...lines].join('\n');
}

function describeParameter(key: string, schema: JsonValue, parameters: JsonObject): string {
  const required = Array.isArray(parameters['required']) && parameters['required'].includes(key) ? '*' : '';
  const own = isJsonObject(schema) ? schema : {};
  const { description, ...rest } = own;
  const type = typeOf(rest);
  const said = oneLine(stringOf(description));
  return `  ${key}${required} (${type})${said === '' ? '' : `: ${said}`}`;
}

/** A simple type by its name; others as their schema. */
function typeOf(schema: JsonObject): string {
  const { type, enum: values, items, ...rest } = schema;
  if (Array.isArray(values)) return values.map((value: JsonValue) => JSON.stringify(value)).join(' | ');
  if (type === 'array' && isJsonObject(items) && typeof items['type'] === 'string' && Object.keys(items).length === 1)
    return `array of ${items['type']}`;
  const plain = typeof type === 'string' && items === undefined && !('properties' in rest) && !('anyOf' in rest);
  return plain ? type : JSON.stringify(schema);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
