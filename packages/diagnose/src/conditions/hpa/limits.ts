import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { fieldsAt, listAt, numberAt, textAt, textsAt } from '../../world/fields.ts';
import { refOf } from '../../world/ref.ts';
import { keyOf } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { conditionEvidence, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import { targetOf } from './target.ts';

/** A peak that is over by then was well served. */
const peakMs = 15 * minuteMs;
const docs = 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/';

/** An autoscaler that wants more than it may have, or that another scaler works against. */
export const hpaLimits: Condition = {
  id: 'hpa-limits',
  kinds: ['HorizontalPodAutoscaler'],
  needs: ['HorizontalPodAutoscaler'],
  uses: ['VerticalPodAutoscaler', 'ScaledObject'],
  *find(world) {
    const all = world.all('HorizontalPodAutoscaler').filter(({ deletedAt }) => deletedAt === undefined);
    for (const hpa of all) {
      yield* atMax(hpa, world);
      yield* againstVertical(hpa, world);
    }
    for (const [, [first, ...others]] of Map.groupBy(all, (hpa) => targetKey(hpa, world)))
      if (first !== undefined && others.length > 0) yield twoOfThem(first, others, world);
  },
};

function targetKey(hpa: WorldObject, world: World): string {
  const { kind, name } = targetOf(hpa, world);
  return keyOf({ kind, namespace: hpa.namespace ?? '', name });
}

function* atMax(hpa: WorldObject, world: World): Generator<Fault> {
  const limited = statusCondition(hpa.body, 'ScalingLimited');
  const [max, min, current] = ['spec.maxReplicas', 'spec.minReplicas', 'status.currentReplicas'].map((path) => numberAt(hpa.body, path));
  if (limited?.status !== 'True' || limited.reason !== 'TooManyReplicas' || max === undefined || (current ?? 0) < max) return;
  // As many as ever: whoever says so wants no more.
  if (max <= (min ?? 1) || limited.since === undefined || world.now - limited.since < peakMs) return;
  yield {
    object: hpa,
    reason: 'AtMaxReplicas',
    severity: 'warning',
    summary: `it wants more than its ${max} replicas for ${showDuration(world.now - limited.since)}`,
    evidence: [conditionEvidence(limited), ...usage(hpa)],
    fix: [`kubectl patch hpa ${hpa.name} -n ${hpa.namespace ?? 'default'} -p '{"spec":{"maxReplicas":${max * 2}}}'`],
    since: limited.since,
    docs,
  };
}

/** How much is used of what was to be used at most. */
function usage(hpa: WorldObject): Fault['evidence'] {
  return listAt(hpa.body, 'status.currentMetrics').flatMap((metric) => {
    const name = textAt(metric, 'resource.name');
    const used = numberAt(metric, 'resource.current.averageUtilization');
    const wanted = listAt(hpa.body, 'spec.metrics').find((each) => textAt(each, 'resource.name') === name);
    if (name === '' || used === undefined) return [];
    return [
      fieldEvidence(
        `status.currentMetrics ${name}`,
        `${used}% of the requests; the target is ${numberAt(wanted, 'resource.target.averageUtilization') ?? '?'}%`,
      ),
    ];
  });
}

function twoOfThem(first: WorldObject, others: readonly WorldObject[], world: World): Fault {
  const { kind, name } = targetOf(first, world);
  const all = [first, ...others];
  const keda = all.find(({ owners }) => owners.some((owner) => owner.kind === 'ScaledObject'));
  return {
    object: first,
    reason: 'SeveralAutoscalers',
    severity: 'warning',
    summary: `${all.length} autoscalers scale ${kind} ${name}, against each other${keda === undefined ? '' : ` (${keda.name} is KEDA's)`}`,
    evidence: all.map((hpa) => fieldEvidence(`horizontalpodautoscaler/${hpa.name} spec.scaleTargetRef`, `${kind} ${name}`)),
    fix: [`kubectl get hpa -n ${first.namespace ?? 'default'}`],
    explains: all.filter(({ body }) => statusCondition(body, 'ScalingActive')?.reason === 'AmbiguousSelector').map(refOf),
    rollsUp: false,
    docs,
  };
}

/** A vertical autoscaler changes the requests that a horizontal one measures by. */
function* againstVertical(hpa: WorldObject, world: World): Generator<Fault> {
  const { kind, name } = targetOf(hpa, world);
  const measured = listAt(hpa.body, 'spec.metrics').flatMap((metric) =>
    ['resource', 'containerResource'].flatMap((source) =>
      numberAt(metric, `${source}.target.averageUtilization`) === undefined ? [] : [textAt(metric, `${source}.name`)],
    ),
  );
  for (const vpa of world.inNamespace('VerticalPodAutoscaler', hpa.namespace)) {
    const mode = textAt(vpa.body, 'spec.updatePolicy.updateMode') || 'Auto';
    if (
      textAt(vpa.body, 'spec.targetRef.kind') !== kind ||
      textAt(vpa.body, 'spec.targetRef.name') !== name ||
      mode === 'Off' ||
      mode === 'Initial'
    )
      continue;
    const both = measured.filter((resource) => controls(vpa, resource));
    if (both.length === 0) continue;
    yield {
      object: hpa,
      reason: 'AgainstVerticalAutoscaler',
      severity: 'warning',
      summary: `it scales ${kind} ${name} by ${both.join(' and ')} in percent of the requests, which the VerticalPodAutoscaler ${vpa.name} changes at the same time`,
      evidence: [fieldEvidence(`verticalpodautoscaler/${vpa.name} spec.updatePolicy.updateMode`, mode)],
      fix: [`kubectl describe vpa ${vpa.name} -n ${hpa.namespace ?? 'default'}`],
      rollsUp: false,
      docs: 'https://kubernetes.io/docs/concepts/workloads/autoscaling/',
    };
  }
}

function controls(vpa: WorldObject, resource: string): boolean {
  const policies = listAt(vpa.body, 'spec.resourcePolicy.containerPolicies');
  if (policies.length === 0) return true;
  return policies.some((policy) => {
    const resources = textsAt(policy, 'controlledResources');
    return fieldsAt({ policy }, 'policy')['mode'] !== 'Off' && (resources.length === 0 || resources.includes(resource));
  });
}
