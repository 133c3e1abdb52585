import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, tooLong, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, equal } from '../json.ts';
import { jsonProblem } from '../json-error.ts';
import { immutable } from './common.ts';
import { configKeyErrors } from './names.ts';

const maxBytes = 1024 * 1024;

function dataErrors(data: JsonMap, field: string): FieldError[] {
  return Object.keys(data).flatMap((key) => configKeyErrors(key).map((error) => invalid(`${field}[${key}]`, key, error)));
}

function frozen(object: KubeObject, old: KubeObject | undefined, fields: readonly string[]): FieldError[] {
  if (old?.immutable !== true) return [];
  const errors: FieldError[] = [];
  if (object.immutable !== true) errors.push(forbiddenField('immutable', 'field is immutable when `immutable` is set'));
  for (const field of fields)
    if (!equal(object[field], old[field])) errors.push(forbiddenField(field, 'field is immutable when `immutable` is set'));
  return errors;
}

/** Errors of a ConfigMap. */
export function configMapErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const [data, binary] = [asMap(object.data), asMap(object.binaryData)];
  const errors = [...frozen(object, old, ['data', 'binaryData']), ...dataErrors(data, 'data'), ...dataErrors(binary, 'binaryData')];
  for (const key of Object.keys(data))
    if (key in binary) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  const size = Object.values(data).reduce<number>((sum, value) => sum + asText(value).length, 0);
  if (size > maxBytes) errors.push(tooLong('', maxBytes));
  return errors;
}

const requiredKeys = new Map([
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/dockercfg', ['.dockercfg']],
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
]);

/** Errors of a Secret. */
export function secretErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const data = asMap(object.data);
  const type = asText(object.type);
  const errors = [...(old ? immutable(object.type, old.type, 'type') : []), ...frozen(object, old, ['data']), ...dataErrors(data, 'data')];
  for (const key of requiredKeys.get(type) ?? []) if (data[key] === undefined) errors.push(required(`data[${key}]`));
  const configuration = requiredKeys.get(type)?.find((key) => key.startsWith('.docker'));
  const problem =
    configuration !== undefined && data[configuration] !== undefined
      ? jsonProblem(Buffer.from(asText(data[configuration]), 'base64').toString())
      : undefined;
  if (problem !== undefined) errors.push(invalid(`data[${configuration}]`, '<secret contents redacted>', problem));
  if (type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined)
    errors.push(required('data[username]'), required('data[password]'));
  if (type === 'kubernetes.io/service-account-token' && !object.metadata.annotations?.['kubernetes.io/service-account.name'])
    errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  return errors;
}

/** Errors of Roles and ClusterRoles. */
export function roleErrors(object: KubeObject): FieldError[] {
  return asMaps(object.rules).flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const errors: FieldError[] = [];
    if (asList(rule.verbs).length === 0) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    if (asList(rule.nonResourceURLs).length > 0) {
      if (object.kind === 'Role')
        errors.push(invalid(`${path}.nonResourceURLs`, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
      if (asList(rule.resources).length > 0)
        errors.push(
          invalid(`${path}.nonResourceURLs`, rule.nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'),
        );
      return errors;
    }
    if (asList(rule.apiGroups).length === 0)
      errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    if (asList(rule.resources).length === 0) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
    return errors;
  });
}

/** Errors of RoleBindings and ClusterRoleBindings. */
export function bindingErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const role = asMap(object.roleRef);
  const kinds = object.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const errors: FieldError[] = [];
  if (role.apiGroup !== undefined && role.apiGroup !== 'rbac.authorization.k8s.io')
    errors.push(unsupported('roleRef.apiGroup', role.apiGroup, ['rbac.authorization.k8s.io']));
  if (!kinds.includes(asText(role.kind))) errors.push(unsupported('roleRef.kind', role.kind ?? '', kinds));
  if (asText(role.name) === '') errors.push(required('roleRef.name'));
  for (const [index, subject] of asMaps(object.subjects).entries()) {
    const path = `subjects[${index}]`;
    if (asText(subject.name) === '') errors.push(required(`${path}.name`));
    if (!['ServiceAccount', 'User', 'Group'].includes(asText(subject.kind)))
      errors.push(unsupported(`${path}.kind`, subject.kind, ['ServiceAccount', 'User', 'Group']));
    if (subject.kind === 'ServiceAccount' && object.kind === 'ClusterRoleBinding' && asText(subject.namespace) === '')
      errors.push(required(`${path}.namespace`));
  }
  if (old && !equal(object.roleRef, old.roleRef))
    errors.push(
      invalid('roleRef', { APIGroup: asText(role.apiGroup), Kind: asText(role.kind), Name: asText(role.name) }, 'cannot change roleRef'),
    );
  return errors;
}
