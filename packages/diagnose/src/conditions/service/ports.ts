import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { containersOf, hasEnded } from '../../world/containers.ts';
import { fieldsAt, labelsAt, listAt, numberAt, textAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** A port of a Service that none of its pods serves. */
export const servicePorts: Condition = {
  id: 'service-ports',
  kinds: ['Service'],
  needs: ['Service', 'Pod'],
  *find(world) {
    for (const service of world.all('Service')) {
      if (service.namespace === undefined || textAt(service.body, 'spec.type') === 'ExternalName') continue;
      const pods = world
        .withLabels('Pod', service.namespace, labelsAt(service.body, 'spec.selector'))
        .filter((pod) => !hasEnded(pod) && pod.deletedAt === undefined);
      if (pods.length === 0) continue;
      for (const port of listAt(service.body, 'spec.ports')) yield* ofPort(service, port, pods);
    }
  },
};

function* ofPort(service: WorldObject, port: Fields, pods: readonly WorldObject[]): Generator<Fault> {
  const target = port['targetPort'] ?? port['port'];
  const served = pods.map(portsOf);
  const shown = served
    .flatMap(({ ports }) => ports)
    .map((each) => `${textAt(each, 'name')} ${numberAt(each, 'containerPort') ?? ''}`.trim());
  const at = `spec.ports[${textAt(port, 'name') || String(numberAt(port, 'port'))}].targetPort`;
  const common = {
    object: service,
    evidence: [fieldEvidence(at, String(target)), fieldEvidence('ports of its pods', [...new Set(shown)].join(', ') || 'none')],
    fix: [`kubectl describe service ${service.name} -n ${service.namespace ?? 'default'}`],
  };
  if (typeof target === 'string') {
    if (served.some(({ ports }) => ports.some(({ name }) => name === target))) return;
    yield {
      ...common,
      reason: 'NamedPortMissing',
      severity: 'critical',
      summary: `its target port ${JSON.stringify(target)} is the name of no port of its pods: it leads nowhere`,
    };
    return;
  }
  if (typeof target !== 'number' || textAt(service.body, 'spec.clusterIP') === 'None') return;
  // What containers say of their ports is only information: it is taken for a fault where all say something, and none says this.
  const isTold = served.every(({ ports, isSilent }) => !isSilent && ports.length > 0);
  const isServed = served.some(({ ports, probed }) => probed.has(target) || ports.some(({ containerPort }) => containerPort === target));
  if (!isTold || isServed) return;
  yield {
    ...common,
    reason: 'TargetPortNotServed',
    severity: 'warning',
    summary: `its target port ${target} is none that its pods say they serve`,
  };
}

interface ServedPorts {
  readonly ports: readonly Fields[];
  readonly probed: ReadonlySet<unknown>;
  /** A container says nothing of its ports. */
  readonly isSilent: boolean;
}

function portsOf(pod: WorldObject): ServedPorts {
  const containers = containersOf(pod).filter(({ isInit, spec }) => !isInit || spec['restartPolicy'] === 'Always');
  const probes = containers.flatMap(({ spec }) => ['readinessProbe', 'livenessProbe', 'startupProbe'].map((name) => fieldsAt(spec, name)));
  return {
    ports: containers.flatMap(({ spec }) => listAt(spec, 'ports')),
    probed: new Set(probes.flatMap((probe) => ['httpGet', 'tcpSocket', 'grpc'].map((way) => fieldsAt(probe, way)['port']))),
    isSilent: containers.some(({ spec }) => listAt(spec, 'ports').length === 0),
  };
}
