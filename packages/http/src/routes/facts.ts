import type { HealthResponse, ModelsResponse } from '@kw/sdk-js';
import { type Handler, refuse, rfc3339, type RouteScope } from '../scope.ts';

/** `GET /api/v1/health`. */
export function health({ facts, clock, draining }: RouteScope): Handler {
  return async () => {
    const body: HealthResponse = {
      status: draining?.aborted === true ? 'draining' : 'healthy',
      version: facts.version,
      timestamp: rfc3339(clock()),
    };
    return Response.json(body);
  };
}

/** `GET /livez`: the process answers. */
export function livez(): Handler {
  return async () => new Response('ok\n', { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** `GET /readyz`: it takes new questions and its store can be read and written. */
export function readyz(scope: RouteScope): Handler {
  return async (context) => {
    if (scope.draining?.aborted === true)
      return refuse(scope, context, { status: 503, code: 'draining', message: 'The server stops.', headers: { 'retry-after': '5' } });
    await scope.sessions.claimable(1);
    await scope.checkStore?.();
    return new Response('ok\n', { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  };
}

/** `GET /api/v1/models`. */
export function models({ facts, clock }: RouteScope): Handler {
  return async () => {
    const body: ModelsResponse = {
      models: await facts.models(),
      current: facts.currentModel,
      provider: facts.provider,
      metadata: { default_provider: facts.defaultProvider, supports_tools: 'true' },
      timestamp: rfc3339(clock()),
    };
    return Response.json(body);
  };
}

/** `GET /api/v1/openapi.json`: what this API is, for programs. */
export function openApi({ facts }: RouteScope): Handler {
  return async () => {
    const { openApiDocument } = await import('../openapi.ts'); // hardly ever asked for
    return Response.json(await openApiDocument(facts.version));
  };
}
