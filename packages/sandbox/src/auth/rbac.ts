import { ApiError, forbidden } from '../api/errors.ts';
import type { Engine } from '../api/engine.ts';
import type { KubeObject } from '../api/object.ts';
import type { User } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText } from '../json.ts';

/** What somebody wants to do. */
export interface Attributes {
  readonly verb: string;
  readonly isResource: boolean;
  readonly path: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whether it is allowed, and by what. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** A rule with the binding that gives it. */
export interface GivenRule {
  readonly rule: JsonMap;
  readonly reason: string;
}

const clusterRoles = 'clusterroles.rbac.authorization.k8s.io';
const roles = 'roles.rbac.authorization.k8s.io';

/** All rules that a user has in a namespace ("" for the cluster's). */
export function rulesOf(engine: Engine, user: User, namespace: string): GivenRule[] {
  const given: GivenRule[] = [];
  const add = (binding: KubeObject, kind: string): void => {
    const subject = asMaps(binding.subjects).find((entry) => isSubject(entry, user, binding.metadata.namespace ?? ''));
    if (!subject) return;
    const reference = asMap(binding.roleRef);
    const role =
      reference.kind === 'ClusterRole'
        ? engine.find(clusterRoles, asText(reference.name))
        : engine.find(roles, asText(reference.name), binding.metadata.namespace);
    const bindingName = binding.metadata.namespace
      ? `${binding.metadata.name ?? ''}/${binding.metadata.namespace}`
      : (binding.metadata.name ?? '');
    const subjectName = subject.kind === 'ServiceAccount' ? `${asText(subject.name)}/${asText(subject.namespace)}` : asText(subject.name);
    const reason = `RBAC: allowed by ${kind} "${bindingName}" of ${asText(reference.kind)} "${asText(reference.name)}" to ${asText(subject.kind)} "${subjectName}"`;
    for (const rule of asMaps(role?.rules)) given.push({ rule, reason });
  };
  for (const binding of engine.list('clusterrolebindings.rbac.authorization.k8s.io')) add(binding, 'ClusterRoleBinding');
  if (namespace !== '')
    for (const binding of engine.list('rolebindings.rbac.authorization.k8s.io', { namespace })) add(binding, 'RoleBinding');
  return given;
}

function isSubject(subject: JsonMap, user: User, namespace: string): boolean {
  const name = asText(subject.name);
  switch (subject.kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${asText(subject.namespace) || namespace}:${name}`;
    default:
      return false;
  }
}

const has = (list: JsonMap[string], value: string): boolean => {
  const texts = asList(list);
  return texts.includes('*') || texts.includes(value);
};

/** Whether a rule covers what somebody wants to do. */
export function covers(rule: JsonMap, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (!attributes.isResource) {
    return asList(rule.nonResourceURLs).some((pattern) => {
      const text = asText(pattern);
      return text === '*' || text === attributes.path || (text.endsWith('*') && attributes.path.startsWith(text.slice(0, -1)));
    });
  }
  if (!has(rule.apiGroups, attributes.group)) return false;
  const names = asList(rule.resourceNames);
  if (names.length > 0 && !names.includes(attributes.name)) return false;
  const { resource, subresource } = attributes;
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`;
  const resources = asList(rule.resources);
  return resources.includes('*') || resources.includes(wanted) || (subresource !== '' && resources.includes(`*/${subresource}`));
}

/** Decides; members of system:masters may do everything. */
export function authorize(engine: Engine, user: User, attributes: Attributes): Decision {
  if (user.groups.includes('system:masters')) return { allowed: true, reason: '' };
  const found = rulesOf(engine, user, attributes.isResource ? attributes.namespace : '').find(({ rule }) => covers(rule, attributes));
  return { allowed: found !== undefined, reason: found?.reason ?? '' };
}

/** What a refusal says. */
export function denialText(user: User, attributes: Attributes): string {
  if (!attributes.isResource) return `User ${JSON.stringify(user.name)} cannot ${attributes.verb} path ${JSON.stringify(attributes.path)}`;
  const resource = attributes.subresource === '' ? attributes.resource : `${attributes.resource}/${attributes.subresource}`;
  const scope = attributes.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(attributes.namespace)}`;
  return `User ${JSON.stringify(user.name)} cannot ${attributes.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(attributes.group)} ${scope}`;
}

/** 403 for what is not allowed. */
export function denied(user: User, attributes: Attributes): ApiError {
  const text = denialText(user, attributes);
  if (!attributes.isResource) return new ApiError(403, 'Forbidden', `forbidden: ${text}`, {});
  return forbidden({ group: attributes.group, resource: attributes.resource }, attributes.name, text);
}
