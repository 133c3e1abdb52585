import type { Handler, RouteScope } from '../scope.ts';

/** `/mcp`: the Model Context Protocol, for those who may ask questions; approvals in it are for those who may approve. */
export function mcp(scope: RouteScope, answer: NonNullable<RouteScope['mcp']>): Handler {
  return async (context) => {
    if (context.req.method === 'POST') await scope.gate?.checkRunning();
    const { scopes } = context.get('caller');
    return answer(context.req.raw, context.get('principal'), { mayApprove: scopes === undefined || scopes.includes('approve') });
  };
}
