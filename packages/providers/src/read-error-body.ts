import type { JsonValue } from './json.ts';
import { isJsonObject, parseJson } from './parse-json.ts';

/** What a vendor says in an error's body. */
export interface VendorError {
  /** Codes and types, for matching. */
  readonly code: string;
  readonly message: string;
  /** An HTTP status that the body itself names. */
  readonly status?: number;
  /** How long the body asks to wait, where the headers do not say. */
  readonly retryAfterMs?: number;
  readonly isJson: boolean;
  readonly isHTML: boolean;
}

/** Reads an error's body in any of the known shapes; never throws. */
export function readErrorBody(body: string): VendorError {
  const value = parseJson(body);
  if (value !== undefined && value !== null) return readErrorValue(value);
  const isHTML = /^\s*<(!doctype|html|head|body|\?xml|center|h1)/i.test(body);
  return { code: '', message: isHTML ? titleOf(body) : body, isJson: false, isHTML };
}

/** Reads an error object, such as the `error` of a chunk. */
export function readErrorValue(value: JsonValue): VendorError {
  const top: JsonValue | undefined = Array.isArray(value) ? value[0] : value;
  const inner = isJsonObject(top) && top['error'] !== undefined && top['error'] !== null ? top['error'] : top;
  if (!isJsonObject(inner)) return { code: '', message: textOf(inner), isJson: true, isHTML: false };
  const message = textOf(inner['message'] ?? inner['msg'] ?? inner['detail'] ?? inner['error_msg']);
  const code = [inner['code'], inner['type'], inner['status']]
    .map(textOf)
    .filter((part) => part !== '')
    .join(' ');
  const wait = waitOf(inner['details'], message);
  const status = [inner['code'], inner['status'], inner['http_code']].map(Number).find((number) => number >= 400 && number < 600);
  return {
    code,
    message: message === '' ? JSON.stringify(inner) : message,
    isJson: true,
    isHTML: false,
    ...(status === undefined ? {} : { status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

/** `retryDelay` of google.rpc.RetryInfo, or words such as "try again in 6m0s". */
function waitOf(details: JsonValue | undefined, message: string): number | undefined {
  const delays = Array.isArray(details) ? details.filter(isJsonObject).map((detail) => textOf(detail['retryDelay'])) : [];
  const words = /(?:retry|try again) (?:in|after) ((?:\d+h)?(?:\d+m(?!s))?(?:\d+(?:\.\d+)?m?s)?)/i.exec(message)?.[1] ?? '';
  return [...delays, words].map(durationOf).find((ms) => ms !== undefined);
}

function durationOf(text: string): number | undefined {
  const found = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(ms|s))?$/.exec(text.trim());
  if (found === null || text.trim() === '') return undefined;
  const [, hours = '0', minutes = '0', rest = '0', unit = 's'] = found;
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(rest) * (unit === 'ms' ? 1 : 1_000);
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function titleOf(html: string): string {
  return /<(title|h1)[^>]*>([^<]*)</i.exec(html)?.[2]?.trim() ?? 'a web page';
}
