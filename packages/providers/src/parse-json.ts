import type { JsonObject, JsonValue } from './json.ts';

/** Parses JSON; undefined where the text is none. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined; // the caller decides what broken JSON means
  }
}

/** A JSON string's own text; empty for any other value. */
export function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Whether a value is a JSON object (no array, no null). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
