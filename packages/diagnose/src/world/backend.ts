import { minuteMs } from './durations.ts';
import { labelsAt, listAt, textAt } from './fields.ts';
import type { Fields } from './fields.ts';
import type { Lookup, World } from './world.ts';
import type { ObjectRef, WorldObject } from './world-object.ts';

/** A Service that something sends requests to, and the port where that is named. */
export interface BackendRef {
  readonly namespace: string | undefined;
  readonly name: string;
  /** Its number or name; absent: whichever. */
  readonly port?: number | string | undefined;
}

/** What is wrong with a backend; `fine` also where that can't be told. */
export type BackendState = 'fine' | 'no-service' | 'no-port' | 'no-endpoints';

const startingMs = 2 * minuteMs;

/** Whether a Service is there, has the port, and is answered by anybody. Names outside of the cluster are not looked at further. */
export function backendState(world: World, { namespace, name, port }: BackendRef): BackendState {
  const found = lookupService(world, namespace, name);
  if (found.type !== 'found') return found.type === 'missing' ? 'no-service' : 'fine';
  const service = found.object;
  if (textAt(service.body, 'spec.type') === 'ExternalName') return 'fine';
  if (port !== undefined && !hasPort(service, port)) return 'no-port';
  return readyEndpoints(service, world) === 0 && !isStarting(service, world) ? 'no-endpoints' : 'fine';
}

/** The Service and, where it has some, the pods behind it: what a finding about a backend is caused by. */
export function backendRefs(world: World, { namespace, name }: BackendRef): readonly ObjectRef[] {
  const service = { kind: 'Service', ...(namespace === undefined ? {} : { namespace }), name };
  return [
    service,
    ...slicesOf(service, world).flatMap((slice) => listAt(slice.body, 'endpoints').flatMap((each) => podOf(each, namespace))),
  ];
}

/** The ports that a Service has, such as `80, 9090 (metrics)`. */
export function showPorts(service: WorldObject): string {
  const ports = listAt(service.body, 'spec.ports').map(({ port, name }) =>
    typeof name === 'string' && name !== '' ? `${String(port)} (${name})` : String(port),
  );
  return ports.length === 0 ? 'none' : ports.join(', ');
}

/** Whether a Service has a port of this number or name. */
export function hasPort(service: WorldObject, port: number | string): boolean {
  return listAt(service.body, 'spec.ports').some((each) => each['port'] === port || each['name'] === port);
}

function lookupService(world: World, namespace: string | undefined, name: string): Lookup {
  return world.lookup('Service', namespace, name);
}

function slicesOf(service: ObjectRef, world: World): readonly WorldObject[] {
  if (service.namespace === undefined) return [];
  return world.withLabels('EndpointSlice', service.namespace, { 'kubernetes.io/service-name': service.name });
}

/** How many endpoints answer; undefined where that is not known. */
function readyEndpoints(service: WorldObject, world: World): number | undefined {
  if (!world.canSee('EndpointSlice', service.namespace)) return undefined;
  return slicesOf(service, world)
    .flatMap(({ body }) => listAt(body, 'endpoints'))
    .filter((endpoint) => isReadyEndpoint(endpoint)).length;
}

/** Whether its pods were just made: they have time to become ready. */
function isStarting({ namespace = '', body }: WorldObject, world: World): boolean {
  const pods = world.withLabels('Pod', namespace, labelsAt(body, 'spec.selector'));
  return pods.some(({ createdAt = 0 }) => world.now - createdAt < startingMs);
}

/** An absent `ready` means yes, as the API says. */
function isReadyEndpoint({ conditions }: Fields): boolean {
  return !(typeof conditions === 'object' && conditions !== null && 'ready' in conditions && conditions.ready === false);
}

function podOf(endpoint: Fields, namespace: string | undefined): readonly ObjectRef[] {
  const name = textAt(endpoint, 'targetRef.name');
  if (name === '' || textAt(endpoint, 'targetRef.kind') !== 'Pod') return [];
  return [{ kind: 'Pod', ...(namespace === undefined ? {} : { namespace }), name }];
}
