import { forbidden } from '../api/errors.ts';
import type { Engine } from '../api/engine.ts';
import type { KubeObject } from '../api/object.ts';
import type { AdmissionPlugin, AdmissionRequest, User } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, equal } from '../json.ts';
import { authorize, rulesOf } from './rbac.ts';

const group = 'rbac.authorization.k8s.io';
const roles = new Set([`roles.${group}`, `clusterroles.${group}`]);
const bindings = new Set([`rolebindings.${group}`, `clusterrolebindings.${group}`]);

/** Nobody gives away rights that he does not have: neither in a role, nor by binding one. */
export function preventEscalation(engine: () => Engine): AdmissionPlugin {
  return {
    name: 'RBACEscalation',
    validate(request) {
      if (request.operation === 'delete' || request.user.groups.includes('system:masters')) return;
      if (roles.has(request.resource.storage) && !equal(request.object.rules, request.old?.rules)) {
        if (!mayDo(engine(), request, 'escalate', request.name)) demand(engine(), request, asMaps(request.object.rules));
      }
      if (bindings.has(request.resource.storage) && !(request.old && equal(request.object.subjects, request.old.subjects)))
        checkBinding(engine(), request);
    },
  };
}

function mayDo(engine: Engine, { user, resource, namespace }: AdmissionRequest, verb: string, name: string): boolean {
  return authorize(engine, user, { verb, isResource: true, path: '', group, resource: resource.resource, subresource: '', namespace, name })
    .allowed;
}

function checkBinding(engine: Engine, request: AdmissionRequest): void {
  const reference = asMap(request.object.roleRef);
  const cluster = reference.kind === 'ClusterRole';
  const name = asText(reference.name);
  const attributes = {
    verb: 'bind',
    isResource: true,
    path: '',
    group,
    resource: cluster ? 'clusterroles' : 'roles',
    subresource: '',
    namespace: request.namespace,
    name,
  };
  if (authorize(engine, request.user, attributes).allowed) return;
  const role: KubeObject | undefined = cluster
    ? engine.find(`clusterroles.${group}`, name)
    : engine.find(`roles.${group}`, name, request.namespace);
  if (!role)
    throw forbidden(
      request.resource,
      request.name,
      `role ${JSON.stringify(name)} is not there, and without the right to bind it nobody may refer to it`,
    );
  demand(engine, request, asMaps(role.rules));
}

/** One right: a single verb on a single resource or path. */
interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly path: string;
}

function rightsOf(rule: JsonMap): Right[] {
  const texts = (field: string): string[] => asList(rule[field]).map(asText);
  const names = texts('resourceNames');
  return texts('verbs').flatMap((verb) => [
    ...texts('nonResourceURLs').map((path): Right => ({ verb, group: '', resource: '', name: '', path })),
    ...texts('apiGroups').flatMap((apiGroup) =>
      texts('resources').flatMap((resource) =>
        (names.length > 0 ? names : ['']).map((name): Right => ({ verb, group: apiGroup, resource, name, path: '' })),
      ),
    ),
  ]);
}

function covers(rule: JsonMap, right: Right): boolean {
  const has = (field: string, value: string): boolean => {
    const list = asList(rule[field]);
    return list.includes('*') || list.includes(value);
  };
  if (!has('verbs', right.verb)) return false;
  if (right.path !== '')
    return asList(rule.nonResourceURLs).some(
      (url) => url === '*' || url === right.path || (asText(url).endsWith('*') && right.path.startsWith(asText(url).slice(0, -1))),
    );
  if (!has('apiGroups', right.group)) return false;
  const names = asList(rule.resourceNames);
  if (names.length > 0 && !names.includes(right.name)) return false;
  const [, subresource] = right.resource.split('/');
  return has('resources', right.resource) || (subresource !== undefined && asList(rule.resources).includes(`*/${subresource}`));
}

function demand(engine: Engine, request: AdmissionRequest, wanted: readonly JsonMap[]): void {
  const own = rulesOf(engine, request.user, request.namespace).map(({ rule }) => rule);
  const missing = wanted.filter((rule) => rightsOf(rule).some((right) => !own.some((given) => covers(given, right))));
  if (missing.length === 0) return;
  throw forbidden(
    request.resource,
    request.name,
    `${who(request.user)} is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`,
  );
}

function who({ name, groups }: User): string {
  return `user ${JSON.stringify(name)} (groups=[${groups.map((entry) => JSON.stringify(entry)).join(' ')}])`;
}

function ruleText(rule: JsonMap): string {
  const list = (field: string): string =>
    `[${asList(rule[field])
      .map((value) => JSON.stringify(value))
      .join(' ')}]`;
  const parts = [
    ['APIGroups', 'apiGroups'],
    ['Resources', 'resources'],
    ['ResourceNames', 'resourceNames'],
    ['NonResourceURLs', 'nonResourceURLs'],
    ['Verbs', 'verbs'],
  ] as const;
  return `{${parts
    .filter(([, field]) => asList(rule[field]).length > 0)
    .map(([name, field]) => `${name}:${list(field)}`)
    .join(', ')}}`;
}
