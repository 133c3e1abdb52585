import type { JsonObject, JsonValue } from '@kw/agent';
import type { McpQuestion } from '@kw/runtime';
import { elicitMessagesIn } from '../messages/elicit.ts';
import type { ElicitMessages } from '../messages/elicit.ts';
import { safeText } from '../render/safe-text.ts';

/** Where a server's question is put to a person. */
export interface EliciterOptions {
  readonly language: 'en' | 'zh';
  readonly say: (text: string) => void;
  /** Asks on the terminal; undefined at the end of input or when the signal is aborted. */
  readonly ask: (prompt: string, signal: AbortSignal) => Promise<string | undefined>;
}

type Parsed = { readonly type: 'value'; readonly value: JsonValue } | { readonly type: 'again'; readonly why: string };

/** Asks the person what an MCP server wants to know, field by field; undefined where it is declined. */
export async function elicit(
  { server, message, schema }: McpQuestion,
  { language, say, ask }: EliciterOptions,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const messages = elicitMessagesIn(language);
  say(`\n${messages.asks(safeText(server))}\n  ${safeText(message).replaceAll('\n', '\n  ')}`);
  const fields = Object.entries(objectOf(schema['properties']));
  if (fields.length === 0) {
    const word = (await ask(messages.confirm, signal))?.trim().toLowerCase();
    return word === 'y' || word === 'yes' ? {} : undefined;
  }
  say(messages.wayOut);
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const values: [string, JsonValue][] = [];
  for (const [name, field] of fields) {
    const value = await askField(name, objectOf(field), {
      isRequired: required.has(name),
      messages,
      say,
      ask: (prompt) => ask(prompt, signal),
    });
    if (value === 'declined') return undefined;
    if (value !== 'left-out') values.push([name, value.value]);
  }
  return Object.fromEntries(values);
}

interface Asking {
  readonly isRequired: boolean;
  readonly messages: ElicitMessages;
  readonly say: (text: string) => void;
  readonly ask: (prompt: string) => Promise<string | undefined>;
}

async function askField(
  name: string,
  field: JsonObject,
  { isRequired, messages, say, ask }: Asking,
): Promise<{ readonly value: JsonValue } | 'declined' | 'left-out'> {
  const words = [field['title'] ?? name, field['description']]
    .filter((text) => typeof text === 'string')
    .map((text) => safeText(String(text)));
  const choices = choicesOf(field);
  const fallback = field['default'];
  const hints = [
    ...(choices === undefined ? [] : [messages.oneOf(safeText(choices.join(', ')))]),
    ...(fallback === undefined ? [] : [`[${safeText(JSON.stringify(fallback) ?? '')}]`]),
  ];
  for (;;) {
    const line = await ask(`${[words.join(': '), ...hints].join(' ')}\n> `);
    if (line === undefined) return 'declined';
    const text = line.trim();
    if (text === '' && fallback !== undefined) return { value: fallback };
    if (text === '' && !isRequired) return 'left-out';
    const parsed: Parsed =
      text === '' ? { type: 'again', why: messages.required } : parse(text, { type: field['type'], choices, messages });
    if (parsed.type === 'value') return { value: parsed.value };
    say(parsed.why);
  }
}

function parse(
  text: string,
  {
    type,
    choices,
    messages,
  }: { readonly type: unknown; readonly choices: readonly string[] | undefined; readonly messages: ElicitMessages },
): Parsed {
  if (choices !== undefined)
    return choices.includes(text) ? { type: 'value', value: text } : { type: 'again', why: messages.oneOf(safeText(choices.join(', '))) };
  if (type === 'boolean') {
    if (/^(?:y|yes|true)$/i.test(text)) return { type: 'value', value: true };
    return /^(?:n|no|false)$/i.test(text) ? { type: 'value', value: false } : { type: 'again', why: messages.yesOrNo };
  }
  if (type !== 'number' && type !== 'integer') return { type: 'value', value: text };
  const number = Number(text);
  const isGood = type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isGood ? { type: 'value', value: number } : { type: 'again', why: messages.number };
}

function choicesOf(field: JsonObject): readonly string[] | undefined {
  const values = field['enum'];
  return Array.isArray(values) ? values.map(String) : undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
