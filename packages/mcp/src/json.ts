import { isKwError } from '@kw/agent';
import type { JsonObject, JsonValue } from '@kw/agent';

/** Whether a value is an object with named members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What came out of JSON.parse as an object; anything else becomes an empty one. */
export function jsonObject(parsed: unknown): JsonObject {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what was parsed from JSON comes here
  return isRecord(parsed) ? (parsed as JsonObject) : {};
}

/** The records of a list; what is none is left out. */
export function recordsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord).map(jsonObject) : [];
}

/** A member that is a text. */
export function textOf(record: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = record[key];
  return typeof value === 'string' ? value : undefined;
}

/** JSON with sorted keys: equal for equal values. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(jsonObject(value)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** The words of a failure, whatever was thrown. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isKwError(error)) return error.message; // it says all there is to say
  const { cause } = error;
  const reason = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  return `${error.message}${reason}`;
}
