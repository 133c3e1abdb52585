import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { listAt, textAt, textsAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

const docs = 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/';
/** Everybody, also who is not known. */
const everybody: ReadonlySet<string> = new Set([
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
  'system:serviceaccounts',
]);
const strangers: ReadonlySet<string> = new Set(['system:anonymous', 'system:unauthenticated']);
const admins: ReadonlySet<string> = new Set(['system:masters', 'kubeadm:cluster-admins']);
/** What a cluster needs before anybody is known, made by itself or by kubeadm. */
const publicRoles: ReadonlySet<string> = new Set(['system:public-info-viewer', 'system:discovery', 'kubeadm:bootstrap-signer-clusterinfo']);

/** Who is administrator of everything, and what anybody may do: a matter of security, not a fault. */
export const rbacBindings: Condition = {
  id: 'rbac-bindings',
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  needs: ['ClusterRoleBinding', 'RoleBinding'],
  group: 'security',
  *find(world) {
    for (const binding of world.all('ClusterRoleBinding')) yield* bindingFaults(binding);
    for (const binding of world.all('RoleBinding')) yield* strangerFaults(binding);
  },
};

/** Whom a binding is for, such as `ServiceAccount shop/deployer`. */
function subjectsOf({ body }: WorldObject): readonly { readonly name: string; readonly shown: string }[] {
  return listAt(body, 'subjects').map((subject) => {
    const namespace = textAt(subject, 'namespace');
    const name = textAt(subject, 'name');
    return { name, shown: `${textAt(subject, 'kind')} ${namespace === '' ? '' : `${namespace}/`}${name}` };
  });
}

function isOfTheSystem({ name, labels }: WorldObject): boolean {
  return name.startsWith('system:') || 'kubernetes.io/bootstrapping' in labels;
}

function* bindingFaults(binding: WorldObject): Generator<Fault> {
  yield* strangerFaults(binding);
  const role = textAt(binding.body, 'roleRef.name');
  const subjects = subjectsOf(binding).filter(({ name }) => !admins.has(name) && !strangers.has(name));
  if (role !== 'cluster-admin' || isOfTheSystem(binding) || subjects.length === 0) return;
  const isOpen = subjects.some(({ name }) => everybody.has(name));
  yield {
    object: binding,
    reason: 'ClusterAdminBinding',
    severity: isOpen ? 'critical' : 'warning',
    summary: `it makes ${subjects.map(({ shown }) => shown).join(', ')} administrator of the whole cluster`,
    evidence: [fieldEvidence('roleRef', role), fieldEvidence('subjects', subjects.map(({ shown }) => shown).join(', '))],
    fix: [describeCommand(binding)],
    docs,
  };
}

function* strangerFaults(binding: WorldObject): Generator<Fault> {
  const role = textAt(binding.body, 'roleRef.name');
  const subjects = subjectsOf(binding).filter(({ name }) => strangers.has(name));
  if (subjects.length === 0 || publicRoles.has(role) || isOfTheSystem(binding)) return;
  yield {
    object: binding,
    reason: 'AnonymousAccess',
    severity: 'critical',
    summary: `it gives the rights of ${role} to whoever is not known to the cluster`,
    evidence: [fieldEvidence('roleRef', role), fieldEvidence('subjects', subjects.map(({ shown }) => shown).join(', '))],
    fix: [describeCommand(binding)],
    docs,
  };
}

/** Roles in use that allow everything on everything. */
export const rbacWildcards: Condition = {
  id: 'rbac-wildcards',
  kinds: ['ClusterRole', 'Role'],
  needs: ['ClusterRole', 'Role'],
  uses: ['ClusterRoleBinding', 'RoleBinding'],
  group: 'security',
  *find(world) {
    for (const role of [...world.all('ClusterRole'), ...world.all('Role')]) {
      if (role.name === 'cluster-admin' || isOfTheSystem(role) || !listAt(role.body, 'rules').some(isAll)) continue;
      const bindings = bindingsOf(role, world);
      if (bindings.length === 0) continue;
      const subjects = [...new Set(bindings.flatMap((binding) => subjectsOf(binding).map(({ shown }) => shown)))];
      yield {
        object: role,
        reason: 'WildcardRole',
        severity: 'warning',
        summary: `it allows everything${role.namespace === undefined ? '' : ' in its namespace'}, to ${subjects.slice(0, 5).join(', ')}`,
        evidence: [
          fieldEvidence('rules', 'verbs *, resources *, apiGroups *'),
          ...bindings.slice(0, 5).map((each) => fieldEvidence(each.kind, each.name)),
        ],
        fix: [describeCommand(role)],
        docs,
      };
    }
  },
};

function isAll(rule: unknown): boolean {
  return ['verbs', 'resources', 'apiGroups'].every((field) => textsAt(rule, field).includes('*'));
}

function bindingsOf(role: WorldObject, world: World): readonly WorldObject[] {
  const candidates =
    role.namespace === undefined
      ? [...world.all('ClusterRoleBinding'), ...world.all('RoleBinding')]
      : world.inNamespace('RoleBinding', role.namespace);
  return candidates.filter(
    ({ body }) =>
      textAt(body, 'roleRef.kind') === role.kind && textAt(body, 'roleRef.name') === role.name && listAt(body, 'subjects').length > 0,
  );
}
