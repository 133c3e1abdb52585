import { Hono } from 'hono';
import { doors } from './doors/doors.ts';
import { setSecurityHeaders } from './doors/security-headers.ts';
import type { ApiEnv, ApiLimits, ApiOptions } from './options.ts';
import { answerApproval } from './routes/approvals.ts';
import { chat, chatStream } from './routes/chat.ts';
import { health, home, livez, models, openApi, readyz } from './routes/facts.ts';
import { cancelRun, getRun, runStream } from './routes/runs.ts';
import { guarded, type Handler, refuse, type RouteScope } from './scope.ts';
import { createTurns } from './turns.ts';

const defaultLimits: Required<ApiLimits> = {
  maxBodyBytes: 1_048_576,
  bodyTimeoutMs: 30_000,
  turnsAtOnce: 64,
  readersAtOnce: 2_000,
  authFailuresPerMinute: 10,
  heartbeatMs: 15_000,
  maxQueueBytes: 262_144,
  stallMs: 10_000,
};

/**
 * The HTTP API on web standards: `api.fetch(request, { peer })`, where `peer` is told by whoever accepts the connections.
 * It holds no run: every stream follows the log, so any replica can serve any client.
 */
export function createApi({ clock = Date.now, limits, ...ports }: ApiOptions): Hono<ApiEnv> {
  const allLimits = { ...defaultLimits, ...limits };
  const scope: RouteScope = {
    ...ports,
    clock,
    limits: allLimits,
    turns: createTurns(allLimits.turnsAtOnce),
    readers: createTurns(allLimits.readersAtOnce),
  };
  const routes: readonly (readonly [method: 'GET' | 'POST', path: string, handler: Handler])[] = [
    ['GET', '/', home()],
    ['GET', '/livez', livez()],
    ['GET', '/readyz', readyz(scope)],
    ['GET', '/api/v1/health', health(scope)],
    ['GET', '/api/v1/models', models(scope)],
    ['GET', '/api/v1/openapi.json', openApi(scope)],
    ['POST', '/api/v1/chat', chat(scope)],
    ['POST', '/api/v1/chat/stream', chatStream(scope)],
    ['POST', '/api/v1/approvals/:id', answerApproval(scope)],
    ['GET', '/api/v1/runs/:id', getRun(scope)],
    ['GET', '/api/v1/runs/:id/stream', runStream(scope)],
    ['POST', '/api/v1/runs/:id/cancel', cancelRun(scope)],
  ];

  const api = new Hono<ApiEnv>();
  api.use(setSecurityHeaders);
  api.use(doors({ auth: ports.auth, clock, authFailuresPerMinute: allLimits.authFailuresPerMinute }));
  for (const [method, path, handler] of routes) {
    const allow = method === 'GET' ? 'GET, HEAD' : method;
    api.on(method, path, guarded(scope, handler));
    api.all(path, (context) =>
      refuse(scope, {
        status: 405,
        code: 'method-not-allowed',
        message: `${path} answers to ${allow}, not to ${context.req.method}.`,
        headers: { allow },
      }),
    );
  }
  api.notFound((context) =>
    refuse(scope, { status: 404, code: 'not-found', message: `There is no ${context.req.path.slice(0, 200)}. The API is under /api/v1.` }),
  );
  api.onError(() => refuse(scope, { status: 500, code: 'internal', message: 'Something failed inside the server. Its log says more.' }));
  return api;
}
