import { Hono } from 'hono';
import { doors, probePaths } from './doors/doors.ts';
import { requireScope } from './doors/require-scope.ts';
import { setSecurityHeaders } from './doors/security-headers.ts';
import { observeRequests } from './observe-requests.ts';
import type { ApiEnv, ApiLimits, ApiOptions, Scope } from './options.ts';
import { answerApproval } from './routes/approvals.ts';
import { chat, chatStream } from './routes/chat.ts';
import { getKillSwitch, setKillSwitch } from './routes/kill-switch.ts';
import { docs } from './routes/docs.ts';
import { health, livez, models, openApi, readyz } from './routes/facts.ts';
import { mcp } from './routes/mcp.ts';
import { metrics } from './routes/metrics.ts';
import { isPagePath, page } from './routes/page.ts';
import { contexts, namespaces, tools } from './routes/places.ts';
import { cancelRun, getRun, runStream } from './routes/runs.ts';
import { deleteSession, getOutput, getSession, listSessions, patchSession } from './routes/sessions.ts';
import { sessionStream } from './routes/session-events.ts';
import { status } from './routes/status.ts';
import { guarded, type Handler, refuse, type RouteScope } from './scope.ts';
import { createTurns } from './turns.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const methods: readonly Method[] = ['GET', 'POST', 'PATCH', 'DELETE'];

const defaultLimits: Required<ApiLimits> = {
  maxBodyBytes: 1_048_576,
  bodyTimeoutMs: 30_000,
  turnsAtOnce: 64,
  turnsPerPerson: Number.POSITIVE_INFINITY,
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
export function createApi({ clock = Date.now, language = 'en', limits, ...ports }: ApiOptions): Hono<ApiEnv> {
  const allLimits = { ...defaultLimits, ...limits };
  const scope: RouteScope = {
    ...ports,
    clock,
    language,
    startedAt: clock(),
    limits: allLimits,
    turns: createTurns({ limit: allLimits.turnsAtOnce, perPerson: allLimits.turnsPerPerson }, (change) => ports.observer?.onTurn?.(change)),
    readers: createTurns({ limit: allLimits.readersAtOnce }),
  };
  const routes: ReadonlyMap<string, Readonly<Partial<Record<Method, Handler>>>> = new Map([
    ['/', { GET: page(scope) }],
    ['/assets/*', { GET: page(scope) }],
    ['/favicon.svg', { GET: page(scope) }],
    ...(ports.metrics === undefined ? [] : [['/metrics', { GET: metrics(scope) }] as const]),
    ['/livez', { GET: livez() }],
    ['/readyz', { GET: readyz(scope) }],
    ['/api/v1/health', { GET: health(scope) }],
    ['/api/v1/status', { GET: status(scope) }],
    ['/api/v1/models', { GET: models(scope) }],
    ['/api/v1/tools', { GET: tools(scope) }],
    ['/api/v1/contexts', { GET: contexts(scope) }],
    ['/api/v1/namespaces', { GET: namespaces(scope) }],
    ['/api/v1/openapi.json', { GET: openApi(scope) }],
    ['/api/v1/docs', { GET: docs(scope) }],
    ['/api/v1/chat', { POST: chat(scope) }],
    ['/api/v1/chat/stream', { POST: chatStream(scope) }],
    ...(ports.killSwitch === undefined
      ? []
      : [['/api/v1/kill-switch', { GET: getKillSwitch(scope), POST: setKillSwitch(scope) }] as const]),
    ['/api/v1/approvals/:id', { POST: answerApproval(scope) }],
    ['/api/v1/runs/:id', { GET: getRun(scope) }],
    ['/api/v1/runs/:id/stream', { GET: runStream(scope) }],
    ['/api/v1/runs/:id/cancel', { POST: cancelRun(scope) }],
    ['/api/v1/sessions', { GET: listSessions(scope) }],
    ['/api/v1/sessions/:id', { GET: getSession(scope), PATCH: patchSession(scope), DELETE: deleteSession(scope) }],
    ['/api/v1/sessions/:id/events', { GET: sessionStream(scope) }],
    ['/api/v1/sessions/:id/outputs/:output', { GET: getOutput(scope) }],
  ]);

  const api = new Hono<ApiEnv>();
  if (ports.observer !== undefined) api.use(observeRequests(ports.observer, () => performance.now()));
  api.use(setSecurityHeaders);
  const openPaths = ports.metrics !== undefined && ports.metrics.open !== false ? ['/metrics'] : [];
  const known = [...routes].map(([path, handlers]) => ({
    pattern: new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+').replaceAll('*', '.*')}$`),
    allowed: methods.filter((method) => handlers[method] !== undefined).map(String),
  }));
  const refusesMethod = (method: string, path: string): boolean => {
    const found = known.find(({ pattern }) => pattern.test(path));
    return found !== undefined && !found.allowed.includes(method);
  };
  api.use(doors({ auth: ports.auth, clock, authFailuresPerMinute: allLimits.authFailuresPerMinute, openPaths, refusesMethod, language }));
  if (ports.mcp !== undefined) api.all('/mcp', guarded(scope, requireScope(scope, 'chat', mcp(scope, ports.mcp))));
  for (const [path, handlers] of routes) {
    for (const method of methods) {
      const handler = handlers[method];
      if (handler === undefined) continue;
      const needed = neededScope(method, path, openPaths);
      api.on(method, path, guarded(scope, needed === undefined ? handler : requireScope(scope, needed, handler)));
    }
    const allow = methods
      .flatMap((method) => (handlers[method] === undefined ? [] : method === 'GET' ? ['GET', 'HEAD'] : [method]))
      .join(', ');
    api.all(path, (context) =>
      refuse(scope, context, {
        status: 405,
        code: 'method-not-allowed',
        message: `${context.req.path.slice(0, 200)} answers to ${allow}, not to ${context.req.method}.`,
        details: { allow, method: context.req.method },
        headers: { allow },
      }),
    );
  }
  api.notFound((context) =>
    refuse(scope, context, {
      status: 404,
      code: 'not-found',
      message: `There is no ${context.req.path.slice(0, 200)}. The API is under /api/v1.`,
      details: { path: context.req.path.slice(0, 200) },
    }),
  );
  api.onError((_, context) =>
    refuse(scope, context, { status: 500, code: 'internal', message: 'Something failed inside the server. Its log says more.' }),
  );
  return api;
}

/** What a route asks of its caller; undefined for what is open to everybody. */
function neededScope(method: Method, path: string, openPaths: readonly string[]): Scope | undefined {
  if (isPagePath(path) || probePaths.includes(path) || openPaths.includes(path)) return undefined;
  if (method === 'GET') return 'read';
  if (path === '/api/v1/kill-switch') return 'admin';
  return path.startsWith('/api/v1/approvals/') ? 'approve' : 'chat';
}
