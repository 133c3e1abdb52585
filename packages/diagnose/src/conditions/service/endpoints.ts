import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs } from '../../world/durations.ts';
import { hasEnded, isReady } from '../../world/containers.ts';
import { isTrueAt, labelsAt, textAt } from '../../world/fields.ts';
import type { Labels } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { nearMiss } from './near-miss.ts';

/** A Service whose selector finds no pod, or only pods that are not ready. */
export const serviceEndpoints: Condition = {
  id: 'service-endpoints',
  kinds: ['Service'],
  needs: ['Service', 'Pod'],
  uses: ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'],
  *find(world) {
    for (const service of world.all('Service')) {
      const selector = labelsAt(service.body, 'spec.selector');
      // Without a selector its endpoints are somebody else's work, and a name outside has none.
      if (Object.keys(selector).length === 0 || textAt(service.body, 'spec.type') === 'ExternalName') continue;
      if (service.namespace === undefined || service.deletedAt !== undefined || !world.canSee('Pod', service.namespace)) continue;
      const pods = world.withLabels('Pod', service.namespace, selector).filter((pod) => !hasEnded(pod));
      if (pods.length === 0) yield* withoutPods(service, selector, world);
      else if (
        !pods.some(isReady) &&
        pods.some(({ createdAt }) => world.now - (createdAt ?? 0) > minuteMs) &&
        !isTrueAt(service.body, 'spec.publishNotReadyAddresses')
      )
        yield withoutReadyPods(service, pods);
    }
  },
};

function showLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function* withoutPods(service: WorldObject, selector: Labels, world: World): Generator<Fault> {
  const namespace = service.namespace ?? 'default';
  // A workload that is scaled to zero wants no pods.
  const idle = ['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet'].some((kind) =>
    world.inNamespace(kind, namespace).some((workload) => {
      const labels = labelsAt(workload.body, 'spec.template.metadata.labels');
      return Object.entries(selector).every(([name, value]) => labels[name] === value);
    }),
  );
  if (idle) return;
  const near = nearMiss(service, selector, world);
  yield {
    object: service,
    reason: near === undefined ? 'NoPods' : 'SelectorMismatch',
    // Something may be meant to come later; a slip of the pen never is.
    severity: near === undefined ? 'warning' : 'critical',
    summary:
      near === undefined
        ? `its selector ${showLabels(selector)} fits no pod in the namespace: it has no endpoints`
        : `its selector fits no pod; ${near.workload} is ${near.differences.length === 1 ? 'one label' : `${near.differences.length} labels`} away: ${near.differences.map(({ name, wanted, has }) => `${name}=${wanted} is asked for, the pods have ${has === undefined ? `no ${name}` : `${name}=${has}`}`).join('; ')}`,
    evidence: [
      fieldEvidence('spec.selector', showLabels(selector)),
      ...(near === undefined ? [] : [fieldEvidence(`labels of ${near.workload}`, showLabels(near.labels))]),
    ],
    fix:
      near === undefined
        ? [`kubectl get pods -n ${namespace} --show-labels`]
        : [
            `kubectl set selector service/${service.name} -n ${namespace} ${showLabels({ ...selector, ...Object.fromEntries(near.differences.flatMap(({ name, has }) => (has === undefined ? [] : [[name, has]]))) })}`,
          ],
    since: undefined,
    docs: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  };
}

function withoutReadyPods(service: WorldObject, pods: readonly WorldObject[]): Fault {
  return {
    object: service,
    reason: 'NoReadyEndpoints',
    severity: 'critical',
    summary: `none of its ${pods.length === 1 ? 'pods (1)' : `${pods.length} pods`} is ready: nobody answers`,
    evidence: [
      fieldEvidence(
        'pods',
        pods
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', '),
      ),
    ],
    fix: [`kubectl get pods -n ${service.namespace ?? 'default'} -l ${showLabels(labelsAt(service.body, 'spec.selector'))}`],
    causedBy: pods.map(({ kind, namespace, name }) => ({ kind, ...(namespace === undefined ? {} : { namespace }), name })),
    docs: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  };
}
