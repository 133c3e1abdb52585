import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { backendRefs, backendState, showPorts } from '../../world/backend.ts';
import { listAt, numberAt, textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusConditions } from '../../world/status.ts';
import type { StatusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { isGranted } from './grants.ts';
import { gatewayGroup, routeKinds } from './route.ts';

const docs = 'https://gateway-api.sigs.k8s.io/api-types/referencegrant/';

/** A route to Services, or ports, that do not exist or that another namespace does not give away. */
export const gatewayRouteBackend: Condition = {
  id: 'gateway-route-backend',
  kinds: routeKinds,
  needs: [...routeKinds, 'Service'],
  uses: ['ReferenceGrant', 'EndpointSlice', 'Pod', 'ReplicaSet'],
  *find(world) {
    for (const route of routeKinds.flatMap((kind) => world.all(kind))) {
      if (route.deletedAt !== undefined) continue;
      yield* faultsOf(route, world);
    }
  },
};

interface Backend {
  readonly namespace: string;
  readonly name: string;
  readonly port: number | undefined;
  readonly at: string;
}

function* faultsOf(route: WorldObject, world: World): Generator<Fault> {
  const unresolved = listAt(route.body, 'status.parents')
    .flatMap((parent) => statusConditions(parent, 'conditions'))
    .find(({ type, status }) => type === 'ResolvedRefs' && status === 'False');
  const told = unresolved === undefined ? [] : [conditionEvidence(unresolved, 'status.parents.conditions')];
  const backends = backendsOf(route);
  const broken = backends.flatMap((backend) => {
    const lack = lackOf(backend, { route, unresolved, world });
    return lack === undefined ? [] : [{ backend, ...lack }];
  });
  const common = {
    object: route,
    fix: [`kubectl describe ${route.kind.toLowerCase()} ${route.name} -n ${route.namespace ?? 'default'}`],
    docs,
  } as const;
  const severity = broken.length === backends.length ? 'critical' : 'warning';
  for (const reason of ['BackendServiceMissing', 'BackendPortMissing', 'ReferenceNotGranted'] as const) {
    const same = broken.filter((each) => each.reason === reason);
    const says = [...new Set(same.map((each) => each.says))].join('; ');
    const evidence = same.map(({ backend }) =>
      fieldEvidence(backend.at, `${backend.namespace}/${backend.name}:${String(backend.port ?? '')}`),
    );
    if (same.length > 0) yield { ...common, reason, severity, summary: says, evidence: [...told, ...evidence], since: unresolved?.since };
  }
  yield* unready(route, backends, world);
  if (broken.length > 0 || unresolved === undefined) return;
  yield {
    ...common,
    reason: 'RouteRefsUnresolved',
    severity: 'warning',
    summary: `not all that it refers to is usable: ${saidBy(unresolved)}`,
    evidence: told,
    since: unresolved.since,
  };
}

/** Services whose pods are all not ready: told where nothing else tells it, such as when only routes are looked at. */
function* unready(route: WorldObject, backends: readonly Backend[], world: World): Generator<Fault> {
  const broken = backends.filter((backend) => backendState(world, backend) === 'no-endpoints' && backendRefs(world, backend).length > 1);
  if (broken.length === 0) return;
  yield {
    object: route,
    reason: 'BackendNotReady',
    severity: broken.length === backends.length ? 'critical' : 'warning',
    summary: `no pod behind ${[...new Set(broken.map(({ name }) => `the Service ${name}`))].join(' and ')} is ready`,
    evidence: broken.map(({ at, namespace, name, port }) =>
      fieldEvidence(at, `${namespace}/${name}:${String(port ?? '')}, no endpoint is ready`),
    ),
    causedBy: broken.flatMap((backend) => backendRefs(world, backend)),
    onlyUnexplained: true,
    docs: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  };
}

/** Services that get requests; those with the weight 0 get none. */
function backendsOf(route: WorldObject): readonly Backend[] {
  return listAt(route.body, 'spec.rules').flatMap((rule, index) =>
    listAt(rule, 'backendRefs')
      .filter((ref) => ['', 'Service'].includes(textAt(ref, 'kind')) && textAt(ref, 'group') === '' && numberAt(ref, 'weight') !== 0)
      .map((ref) => ({
        namespace: textAt(ref, 'namespace') || (route.namespace ?? 'default'),
        name: textAt(ref, 'name'),
        port: numberAt(ref, 'port'),
        at: `spec.rules[${index}].backendRefs`,
      })),
  );
}

interface Lack {
  readonly reason: 'BackendServiceMissing' | 'BackendPortMissing' | 'ReferenceNotGranted';
  readonly says: string;
}

interface RouteScope {
  readonly route: WorldObject;
  readonly unresolved: StatusCondition | undefined;
  readonly world: World;
}

function lackOf({ namespace, name, port }: Backend, { route, unresolved, world }: RouteScope): Lack | undefined {
  const state = backendState(world, { namespace, name, port });
  const own = route.namespace ?? 'default';
  const where = namespace === own ? '' : ` in namespace ${namespace}`;
  if (state === 'no-service') return { reason: 'BackendServiceMissing', says: `the Service ${name} does not exist${where}` };
  if (state === 'no-port') {
    const service = world.find({ kind: 'Service', namespace, name });
    return {
      reason: 'BackendPortMissing',
      says: `the Service ${name}${where} has no port ${String(port)}${service === undefined ? '' : `; it has ${showPorts(service)}`}`,
    };
  }
  // Whether a controller asks for grants is its own affair: only what it refuses is a fault.
  if (unresolved?.reason !== 'RefNotPermitted') return undefined;
  const from = { group: gatewayGroup, kind: route.kind, namespace: own };
  if (isGranted({ from, to: { group: '', kind: 'Service', namespace, name } }, world) !== false) return undefined;
  return {
    reason: 'ReferenceNotGranted',
    says: `no ReferenceGrant in namespace ${namespace} lets ${route.kind}s of ${own} use its Service ${name}`,
  };
}
