import type { FieldError } from '../api/field-errors.ts';
import { invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import { matchesSelector } from '../api/selectors.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asMaps, asText, at, isMap } from '../json.ts';
import { immutable, nonNegative, selectorErrors, templateOf } from './common.ts';
import { scheduleError } from './cron.ts';
import { templateErrors } from './pods.ts';
import { isInvalidSelector, labelsMatch } from './templates.ts';

function jobSpecErrors(spec: JsonMap, field: string): FieldError[] {
  const policy = at(templateOf(spec), 'spec', 'restartPolicy');
  const errors = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'].flatMap((name) =>
    nonNegative(spec[name], `${field}.${name}`),
  );
  errors.push(...nonNegative(spec.backoffLimitPerIndex, `${field}.backoffLimitPerIndex`));
  const mode = spec.completionMode;
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== 'Indexed')
    errors.push(unsupported(`${field}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  if (mode === 'Indexed' && spec.completions === undefined)
    errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
  if (mode === undefined || mode === 'NonIndexed')
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'])
      if (spec[name] !== undefined) errors.push(invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode'));
  errors.push(...templateErrors(templateOf(spec), `${field}.template`));
  if (policy === 'Always')
    errors.push({
      reason: 'FieldValueRequired',
      field: `${field}.template.spec.restartPolicy`,
      message: 'Required value: valid values: "OnFailure", "Never"',
    });
  else if (policy !== 'OnFailure' && policy !== 'Never')
    errors.push(unsupported(`${field}.template.spec.restartPolicy`, policy, ['OnFailure', 'Never']));
  else if (spec.podFailurePolicy !== undefined && policy !== 'Never')
    errors.push(invalid(`${field}.template.spec.restartPolicy`, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  return errors;
}

/** Errors of a selector that the server made and a request changed. */
function generatedSelectorErrors(object: KubeObject): FieldError[] {
  const { selector, manualSelector } = specOf(object);
  if (manualSelector === true || !isMap(selector)) return [];
  const { uid = '', name = '' } = object.metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const given = at(specOf(object), 'template', 'metadata', 'labels');
  const errors = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'].flatMap((key) => {
    const field = `spec.template.metadata.labels[${key}]`;
    const expected = at(labels, key);
    if (at(given, key) === undefined) return [required(field, `must be '${asText(expected)}'`)];
    return at(given, key) === expected ? [] : [invalid(field, given, `must be '${asText(expected)}'`)];
  });
  if (!isInvalidSelector(selector) && !matchesSelector(labels, selector))
    errors.push(invalid('spec.selector', selector, '`selector` not auto-generated'));
  return errors;
}

/** What of a template stays fixed even while its job is suspended. */
function startable(template: Json | undefined): JsonMap {
  const { affinity: _a, nodeSelector: _n, tolerations: _t, schedulingGates: _s, ...fixed } = asMap(at(template, 'spec'));
  for (const part of ['containers', 'initContainers'])
    if (Array.isArray(fixed[part])) fixed[part] = asMaps(fixed[part]).map(({ resources: _r, ...container }) => container);
  return fixed;
}

/** Errors of a Job. */
export function jobErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const errors = [...generatedSelectorErrors(object), ...jobSpecErrors(spec, 'spec')];
  errors.push(...(isMap(spec.selector) ? selectorErrors(spec.selector, 'spec.selector') : [required('spec.selector')]));
  if (!isInvalidSelector(spec.selector)) errors.push(...labelsMatch(spec));
  if (!old) return errors;
  const before = specOf(old);
  errors.push(...immutable(spec.selector, before.selector, 'spec.selector'));
  if (spec.completionMode !== 'Indexed') errors.push(...immutable(spec.completions, before.completions, 'spec.completions'));
  errors.push(...immutable(spec.completionMode, before.completionMode, 'spec.completionMode'));
  if (!(before.suspend === true && at(old, 'status', 'startTime') === undefined))
    errors.push(...immutable(spec.template, before.template, 'spec.template'));
  else errors.push(...immutable(startable(spec.template), startable(before.template), 'spec.template.spec'));
  return errors;
}

function timeZoneErrors(zone: Json | undefined): FieldError[] {
  if (typeof zone !== 'string') return [];
  if (zone === '') return [invalid('spec.timeZone', zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local')
    return [invalid('spec.timeZone', zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')];
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [invalid('spec.timeZone', zone, `unknown time zone ${zone}`)];
  }
}

function jobTemplateErrors(spec: JsonMap): FieldError[] {
  const field = 'spec.jobTemplate.spec';
  return [
    ...jobSpecErrors(spec, field),
    ...(spec.selector === undefined ? [] : [invalid(`${field}.selector`, spec.selector, '`selector` will be auto-generated')]),
    ...(spec.manualSelector === true ? [unsupported(`${field}.manualSelector`, true, ['nil', 'false'])] : []),
  ];
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
  errors.push(...timeZoneErrors(spec.timeZone), ...nonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  if (!['Allow', 'Forbid', 'Replace'].includes(asText(spec.concurrencyPolicy)))
    errors.push(unsupported('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']));
  errors.push(...jobTemplateErrors(asMap(at(spec, 'jobTemplate', 'spec'))));
  for (const limit of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) errors.push(...nonNegative(spec[limit], `spec.${limit}`));
  if (name.length > 52) errors.push(invalid('metadata.name', name, 'must be no more than 52 characters'));
  return errors;
}
