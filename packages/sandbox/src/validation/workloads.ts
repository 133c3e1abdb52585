import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asNumber, at, isMap } from '../json.ts';
import { atMostAll, immutable, intOrPercent, isZero, nonNegative, selectorErrors, strategyForm, templateOf } from './common.ts';
import { templateErrors } from './pods.ts';
import { alwaysRestarts, emptySelector, isInvalidSelector, labelsMatch, selectorAndTemplate } from './templates.ts';

function rollingErrors(rolling: JsonMap, field: string): FieldError[] {
  return [
    ...intOrPercent(rolling.maxUnavailable, `${field}.maxUnavailable`),
    ...intOrPercent(rolling.maxSurge, `${field}.maxSurge`),
    ...(isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)
      ? [invalid(`${field}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...atMostAll(rolling.maxUnavailable, `${field}.maxUnavailable`),
  ];
}

/** Errors of a Deployment. */
export function deploymentErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const strategy = asMap(spec.strategy);
  const errors = [...nonNegative(spec.replicas, 'spec.replicas'), ...selectorAndTemplate(spec, 'deployment', templateOf(spec))];
  if (strategy.type === 'Recreate') {
    if (strategy.rollingUpdate !== undefined)
      errors.push(forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"));
  } else if (strategy.type === 'RollingUpdate') errors.push(...rollingErrors(asMap(strategy.rollingUpdate), 'spec.strategy.rollingUpdate'));
  else errors.push(unsupported('spec.strategy', strategyForm(strategy), ['Recreate', 'RollingUpdate']));
  errors.push(
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...nonNegative(spec.progressDeadlineSeconds, 'spec.progressDeadlineSeconds'),
  );
  if (typeof spec.progressDeadlineSeconds === 'number' && spec.progressDeadlineSeconds <= asNumber(spec.minReadySeconds)) {
    errors.push(invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  }
  if (old) errors.push(...immutable(spec.selector, specOf(old).selector, 'spec.selector'));
  return errors;
}

/** Errors of the status of a Deployment. */
export function deploymentStatusErrors(object: KubeObject): FieldError[] {
  const status = asMap(object.status);
  const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'terminatingReplicas'];
  const above = (name: string, limit: string, detail: string): FieldError[] =>
    asNumber(status[name]) > asNumber(status[limit]) ? [invalid(`status.${name}`, asNumber(status[name]), detail)] : [];
  return [
    ...['observedGeneration', ...counts, 'collisionCount'].flatMap((name) => nonNegative(status[name], `status.${name}`)),
    ...['updatedReplicas', 'readyReplicas', 'availableReplicas'].flatMap((name) =>
      above(name, 'replicas', 'cannot be greater than status.replicas'),
    ),
    ...above('availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'),
  ];
}

/** Errors of a ReplicaSet. */
export function replicaSetErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  return [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...selectorAndTemplate(spec, 'deployment', templateOf(spec)),
    ...(old ? immutable(spec.selector, specOf(old).selector, 'spec.selector') : []),
  ];
}

/** Errors of a ReplicationController. */
export function replicationControllerErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors = nonNegative(spec.replicas, 'spec.replicas');
  const selector = asMap(spec.selector);
  if (Object.keys(selector).length === 0) errors.push(required('spec.selector'));
  if (!isMap(spec.template)) return [...errors, required('spec.template')];
  const labels = at(spec.template, 'metadata', 'labels');
  if (Object.keys(selector).some((key) => at(labels, key) !== selector[key]))
    errors.push(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  return [...errors, ...templateErrors(spec.template, 'spec.template'), ...alwaysRestarts(spec, 'ReplicationController')];
}

function daemonStrategyErrors(strategy: JsonMap): FieldError[] {
  if (strategy.type === 'OnDelete') return [];
  if (strategy.type !== 'RollingUpdate') return [unsupported('spec.updateStrategy', strategyForm(strategy), ['RollingUpdate', 'OnDelete'])];
  const { maxUnavailable, maxSurge } = asMap(strategy.rollingUpdate);
  const field = 'spec.updateStrategy.rollingUpdate';
  const errors = [
    ...intOrPercent(maxUnavailable, `${field}.maxUnavailable`),
    ...intOrPercent(maxSurge, `${field}.maxSurge`),
    ...atMostAll(maxUnavailable, `${field}.maxUnavailable`),
    ...atMostAll(maxSurge, `${field}.maxSurge`),
  ];
  if (!isZero(maxUnavailable) && !isZero(maxSurge))
    errors.push(invalid(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (isZero(maxUnavailable) && isZero(maxSurge)) errors.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

/** Errors of a DaemonSet. */
export function daemonSetErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  return [
    ...selectorErrors(spec.selector, 'spec.selector'),
    ...(isInvalidSelector(spec.selector) ? [] : labelsMatch(spec)),
    ...emptySelector(spec, 'daemonset'),
    ...templateErrors(templateOf(spec), 'spec.template'),
    ...alwaysRestarts(spec, 'DaemonSet'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...daemonStrategyErrors(asMap(spec.updateStrategy)),
    ...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...(old ? immutable(spec.selector, specOf(old).selector, 'spec.selector') : []),
  ];
}
