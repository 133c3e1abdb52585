import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { nearestOf } from '../../world/alike.ts';
import { minuteMs } from '../../world/durations.ts';
import { refOf, refTo, someOf } from '../../world/ref.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { StatusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { missingRequests } from './requests.ts';
import { targetKinds, targetOf } from './target.ts';
import type { ScaleTarget } from './target.ts';

/** New pods have no metrics for the first scrapes. */
const patienceMs = 3 * minuteMs;
const docs = 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/';

/** An autoscaler that can't scale: its target is missing, or its metrics can't be had, and why. */
export const hpaMetrics: Condition = {
  id: 'hpa-metrics',
  kinds: ['HorizontalPodAutoscaler'],
  needs: ['HorizontalPodAutoscaler'],
  uses: [...targetKinds, 'Pod', 'LimitRange', 'Event', 'APIService'],
  *find(world) {
    for (const hpa of world.all('HorizontalPodAutoscaler')) {
      if (hpa.deletedAt !== undefined || world.now - (hpa.createdAt ?? 0) < patienceMs) continue;
      const fault = ofTarget(hpa, world) ?? ofMetrics(hpa, world) ?? ofOneMetric(hpa, world);
      if (fault !== undefined)
        yield {
          object: hpa,
          severity: 'warning',
          docs,
          fix: [`kubectl describe hpa ${hpa.name} -n ${hpa.namespace ?? 'default'}`],
          ...fault,
        };
    }
  },
};

type Found = Pick<Fault, 'reason' | 'summary' | 'evidence'> & Partial<Fault>;

function ofTarget(hpa: WorldObject, world: World): Found | undefined {
  const target = targetOf(hpa, world);
  const able = statusCondition(hpa.body, 'AbleToScale');
  const what = `${target.kind} ${target.name}`;
  const evidence = [fieldEvidence('spec.scaleTargetRef', `${target.apiVersion} ${what}`)];
  if (target.found.type === 'missing') return missing(hpa, { target, evidence, world });
  if (able?.status !== 'False' || able.reason.startsWith('Backoff') || isNew(able, world)) return undefined;
  const told = [...evidence, conditionEvidence(able)];
  if (able.reason === 'FailedGetScale' && /no matches for|could not find the requested resource/.test(able.message))
    return {
      reason: 'TargetKindUnknown',
      summary: `there is no kind ${target.kind} of ${target.apiVersion} that can be scaled`,
      evidence: told,
      since: able.since,
    };
  if (able.reason === 'FailedGetScale' && /not found/.test(able.message)) return missing(hpa, { target, evidence: told, world });
  return { reason: 'CannotScale', summary: `it can not scale ${what}: ${saidBy(able)}`, evidence: told, since: able.since };
}

interface TargetScope {
  readonly target: ScaleTarget;
  readonly evidence: Fault['evidence'];
  readonly world: World;
}

function missing(hpa: WorldObject, { target, evidence, world }: TargetScope): Found {
  const near = nearestOf(
    target.name,
    world.inNamespace(target.kind, hpa.namespace).map(({ name }) => name),
  );
  return {
    reason: 'TargetMissing',
    summary: `the ${target.kind} ${target.name} that it is to scale does not exist${near === undefined ? '' : `: is ${near} meant?`}`,
    evidence,
    since: statusCondition(hpa.body, 'AbleToScale')?.since,
  };
}

function isNew({ since }: StatusCondition, world: World): boolean {
  return since !== undefined && world.now - since < patienceMs;
}

interface Cause {
  readonly reason: string;
  readonly matches: RegExp;
  readonly says: string;
  readonly isApi?: true;
  readonly isOfPods?: true;
}

/** What the controller says about metrics, by cause; the first that fits. */
const causes: readonly Cause[] = [
  {
    reason: 'MetricsApiMissing',
    matches: /could not find the requested resource|no (?:resource|custom|external) metrics API|no matches for|not registered/i,
    says: 'there is nobody who measures: the metrics API is not installed',
    isApi: true,
  },
  {
    reason: 'MetricsApiDown',
    matches: /unable to handle the request|service ?unavailable|connection refused|no endpoints|i\/o timeout|deadline exceeded|x509|EOF/i,
    says: 'the metrics API does not answer',
    isApi: true,
  },
  { reason: 'MetricsDenied', matches: /forbidden|unauthorized/i, says: 'the controller may not read the metrics' },
  {
    reason: 'NoMetricsOfPods',
    matches: /did not receive metrics|no metrics returned from resource metrics|no metrics to match/i,
    says: 'there are no metrics of its pods',
    isOfPods: true,
  },
  {
    reason: 'MetricNotFound',
    matches: /no metrics returned from|not found|no such metric|unable to get metric|unable to get external metric/i,
    says: 'nobody measures what it scales by',
  },
];

function ofMetrics(hpa: WorldObject, world: World): Found | undefined {
  const active = statusCondition(hpa.body, 'ScalingActive');
  // A target that is scaled to zero by hand is not scaled.
  if (active !== undefined && (active.status === 'True' || active.reason === 'ScalingDisabled' || isNew(active, world))) return undefined;
  const target = targetOf(hpa, world);
  const object = target.found.type === 'found' ? target.found.object : undefined;
  const lacking = object === undefined ? [] : missingRequests(hpa, object, world);
  const isTold = /missing request for/.test(active?.message ?? '');
  const cause = isTold ? undefined : causes.find(({ matches }) => matches.test(active?.message ?? ''));
  const evidence = active === undefined ? [] : [conditionEvidence(active)];
  const since = active?.since;
  // Where nobody measures at all, that comes first.
  const isLikely = cause?.isApi !== true && (active === undefined || /^FailedGet(?:Container)?Resource/.test(active.reason));
  if (isTold || (lacking.length > 0 && isLikely)) {
    const [, resource = lacking[0]?.resource ?? ''] = /missing request for (\w+)/.exec(active?.message ?? '') ?? [];
    const containers = lacking.map(({ container }) => container);
    return {
      reason: 'RequestsMissing',
      summary: `it measures ${resource} in percent of what the pods of ${target.kind} ${target.name} ask for, and ${containers.length === 0 ? 'a container of them asks' : `${containers.length === 1 ? 'container' : 'containers'} ${someOf(containers)} ${containers.length === 1 ? 'asks' : 'ask'}`} for none`,
      evidence: [
        ...evidence,
        ...lacking.map(({ container, resource: of }) =>
          fieldEvidence(`${target.kind.toLowerCase()}/${target.name} spec.containers[${container}].resources.requests.${of}`, 'not set'),
        ),
      ],
      since,
    };
  }
  if (active === undefined) return undefined;
  if (active.reason === 'AmbiguousSelector')
    return {
      reason: 'SharedPods',
      summary: `its pods are scaled by more than one autoscaler, so it does nothing: ${saidBy(active)}`,
      evidence,
      since,
      onlyUnexplained: true,
    };
  const pods = object === undefined ? [] : world.pods.bySelector(object);
  return {
    reason: cause?.reason ?? 'CannotComputeMetrics',
    summary: `it does not scale: ${cause === undefined ? saidBy(active) : `${cause.says}${cause.isApi === true ? ` (${groupOf(active)})` : ''}`}`,
    evidence,
    since,
    causedBy: [...(cause?.isApi === true ? apisOf(active) : []), ...(cause?.isOfPods === true ? pods.map(refOf) : [])],
    ...(cause?.isOfPods === true ? { onlyUnexplained: true } : {}),
  };
}

/** The API that serves the kind of metric. */
function groupOf({ reason, message }: StatusCondition): string {
  if (reason === 'FailedGetExternalMetric' || message.includes('external.metrics')) return 'external.metrics.k8s.io';
  const isCustom = /^FailedGet(?:Pods|Object)Metric$/.test(reason) || message.includes('custom.metrics');
  return isCustom ? 'custom.metrics.k8s.io' : 'metrics.k8s.io';
}

function apisOf(active: StatusCondition): NonNullable<Fault['causedBy']> {
  return ['v1', 'v1beta2', 'v1beta1'].map((version) => refTo('APIService', undefined, `${version}.${groupOf(active)}`));
}

const stillMs = 5 * minuteMs;
const lastingMs = 10 * minuteMs;

/** One of several metrics fails again and again while the others work. */
function ofOneMetric(hpa: WorldObject, world: World): Found | undefined {
  if (statusCondition(hpa.body, 'ScalingActive')?.status !== 'True') return undefined;
  const told = world
    .events(hpa)
    .filter(
      ({ reason, firstAt = world.now, lastAt = 0 }) =>
        /^FailedGet\w*Metric$/.test(reason) && world.now - lastAt < stillMs && lastAt - firstAt > lastingMs,
    )
    .at(-1);
  if (told === undefined) return undefined;
  return {
    reason: 'MetricUnavailable',
    summary: 'one of its metrics can not be had; it scales by the others, and not down',
    evidence: [eventEvidence(told)],
    since: told.firstAt,
  };
}
