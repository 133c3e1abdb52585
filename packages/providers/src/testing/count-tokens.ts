import type { JsonValue } from '../json.ts';
import { isJsonObject } from '../parse-json.ts';

/** Words of up to five letters, two digits, each sign, each run of blanks but the one before a word: rather more than the usual vocabularies. */
const token = /[A-Za-z]{1,5}|\d{1,2}|[ \t]{2,}|[\r\n]+|[^\sA-Za-z\d]/gu;
const perMessage = 4;

/** A careful count of the tokens of a request's messages and tools, as a strict server makes it. */
export function countTokens(messages: readonly JsonValue[], tools: JsonValue | undefined): number {
  const all = messages.reduce<number>((sum, message) => sum + perMessage + countValue(withoutRole(message)), 0);
  return all + (tools === undefined ? 0 : countText(JSON.stringify(tools)));
}

function withoutRole(message: JsonValue): JsonValue {
  if (!isJsonObject(message)) return message;
  const { role: _role, ...rest } = message;
  return rest;
}

function countValue(value: JsonValue): number {
  if (typeof value === 'string') return countText(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, item: JsonValue) => sum + countValue(item), 0);
  return isJsonObject(value) ? Object.values(value).reduce<number>((sum, item) => sum + countValue(item), 0) : 0;
}

function countText(text: string): number {
  return text.match(token)?.length ?? 0;
}
