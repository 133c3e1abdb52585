import type { KillState } from '../options.ts';
import { readJson } from '../read-json.ts';
import { killSwitchSchema, parseBody } from '../schemas.ts';
import { type Handler, refuse, rfc3339, type RouteScope } from '../scope.ts';

/** `GET /api/v1/kill-switch`: whether everything is stopped. */
export function getKillSwitch(scope: RouteScope): Handler {
  return async (context) => {
    const { killSwitch } = scope;
    return killSwitch === undefined ? context.notFound() : Response.json(toBody(await killSwitch.state(), scope));
  };
}

/** `POST /api/v1/kill-switch`: stops everything, or lets it go on. */
export function setKillSwitch(scope: RouteScope): Handler {
  return async (context) => {
    const { killSwitch } = scope;
    if (killSwitch === undefined) return context.notFound();
    const body = await readJson(context.req.raw, scope.limits);
    if ('error' in body) return refuse(scope, context, body.error);
    const parsed = parseBody(killSwitchSchema, body.value);
    if ('error' in parsed) return refuse(scope, context, parsed.error);
    const { active, reason } = parsed.output;
    const by = context.get('principal');
    return Response.json(toBody(await killSwitch.set(active, { by, ...(typeof reason === 'string' && { reason }) }), scope));
  };
}

function toBody({ active, reason }: KillState, { clock }: RouteScope): object {
  return { active, ...(reason !== undefined && { reason }), timestamp: rfc3339(clock()) };
}
