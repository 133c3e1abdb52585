import type { Context } from 'hono';
import { type ApiError, errorResponse, toApiError } from './api-error.ts';
import { type Language, languageOf } from './language/language.ts';
import type { Reader } from './language/reader.ts';
import type { ApiEnv, ApiLimits, ApiOptions } from './options.ts';
import type { Turns } from './turns.ts';

/** What every route works with. */
export interface RouteScope extends Omit<ApiOptions, 'clock' | 'language' | 'limits'> {
  readonly clock: () => number;
  readonly limits: Required<ApiLimits>;
  /** Where a reader names none. */
  readonly language: Language;
  /** When the service began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly turns: Turns;
  /** Places of those who read a run that they did not just ask for. */
  readonly readers: Turns;
}

/** One route. */
export type Handler = (context: Context<ApiEnv>) => Promise<Response>;

/** Whoever asks, as a reader. */
export function readerOf(scope: RouteScope, context: Context<ApiEnv>): Reader {
  const language = languageOf(context.req.header('accept-language'), scope.language);
  return { language, reasonIn: (reason) => scope.reasonIn?.(reason, language) ?? reason };
}

/** Answers with a failure. */
export function refuse(scope: RouteScope, context: Context<ApiEnv>, error: ApiError): Response {
  return errorResponse(error, { now: scope.clock(), language: readerOf(scope, context).language });
}

/** Runs a route; what it throws becomes an answer. */
export function guarded(scope: RouteScope, handler: Handler): Handler {
  return async (context) => {
    try {
      return await handler(context);
    } catch (error) {
      return refuse(scope, context, toApiError(error));
    }
  };
}

/** A time as the API writes it. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
