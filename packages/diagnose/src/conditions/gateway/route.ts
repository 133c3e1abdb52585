import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs } from '../../world/durations.ts';
import { listAt, textAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { obstacleOf } from './attach.ts';

/** The kinds of routes. */
export const routeKinds: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];
/** The group of Gateways and routes. */
export const gatewayGroup = 'gateway.networking.k8s.io';
const patienceMs = 2 * minuteMs;
const docs = 'https://gateway-api.sigs.k8s.io/concepts/api-overview/#attaching-routes-to-gateways';

/** A route that is attached to no Gateway: it is missing, has no such listener, or does not let the route in. */
export const gatewayRoute: Condition = {
  id: 'gateway-route',
  kinds: routeKinds,
  needs: [...routeKinds, 'Gateway'],
  uses: ['Namespace'],
  *find(world) {
    for (const route of routeKinds.flatMap((kind) => world.all(kind))) {
      if (route.deletedAt !== undefined) continue;
      for (const parent of listAt(route.body, 'spec.parentRefs')) {
        // Others, such as a mesh's Services, are not looked at.
        if (!['', 'Gateway'].includes(textAt(parent, 'kind')) || !['', gatewayGroup].includes(textAt(parent, 'group'))) continue;
        const fault = parentFault(route, parent, world);
        if (fault !== undefined) yield fault;
      }
    }
  },
};

/** What the controllers say about a route at one of its parents. */
export function parentStatuses(route: WorldObject, parent: Fields): readonly Fields[] {
  const key = (ref: unknown): string =>
    ['kind', 'namespace', 'name', 'sectionName', 'port']
      .map((name) => {
        const value = typeof ref === 'object' && ref !== null ? Object.entries(ref).find(([each]) => each === name)?.[1] : undefined;
        const byDefault = name === 'kind' ? 'Gateway' : name === 'namespace' ? route.namespace : '';
        return String(value ?? byDefault);
      })
      .join('\n');
  return listAt(route.body, 'status.parents').filter((each) => key(each['parentRef']) === key(parent));
}

function parentFault(route: WorldObject, parent: Fields, world: World): Fault | undefined {
  const namespace = textAt(parent, 'namespace') || (route.namespace ?? 'default');
  const name = textAt(parent, 'name');
  const found = world.lookup('Gateway', namespace, name);
  const { kind } = route;
  const common = {
    object: route,
    severity: 'critical',
    fix: [`kubectl describe ${kind.toLowerCase()} ${route.name} -n ${route.namespace ?? 'default'}`],
    causedBy: [{ kind: 'Gateway', namespace, name }],
    docs,
  } as const;
  if (found.type === 'missing') {
    return {
      ...common,
      reason: 'ParentGatewayMissing',
      summary: `the Gateway ${name} does not exist in namespace ${namespace}: the route is attached to nothing`,
      evidence: [fieldEvidence('spec.parentRefs', `${namespace}/${name}`)],
      fix: ['kubectl get gateways.gateway.networking.k8s.io -A'],
    };
  }
  const accepted = parentStatuses(route, parent).flatMap((status) => statusCondition(status, 'Accepted', 'conditions') ?? []);
  if (accepted.some(({ status }) => status === 'True')) return undefined;
  const refused = accepted.find(({ status }) => status === 'False');
  const told = refused === undefined ? [] : [conditionEvidence(refused, `status.parents[${name}].conditions`)];
  const obstacle = found.type === 'found' ? obstacleOf(route, parent, { gateway: found.object, world }) : undefined;
  if (obstacle !== undefined) {
    return {
      ...common,
      reason: obstacle.reason,
      summary: obstacle.says,
      evidence: [...told, ...obstacle.evidence.map(([at, value]) => fieldEvidence(at, value))],
      since: refused?.since,
    };
  }
  if (refused !== undefined) {
    return {
      ...common,
      reason: 'RouteNotAccepted',
      summary: `the Gateway ${name} does not accept it: ${saidBy(refused)}`,
      evidence: told,
      since: refused.since,
    };
  }
  if (found.type !== 'found' || world.now - (route.createdAt ?? 0) < patienceMs) return undefined;
  return {
    ...common,
    reason: 'RouteNotTaken',
    severity: 'warning',
    summary: `no controller has taken it for the Gateway ${name}: does it know ${kind}s, and is it running?`,
    evidence: [fieldEvidence('status.parents', 'nothing about this Gateway')],
  };
}
