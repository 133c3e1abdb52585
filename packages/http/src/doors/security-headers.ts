import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from '../options.ts';

const securityHeaders: readonly (readonly [name: string, value: string])[] = [
  ['content-security-policy', "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['x-frame-options', 'DENY'],
];

/** Headers that every answer carries. */
export const setSecurityHeaders: MiddlewareHandler<ApiEnv> = async (context, next) => {
  await next();
  for (const [name, value] of securityHeaders) if (context.res.headers.get(name) === null) context.header(name, value);
  if (context.res.headers.get('cache-control') === null) context.header('cache-control', 'no-store');
};
