import type { KubeObject } from '../api/object.ts';
import { controllerOf, specOf, statusOf } from '../api/object.ts';
import type { Json } from '../json.ts';
import { asList, asNumber, asText, at, asMap, asMaps } from '../json.ts';
import { age, condition, containerCells, humanDuration, labelSelectorText, labelsText, orElse, since } from './format.ts';

const template = (object: KubeObject): Json | undefined => at(object, 'spec', 'template', 'spec', 'containers');
const name = (object: KubeObject): string => object.metadata.name ?? '';

/** Deployments. */
export function deploymentCells(object: KubeObject, now: number): Json[] {
  const status = statusOf(object);
  return [
    name(object),
    `${asNumber(status.readyReplicas)}/${asNumber(specOf(object).replicas)}`,
    asNumber(status.updatedReplicas),
    asNumber(status.availableReplicas),
    age(object, now),
    ...containerCells(template(object)),
    labelSelectorText(specOf(object).selector),
  ];
}

/** ReplicaSets. */
export function replicaSetCells(object: KubeObject, now: number): Json[] {
  const status = statusOf(object);
  return [
    name(object),
    asNumber(specOf(object).replicas),
    asNumber(status.replicas),
    asNumber(status.readyReplicas),
    age(object, now),
    ...containerCells(template(object)),
    object.kind === 'ReplicationController' ? labelsText(specOf(object).selector) : labelSelectorText(specOf(object).selector),
  ];
}

/** StatefulSets. */
export function statefulSetCells(object: KubeObject, now: number): Json[] {
  return [
    name(object),
    `${asNumber(statusOf(object).readyReplicas)}/${asNumber(specOf(object).replicas)}`,
    age(object, now),
    ...containerCells(template(object)),
  ];
}

/** DaemonSets. */
export function daemonSetCells(object: KubeObject, now: number): Json[] {
  const status = statusOf(object);
  return [
    name(object),
    asNumber(status.desiredNumberScheduled),
    asNumber(status.currentNumberScheduled),
    asNumber(status.numberReady),
    asNumber(status.updatedNumberScheduled),
    asNumber(status.numberAvailable),
    labelsText(at(object, 'spec', 'template', 'spec', 'nodeSelector')),
    age(object, now),
    ...containerCells(template(object)),
    labelSelectorText(specOf(object).selector),
  ];
}

function jobStatus(object: KubeObject): string {
  const is = (type: string): boolean => condition(object, type)?.status === 'True';
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (object.metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(is) ?? 'Running';
}

/** Jobs. */
export function jobCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const succeeded = asNumber(status.succeeded);
  const parallelism = asNumber(spec.parallelism);
  const completions =
    typeof spec.completions === 'number'
      ? `${succeeded}/${spec.completions}`
      : parallelism > 1
        ? `${succeeded}/1 of ${parallelism}`
        : `${succeeded}/1`;
  const start = asText(status.startTime);
  const end = asText(status.completionTime);
  const duration = start === '' ? '' : humanDuration((end === '' ? now : Date.parse(end)) - Date.parse(start));
  return [
    name(object),
    jobStatus(object),
    completions,
    duration,
    age(object, now),
    ...containerCells(template(object)),
    labelSelectorText(spec.selector),
  ];
}

/** CronJobs. */
export function cronJobCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const status = statusOf(object);
  return [
    name(object),
    asText(spec.schedule),
    orElse(spec.timeZone, '<none>'),
    spec.suspend === undefined ? '<unset>' : spec.suspend === true ? 'True' : 'False',
    asList(status.active).length,
    status.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>',
    age(object, now),
    ...containerCells(at(spec, 'jobTemplate', 'spec', 'template', 'spec', 'containers')),
    labelSelectorText(at(spec, 'jobTemplate', 'spec', 'selector')),
  ];
}

/** ControllerRevisions. */
export function controllerRevisionCells(object: KubeObject, now: number): Json[] {
  const owner = controllerOf(object);
  const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return [
    name(object),
    owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>',
    asNumber(object.revision),
    age(object, now),
  ];
}

function metricText(spec: Json, status: Json | undefined): string {
  const source =
    { Resource: 'resource', ContainerResource: 'containerResource', Pods: 'pods', Object: 'object', External: 'external' }[
      asText(at(spec, 'type'))
    ] ?? '';
  const target = at(spec, source, 'target');
  const current = at(status, source, 'current');
  const label = source === 'resource' || source === 'containerResource' ? `${asText(at(spec, source, 'name'))}: ` : '';
  const average = at(target, 'averageValue');
  if (average !== undefined)
    return `${label}${orElse(at(current, 'averageValue'), '<unknown>')}/${asText(average)}${label === '' && source !== 'pods' ? ' (avg)' : ''}`;
  if (label === '') return `${orElse(at(current, 'value'), '<unknown>')}/${asText(at(target, 'value'))}`;
  const used = at(current, 'averageUtilization');
  const wanted = at(target, 'averageUtilization');
  return `${label}${used === undefined ? '<unknown>' : `${asNumber(used)}%`}/${wanted === undefined ? '<auto>' : `${asNumber(wanted)}%`}`;
}

/** HorizontalPodAutoscalers. */
export function autoscalerCells(object: KubeObject, now: number): Json[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const metrics = asMaps(spec.metrics);
  const texts = metrics.map((metric, index) => metricText(metric, asList(status.currentMetrics)[index]));
  const more = texts.length > 2 ? ` + ${texts.length - 2} more...` : '';
  const target = asMap(spec.scaleTargetRef);
  return [
    name(object),
    `${asText(target.kind)}/${asText(target.name)}`,
    texts.length === 0 ? '<none>' : `${texts.slice(0, 2).join(', ')}${more}`,
    spec.minReplicas === undefined ? '<unset>' : String(asNumber(spec.minReplicas)),
    asNumber(spec.maxReplicas),
    asNumber(status.currentReplicas),
    age(object, now),
  ];
}
