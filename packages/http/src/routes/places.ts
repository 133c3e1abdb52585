import type { ContextsResponse, NamespacesResponse, ToolsResponse } from '@kw/sdk-js';
import { type Handler, rfc3339, type RouteScope } from '../scope.ts';

const clusterMs = 10_000;

/** `GET /api/v1/contexts`: kube contexts that a question may name. */
export function contexts({ places, clock }: RouteScope): Handler {
  return async () => Response.json({ contexts: (await places?.contexts()) ?? [], timestamp: rfc3339(clock()) } satisfies ContextsResponse);
}

/** `GET /api/v1/namespaces?cluster=`: namespaces of a context. */
export function namespaces({ places, clock }: RouteScope): Handler {
  return async (context) => {
    const cluster = context.req.query('cluster');
    const signal = AbortSignal.any([context.req.raw.signal, AbortSignal.timeout(clusterMs)]);
    const found = (await places?.namespaces(cluster === '' ? undefined : cluster, { by: context.get('principal'), signal })) ?? [];
    return Response.json({ namespaces: found, timestamp: rfc3339(clock()) } satisfies NamespacesResponse);
  };
}

/** `GET /api/v1/tools`: what the model may use. */
export function tools({ facts, clock }: RouteScope): Handler {
  return async () => Response.json({ tools: (await facts.tools?.()) ?? [], timestamp: rfc3339(clock()) } satisfies ToolsResponse);
}
