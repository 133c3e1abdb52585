import { isKwError } from '@kw/agent';
import type { ErrorResponseBody, WireError } from '@kw/sdk-js';
import type { Language } from './language/language.ts';
import { localize } from './language/localize.ts';

/** A status that the API answers with when something fails. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 413 | 415 | 421 | 429 | 500 | 502 | 503 | 504;

/** A failure as the client sees it. */
export interface ApiError {
  readonly status: ErrorStatus;
  readonly code: string;
  /** In English; a reader gets it in its own language. */
  readonly message: string;
  /** The facts in it, for sentences of other languages; not sent. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

// Codes of failures before a run begins; everything else is a failure of ours.
const statuses = new Map<string, ErrorStatus>([
  ['session-busy', 409],
  ['session-exists', 409],
  ['forbidden', 403],
  ['unknown-context', 400],
  ['bad-session-id', 400],
  ['bad-usage', 400],
  ['bad-cursor', 400],
  ['grant-not-offered', 400],
  ['unknown-session', 404],
  ['unknown-run', 404],
  ['no-cluster', 502],
  ['target-changed', 409],
  ['other-person', 403],
  ['model-not-allowed', 403],
  ['budget-spent', 429],
  ['stopped', 503],
  ['kill-switch-unavailable', 503],
  ['no-token', 409],
  ['store-unavailable', 503],
]);

// Codes of failed runs: the model's service is the gateway that failed.
const runStatuses = new Map<string, ErrorStatus>([
  ['connection-timeout', 504],
  ['stalled', 504],
  ['rate-limited', 503],
  ['overloaded', 503],
  ['store-unavailable', 503],
  ['internal', 500],
]);

const retryAfterSeconds = 5;

/** The one converter from failures to HTTP. What is not ours is told as `internal`, without its text. */
export function toApiError(error: unknown): ApiError {
  if (!isKwError(error)) return { status: 500, code: 'internal', message: 'Something failed inside the server. Its log says more.' };
  const status = statuses.get(error.code) ?? 500;
  return {
    status,
    code: error.code,
    message: withoutFolders(error.message),
    details: withoutFoldersIn(error.details),
    ...((status === 503 || status === 429) && {
      headers: { 'retry-after': String(error.details['retryAfterSeconds'] ?? retryAfterSeconds) },
    }),
  };
}

/** Where files of this host are is nobody's business who is not on it; their names say enough. */
function withoutFolders(message: string): string {
  return message.replaceAll(/"(?:\/[^"/\n]+)+\/([^"/\n]+)"/g, '"…/$1"');
}

function withoutFoldersIn({ zh, ...details }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...details, ...(typeof zh === 'string' && { zh: withoutFolders(zh) }) };
}

/** What a stream says where it breaks, in the reader's language. */
export function toStreamFailure(error: unknown, language: Language): WireError {
  const { code, message, details } = toApiError(error);
  return { code, message: localize({ code, message, details }, language) };
}

/** The status of an answer whose run failed. */
export function statusOfFailedRun(code: string): ErrorStatus {
  return runStatuses.get(code) ?? 502;
}

/** The answer of a failure, in the reader's language. */
export function errorResponse(
  { status, code, message, details, headers }: ApiError,
  { now, language }: { readonly now: number; readonly language: Language },
): Response {
  const error = { code, message: localize({ code, message, details }, language) };
  const body: ErrorResponseBody = { error, status: 'error', timestamp: new Date(now).toISOString() };
  return Response.json(body, { status, ...(headers !== undefined && { headers }) });
}
