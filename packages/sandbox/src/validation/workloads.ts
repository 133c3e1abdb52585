import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import { matchesSelector } from '../api/selectors.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText, at, equal, isMap } from '../json.ts';
import { immutable, intOrPercent, isEmptySelector, nonNegative, selectorErrors, templateOf } from './common.ts';
import { scheduleError } from './cron.ts';
import { templateErrors } from './pods.ts';
import { asStringMap } from './string-map.ts';

function selectorAndTemplate(spec: JsonMap, kind: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!isMap(spec.selector)) errors.push(required('spec.selector'));
  else {
    errors.push(...selectorErrors(spec.selector, 'spec.selector'));
    if (isEmptySelector(spec.selector)) errors.push(invalid('spec.selector', spec.selector, `empty selector is invalid for ${kind}`));
  }
  const labels = at(templateOf(spec), 'metadata', 'labels');
  if (isMap(spec.selector) && !isEmptySelector(spec.selector) && !matchesSelector(asStringMap(labels), spec.selector)) {
    errors.push(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  return errors;
}

function alwaysRestarts(spec: JsonMap): FieldError[] {
  const policy = at(templateOf(spec), 'spec', 'restartPolicy');
  return policy === 'Always' ? [] : [unsupported('spec.template.spec.restartPolicy', policy, ['Always'])];
}

const isZero = (value: Json | undefined): boolean => value === 0 || value === '0%';

function rollingErrors(rolling: JsonMap, field: string): FieldError[] {
  return [
    ...intOrPercent(rolling.maxUnavailable, `${field}.maxUnavailable`),
    ...intOrPercent(rolling.maxSurge, `${field}.maxSurge`),
    ...(isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)
      ? [invalid(`${field}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
  ];
}

/** Errors of a Deployment. */
export function deploymentErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const strategy = asMap(spec.strategy);
  const errors = [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...selectorAndTemplate(spec, 'deployment'),
    ...templateErrors(templateOf(spec), 'spec.template'),
    ...alwaysRestarts(spec),
  ];
  if (strategy.type === 'Recreate') {
    if (strategy.rollingUpdate !== undefined)
      errors.push(forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"));
  } else if (strategy.type === 'RollingUpdate') errors.push(...rollingErrors(asMap(strategy.rollingUpdate), 'spec.strategy.rollingUpdate'));
  else errors.push(unsupported('spec.strategy', strategy, ['Recreate', 'RollingUpdate']));
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

/** Errors of a ReplicaSet. */
export function replicaSetErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  return [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...selectorAndTemplate(spec, 'deployment'),
    ...templateErrors(templateOf(spec), 'spec.template'),
    ...alwaysRestarts(spec),
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
  return [...errors, ...templateErrors(spec.template, 'spec.template'), ...alwaysRestarts(spec)];
}

/** The template with a volume for each claim template: pods get them under those names. */
function withClaims(spec: JsonMap): JsonMap {
  const template = templateOf(spec);
  const claims = asMaps(spec.volumeClaimTemplates).map((claim): JsonMap => ({
    name: at(claim, 'metadata', 'name') ?? '',
    persistentVolumeClaim: { claimName: at(claim, 'metadata', 'name') ?? '' },
  }));
  const own = asMaps(at(template, 'spec', 'volumes')).filter(({ name }) => !claims.some((claim) => claim.name === name));
  return claims.length === 0 ? template : { ...template, spec: { ...asMap(template.spec), volumes: [...own, ...claims] } };
}

const changeable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
];

/** Errors of a StatefulSet. */
export function statefulSetErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const errors = [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...selectorAndTemplate(spec, 'statefulset'),
    ...templateErrors(withClaims(spec), 'spec.template'),
    ...alwaysRestarts(spec),
  ];
  if (!old) return errors;
  const fixed = (value: JsonMap): JsonMap => Object.fromEntries(Object.entries(value).filter(([key]) => !changeable.includes(key)));
  if (!equal(fixed(spec), fixed(specOf(old)))) {
    errors.push(
      forbiddenField(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    );
  }
  return errors;
}

/** Errors of a DaemonSet. */
export function daemonSetErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const errors = [...selectorAndTemplate(spec, 'daemonset'), ...templateErrors(templateOf(spec), 'spec.template'), ...alwaysRestarts(spec)];
  errors.push(
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  );
  if (at(spec, 'updateStrategy', 'type') === 'RollingUpdate')
    errors.push(...rollingErrors(asMap(at(spec, 'updateStrategy', 'rollingUpdate')), 'spec.updateStrategy.rollingUpdate'));
  return [...errors, ...(old ? immutable(spec.selector, specOf(old).selector, 'spec.selector') : [])];
}

function jobSpecErrors(spec: JsonMap, field: string): FieldError[] {
  const policy = at(templateOf(spec), 'spec', 'restartPolicy');
  const errors = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'].flatMap((name) =>
    nonNegative(spec[name], `${field}.${name}`),
  );
  errors.push(...templateErrors(templateOf(spec), `${field}.template`));
  if (policy === 'Always')
    errors.push({
      reason: 'FieldValueRequired',
      field: `${field}.template.spec.restartPolicy`,
      message: 'Required value: valid values: "OnFailure", "Never"',
    });
  else if (policy !== 'OnFailure' && policy !== 'Never')
    errors.push(unsupported(`${field}.template.spec.restartPolicy`, policy, ['OnFailure', 'Never']));
  return errors;
}

/** Errors of a Job. */
export function jobErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const errors = jobSpecErrors(spec, 'spec');
  if (!old) return errors;
  const before = specOf(old);
  errors.push(...immutable(spec.selector, before.selector, 'spec.selector'));
  if (spec.completionMode !== 'Indexed') errors.push(...immutable(spec.completions, before.completions, 'spec.completions'));
  errors.push(...immutable(spec.completionMode, before.completionMode, 'spec.completionMode'));
  if (!(before.suspend === true && at(old, 'status', 'startTime') === undefined))
    errors.push(...immutable(spec.template, before.template, 'spec.template'));
  return errors;
}

/** Errors of a CronJob. */
export function cronJobErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const name = object.metadata.name ?? '';
  const schedule = asText(spec.schedule);
  const errors: FieldError[] = [];
  if (schedule === '') errors.push(required('spec.schedule'));
  else {
    const problem = scheduleError(schedule);
    if (problem) errors.push(invalid('spec.schedule', schedule, problem));
  }
  errors.push(...nonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  if (!['Allow', 'Forbid', 'Replace'].includes(asText(spec.concurrencyPolicy)))
    errors.push(unsupported('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']));
  errors.push(...jobSpecErrors(asMap(at(spec, 'jobTemplate', 'spec')), 'spec.jobTemplate.spec'));
  if (name.length > 52) errors.push(invalid('metadata.name', name, 'must be no more than 52 characters'));
  return errors;
}
