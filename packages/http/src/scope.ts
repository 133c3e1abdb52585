import type { Context } from 'hono';
import { type ApiError, errorResponse, toApiError } from './api-error.ts';
import type { ApiEnv, ApiLimits, ApiOptions } from './options.ts';
import type { Turns } from './turns.ts';

/** What every route works with. */
export interface RouteScope extends Omit<ApiOptions, 'clock' | 'limits'> {
  readonly clock: () => number;
  readonly limits: Required<ApiLimits>;
  /** When the service began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly turns: Turns;
  /** Places of those who read a run that they did not just ask for. */
  readonly readers: Turns;
}

/** One route. */
export type Handler = (context: Context<ApiEnv>) => Promise<Response>;

/** Answers with a failure. */
export function refuse(scope: RouteScope, error: ApiError): Response {
  return errorResponse(error, scope.clock());
}

/** Runs a route; what it throws becomes an answer. */
export function guarded(scope: RouteScope, handler: Handler): Handler {
  return async (context) => {
    try {
      return await handler(context);
    } catch (error) {
      return errorResponse(toApiError(error), scope.clock());
    }
  };
}

/** A time as the API writes it. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
