import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { backendRefs, backendState, showPorts } from '../../world/backend.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { pathsOf } from './paths.ts';
import type { IngressPath } from './paths.ts';

const docs = 'https://kubernetes.io/docs/concepts/services-networking/ingress/';
/** Paths that only redirect need nobody behind them. */
const redirects = /\/(?:permanent|temporal)-redirect$/;

/** An Ingress that leads to a Service, or to a port of one, that does not exist. */
export const ingressBackend: Condition = {
  id: 'ingress-backend',
  kinds: ['Ingress'],
  needs: ['Ingress', 'Service'],
  uses: ['EndpointSlice', 'Pod', 'ReplicaSet'],
  *find(world) {
    for (const ingress of world.all('Ingress')) {
      if (ingress.deletedAt !== undefined) continue;
      if (Object.keys(ingress.annotations).some((name) => redirects.test(name))) continue;
      // The port's name `use-annotation` is an action of the load balancer, and the Service's the action's.
      const paths = pathsOf(ingress).filter(({ port }) => port !== 'use-annotation');
      yield* missingServices(ingress, paths, world);
      yield* missingPorts(ingress, paths, world);
      yield* unready(ingress, paths, world);
    }
  },
};

function* missingServices(ingress: WorldObject, paths: readonly IngressPath[], world: World): Generator<Fault> {
  const namespace = ingress.namespace;
  const broken = paths.filter(({ service }) => backendState(world, { namespace, name: service }) === 'no-service');
  if (broken.length === 0) return;
  const names = [...new Set(broken.map(({ service }) => service))];
  yield {
    object: ingress,
    reason: 'BackendServiceMissing',
    severity: broken.length === paths.length ? 'critical' : 'warning',
    summary: `${names.length === 1 ? `the Service ${names.join('')} does` : `the Services ${names.join(', ')} do`} not exist: ${showPaths(broken)} can't be answered`,
    evidence: broken.map(({ at, service, port }) => fieldEvidence(at, `${service}:${String(port ?? '')}`)),
    fix: [`kubectl get services -n ${namespace ?? 'default'}`],
    docs,
  };
}

function* missingPorts(ingress: WorldObject, paths: readonly IngressPath[], world: World): Generator<Fault> {
  const namespace = ingress.namespace;
  const broken = paths.filter(({ service, port }) => backendState(world, { namespace, name: service, port }) === 'no-port');
  if (broken.length === 0) return;
  const services = [...new Set(broken.map(({ service }) => service))].flatMap((name) => {
    const found = world.find({ kind: 'Service', ...(namespace === undefined ? {} : { namespace }), name });
    return found === undefined ? [] : [found];
  });
  yield {
    object: ingress,
    reason: 'BackendPortMissing',
    severity: broken.length === paths.length ? 'critical' : 'warning',
    summary: `${showPaths(broken)} can't be answered: ${broken
      .map(({ service, port }) => `the Service ${service} has no port ${String(port)}`)
      .filter((text, index, all) => all.indexOf(text) === index)
      .join(', ')}`,
    evidence: [
      ...broken.map(({ at, service, port }) => fieldEvidence(at, `${service}:${String(port)}`)),
      ...services.map((service) => fieldEvidence(`ports of service/${service.name}`, showPorts(service))),
    ],
    fix: [`kubectl edit ingress ${ingress.name} -n ${namespace ?? 'default'}`],
    docs,
  };
}

/** Services whose pods are all not ready: told where nothing else tells it, such as when only Ingresses are looked at. */
function* unready(ingress: WorldObject, paths: readonly IngressPath[], world: World): Generator<Fault> {
  const namespace = ingress.namespace;
  const broken = paths.filter(({ service, port }) => {
    const backend = { namespace, name: service, port };
    // One without any pods may be scaled to zero.
    return backendState(world, backend) === 'no-endpoints' && backendRefs(world, backend).length > 1;
  });
  if (broken.length === 0) return;
  const services = [...new Set(broken.map(({ service }) => service))];
  yield {
    object: ingress,
    reason: 'BackendNotReady',
    severity: broken.length === paths.length ? 'critical' : 'warning',
    summary: `no pod behind ${services.map((name) => `the Service ${name}`).join(' and ')} is ready: ${showPaths(broken)} can't be answered`,
    evidence: broken.map(({ at, service, port }) => fieldEvidence(at, `${service}:${String(port ?? '')}, no endpoint is ready`)),
    fix: services
      .slice(0, 2)
      .map((name) => `kubectl get endpointslices -n ${namespace ?? 'default'} -l kubernetes.io/service-name=${name}`),
    causedBy: services.flatMap((name) => backendRefs(world, { namespace, name })),
    onlyUnexplained: true,
    docs,
  };
}

const maxShown = 4;

function showPaths(paths: readonly IngressPath[]): string {
  const shown = paths.slice(0, maxShown).map(({ host, path }) => (path === '' ? 'what no rule fits' : `${host}${path}`));
  return `${shown.join(', ')}${paths.length > maxShown ? ` and ${paths.length - maxShown} more` : ''}`;
}
