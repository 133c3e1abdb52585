import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import { matchesSelector } from '../api/selectors.ts';
import type { Json, JsonMap } from '../json.ts';
import { at, isMap } from '../json.ts';
import { isEmptySelector, selectorErrors, templateOf } from './common.ts';
import { templateErrors } from './pods.ts';
import { asStringMap } from './string-map.ts';

/** Errors of a template whose pods must always run again, and of what such a template may not say. */
export function alwaysRestarts(spec: JsonMap, kind: string): FieldError[] {
  const pod = at(templateOf(spec), 'spec');
  const policy = at(pod, 'restartPolicy');
  return [
    ...(policy === 'Always' ? [] : [unsupported('spec.template.spec.restartPolicy', policy, ['Always'])]),
    ...(at(pod, 'activeDeadlineSeconds') === undefined || kind === 'ReplicationController'
      ? []
      : [forbiddenField('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`)]),
  ];
}

/** Errors of a selector that says nothing. */
export function emptySelector(spec: JsonMap, kind: string): FieldError[] {
  if (!isMap(spec.selector) || !isEmptySelector(spec.selector)) return [];
  return [invalid('spec.selector', spec.selector, `empty selector is invalid for ${kind}`)];
}

/** Whether a selector can't be read at all. */
export function isInvalidSelector(selector: Json | undefined): boolean {
  return selectorErrors(selector, '').length > 0;
}

/** Errors of labels that the selector doesn't choose; no selector chooses none, an empty one all. */
export function labelsMatch(spec: JsonMap): FieldError[] {
  const labels = at(templateOf(spec), 'metadata', 'labels');
  if (isMap(spec.selector) && (isEmptySelector(spec.selector) || matchesSelector(asStringMap(labels), spec.selector))) return [];
  return [invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

const kinds = new Map([
  ['deployment', { kind: 'ReplicaSet', unreadable: 'invalid label selector' }],
  ['statefulset', { kind: 'StatefulSet', unreadable: '' }],
]);

/** Errors of a selector and the template it must choose. */
export function selectorAndTemplate(spec: JsonMap, of: string, template: JsonMap): FieldError[] {
  const { kind, unreadable } = kinds.get(of) ?? { kind: of, unreadable: '' };
  const errors = isMap(spec.selector) ? selectorErrors(spec.selector, 'spec.selector') : [required('spec.selector')];
  errors.push(...emptySelector(spec, of));
  if (isInvalidSelector(spec.selector)) return [...errors, invalid('spec.selector', spec.selector, unreadable)];
  return [...errors, ...labelsMatch(spec), ...templateErrors(template, 'spec.template'), ...alwaysRestarts(spec, kind)];
}
