import { stringify } from 'yaml';
import type { ApiError } from '../api/errors.ts';
import { statusOfError } from '../api/errors.ts';
import type { Json } from '../json.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';

/** Text as Go's JSON encoder writes it: <, >, & and the two line separators are escaped. */
export function goJson(value: Json, indent?: string): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  return text.replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whether a client wants its JSON for eyes. */
function pretty({ query, headers }: ApiRequest): boolean {
  const asked = query.get('pretty');
  if (asked !== null) return asked !== 'false' && asked !== '0';
  const agent = headers.get('user-agent') ?? '';
  return agent.startsWith('curl') || agent.startsWith('Wget') || agent.startsWith('Mozilla/5.0');
}

/** A value as JSON or YAML. */
export function respond(request: ApiRequest, status: number, value: Json, format: 'json' | 'yaml' = 'json'): ApiResponse {
  if (format === 'yaml') {
    const text = stringify(value, { sortMapEntries: true, lineWidth: 0, indentSeq: false, version: '1.1' });
    // The one key that this writer quotes and the server's does not.
    return { status, headers: [['content-type', 'application/yaml']], body: text.replaceAll(/^(\s*)"\.": /gm, '$1.: ') };
  }
  const body = pretty(request) ? goJson(value, '  ') : `${goJson(value)}\n`;
  return { status, headers: [['content-type', 'application/json']], body };
}

/** An error as its Status. */
export function respondError(request: ApiRequest, error: ApiError): ApiResponse {
  const retry = error.details?.retryAfterSeconds;
  const response = respond(request, error.status, statusOfError(error));
  const indented = error.status === 406 ? { ...response, body: goJson(statusOfError(error), '  ') } : response;
  return retry ? { ...indented, headers: [...indented.headers, ['retry-after', String(retry)]] } : indented;
}

/** Plain text. */
export function text(status: number, body: string, type = 'text/plain; charset=utf-8'): ApiResponse {
  return { status, headers: [['content-type', type]], body };
}

/** The response with warnings as `Warning: 299` headers. */
export function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  const unique = [...new Set(warnings)];
  if (unique.length === 0) return response;
  return { ...response, headers: [...response.headers, ...unique.map((warning) => ['warning', `299 - ${quoted(warning)}`] as const)] };
}

function quoted(warning: string): string {
  return `"${warning.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll(/[\r\n]+/g, ' ')}"`;
}
