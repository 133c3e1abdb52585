import type { MiddlewareHandler } from 'hono';
import { type ApiError, errorResponse } from '../api-error.ts';
import type { ApiEnv, Auth } from '../options.ts';
import { authenticate, isRefusal } from './authenticate.ts';
import { type Language, languageOf } from '../language/language.ts';
import { createFailures } from './failures.ts';
import { isPagePath } from '../routes/page.ts';
import { isOurHost, isSameOrigin } from './host.ts';

/** What the doors are made of. */
export interface DoorOptions {
  readonly auth: Auth;
  readonly clock: () => number;
  readonly authFailuresPerMinute: number;
  /** Further paths that may be asked without showing who it is. */
  readonly openPaths?: readonly string[];
  /** True where a path is known and this method of it is refused whatever it brings: then that is what is told. */
  /** Of refusals, where a request names none of ours. Default `en`. */
  readonly language?: Language;
  readonly refusesMethod?: (method: string, path: string) => boolean;
}

/** Paths that a probe may ask without showing who it is. */
export const probePaths: readonly string[] = ['/api/v1/health', '/livez', '/readyz'];

const allowedMethods = 'GET, POST, PATCH, DELETE, OPTIONS';
const allowedHeaders = 'authorization, content-type, last-event-id';
const exposedHeaders = 'content-location, retry-after';

/** Everything that is judged before a body is read: Host, Origin, Fetch metadata, who it is, and the kind of content. */
export function doors({
  auth,
  clock,
  authFailuresPerMinute,
  openPaths = [],
  refusesMethod = () => false,
  language = 'en',
}: DoorOptions): MiddlewareHandler<ApiEnv> {
  const failures = createFailures(authFailuresPerMinute, clock);

  return async (context, next) => {
    const { headers, method } = context.req.raw;
    const host = headers.get('host') ?? undefined;
    const origin = headers.get('origin') ?? undefined;
    const isGet = method === 'GET' || method === 'HEAD';
    const { path } = context.req;
    const probe = probePaths.includes(path) || (isGet && (isPagePath(path) || openPaths.includes(path)));
    const refuse = (error: ApiError): Response =>
      errorResponse(error, { now: clock(), language: languageOf(headers.get('accept-language'), language) });

    const bearer = headers.has('authorization') && auth.verify !== undefined;
    if (!isOurHost(host, auth) && (auth.listening().loopback || !(bearer || probe))) {
      return refuse({
        status: 421,
        code: 'wrong-host',
        message: `This server is not ${host ?? 'known without a Host header'}. Use localhost, or allow the name with allowed-hosts.`,
        details: { host },
      });
    }
    const cors = origin !== undefined && (auth.corsOrigins ?? []).includes(origin);
    if (origin !== undefined && !cors && !isSameOrigin(origin, host)) {
      return refuse({
        status: 403,
        code: 'wrong-origin',
        message: `Pages of ${origin} may not use this server. Allow them with cors-origin.`,
        details: { origin },
      });
    }
    if (headers.get('sec-fetch-site') === 'cross-site' && !cors) {
      return refuse({
        status: 403,
        code: 'cross-site',
        message: 'Another site may not use this server from a browser. Allow it with cors-origin.',
      });
    }
    if (cors && method === 'OPTIONS' && headers.has('access-control-request-method')) {
      return new Response(null, {
        status: 204,
        headers: {
          ...corsHeaders(origin),
          'access-control-allow-methods': allowedMethods,
          'access-control-allow-headers': allowedHeaders,
          'access-control-max-age': '600',
        },
      });
    }
    if (!probe) {
      const result = await authenticate(headers, context.env.peer, auth, failures);
      if (isRefusal(result)) return withCors(refuse(result), cors ? origin : undefined);
      context.set('caller', result);
      context.set('principal', result.principal);
    }
    // What may have a body must say that it is JSON: no page of another site can send that unasked. The same holds for DELETE, which may be without.
    const sendsBody = method === 'POST' || method === 'PATCH' || (method === 'DELETE' && headers.has('content-type'));
    if (sendsBody && !refusesMethod(method, path) && !isJson(headers.get('content-type'))) {
      return withCors(
        refuse({ status: 415, code: 'not-json', message: 'Send the header "Content-Type: application/json".' }),
        cors ? origin : undefined,
      );
    }
    await next();
    if (auth.corsOrigins !== undefined && auth.corsOrigins.length > 0) context.header('vary', 'Origin', { append: true });
    if (cors) for (const [name, value] of Object.entries(corsHeaders(origin))) if (name !== 'vary') context.header(name, value);
    return undefined;
  };
}

function isJson(contentType: string | null): boolean {
  return /^application\/json\s*(;.*)?$/i.test(contentType?.trim() ?? '');
}

function corsHeaders(origin: string): Readonly<Record<string, string>> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedHeaders, vary: 'Origin' };
}

function withCors(response: Response, origin: string | undefined): Response {
  if (origin !== undefined) for (const [name, value] of Object.entries(corsHeaders(origin))) response.headers.set(name, value);
  return response;
}
