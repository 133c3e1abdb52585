import type { Scope } from '../options.ts';
import { type Handler, refuse, type RouteScope } from '../scope.ts';

const meanings: Readonly<Record<Scope, string>> = {
  read: 'look at answers and sessions',
  chat: 'ask questions and change sessions',
  approve: 'answer approvals',
  admin: 'stop and start the service',
};

/** A route for those who have a scope; others are told which one is missing. */
export function requireScope(scope: RouteScope, needed: Scope, handler: Handler): Handler {
  return async (context) => {
    const caller = context.get('caller');
    if (caller?.scopes === undefined ? caller !== undefined : caller.scopes.includes(needed)) return handler(context);
    return refuse(scope, context, {
      status: 403,
      code: 'missing-scope',
      message: `This token may not ${meanings[needed]}: it has no scope "${needed}". Use one that has it, or ask whoever runs the service to add it.`,
      details: { scope: needed },
      headers: { 'www-authenticate': `Bearer realm="kubelet-wuhrai", error="insufficient_scope", scope="${needed}"` },
    });
  };
}
