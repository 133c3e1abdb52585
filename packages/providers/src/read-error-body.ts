import type { JsonValue } from './json.ts';
import { isJsonObject, parseJson } from './parse-json.ts';

/** What a vendor says in an error's body. */
export interface VendorError {
  /** Codes and types, for matching. */
  readonly code: string;
  readonly message: string;
  /** An HTTP status that the body itself names. */
  readonly status?: number;
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
  const status = [inner['code'], inner['status'], inner['http_code']].map(Number).find((number) => number >= 400 && number < 600);
  return {
    code,
    message: message === '' ? JSON.stringify(inner) : message,
    isJson: true,
    isHTML: false,
    ...(status === undefined ? {} : { status }),
  };
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function titleOf(html: string): string {
  return /<(title|h1)[^>]*>([^<]*)</i.exec(html)?.[2]?.trim() ?? 'a web page';
}
