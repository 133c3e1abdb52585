import type { StatusResponse } from '@kw/sdk-js';
import { goDuration } from '../duration.ts';
import { type Handler, rfc3339, type RouteScope } from '../scope.ts';
import { nameOf } from '../to-wire.ts';

/** `GET /api/v1/status`: how the service and its parts stand. */
export function status(scope: RouteScope): Handler {
  const { facts, clock, startedAt, draining, turns } = scope;
  return async (context) => {
    const { principal, scopes } = context.get('caller');
    const parts = await facts.status?.();
    const body: StatusResponse = {
      status: draining?.aborted === true ? 'draining' : 'running',
      timestamp: rfc3339(clock()),
      uptime: goDuration(clock() - startedAt),
      agent: 'ready',
      tools: 'available',
      mcp_client: 'disabled',
      ...parts,
      version: facts.version,
      provider: facts.provider,
      model: facts.currentModel,
      runs: { active: turns.taken(), queued: 0 },
      user: { name: nameOf(principal), ...(scopes !== undefined && { scopes }) },
    };
    return Response.json(body);
  };
}
