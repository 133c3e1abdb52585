import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ApiEnv, ApiObserver } from './options.ts';

/** Tells of each request when its answer begins, refused ones too. */
export function observeRequests({ onRequest }: ApiObserver, monotonic: () => number): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    if (onRequest === undefined) return next();
    const started = monotonic();
    await next();
    const traceparent = context.req.header('traceparent');
    const principal = context.get('principal');
    onRequest({
      method: context.req.method,
      route: matchedRoutes(context).findLast(({ path }) => path !== '/*')?.path ?? 'other',
      path: context.req.path,
      status: context.res.status,
      durationMs: monotonic() - started,
      ...(principal !== undefined && { principal }),
      ...(traceparent !== undefined && { traceparent }),
    });
    return undefined;
  };
}
