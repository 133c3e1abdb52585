import { afterEach, describe, expect, it } from 'vitest';
import type { Started } from '../start.ts';
import { configMap, deployment, start } from '../start.ts';

let started: Started | undefined;
afterEach(async () => started?.sandbox.close());

const as = (user: string, ...groups: string[]): { headers: Record<string, string> } => ({
  headers: { 'impersonate-user': user, ...(groups.length > 0 ? { 'impersonate-group': groups.join(',') } : {}) },
});
const role = (name: string, rules: object[]): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name },
  rules,
});
const binding = (name: string, roleName: string, user: string, kind = 'Role'): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: roleName },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
});
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

async function withRole(user: string, rules: object[]): Promise<Started> {
  started = await start();
  await started.ask('POST', `${rbac}/roles`, { body: role('given', rules) });
  await started.ask('POST', `${rbac}/rolebindings`, { body: binding('given', 'given', user) });
  return started;
}

describe('a user without rights', () => {
  it('can neither read nor write, and hears what he lacks', async () => {
    started = await start();
    const read = await started.ask('GET', '/api/v1/namespaces/default/secrets', as('bob'));
    expect(read).toMatchObject({
      status: 403,
      body: {
        reason: 'Forbidden',
        message: 'secrets is forbidden: User "bob" cannot list resource "secrets" in API group "" in the namespace "default"',
      },
    });
    for (const [method, path] of [
      ['GET', '/api/v1/pods?watch=true'],
      ['POST', '/api/v1/namespaces/default/configmaps'],
      ['DELETE', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt'],
      ['PATCH', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt'],
      ['GET', '/api/v1/namespaces/default/pods/x/log'],
      ['GET', '/api/v1/namespaces/default/pods/x/exec?command=ls'],
      ['GET', '/metrics'],
    ] as const) {
      expect(
        (await started.ask(method, path, { ...as('bob'), ...(method === 'POST' || method === 'PATCH' ? { body: configMap('x') } : {}) }))
          .status,
        `${method} ${path}`,
      ).toBe(403);
    }
  });

  it('may still ask what the server is and what he may do', async () => {
    started = await start();
    expect((await started.ask('GET', '/version', as('bob'))).status).toBe(200);
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'list', resource: 'pods' } },
    };
    expect(
      (await started.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { ...as('bob'), body: review })).body.status,
    ).toEqual({ allowed: false });
  });
});

describe('rights', () => {
  it('of a role hold in its namespace only, for its verbs and resources only', async () => {
    const { ask } = await withRole('bob', [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'create'] }]);
    expect((await ask('POST', '/apis/apps/v1/namespaces/default/deployments', { ...as('bob'), body: deployment('web') })).status).toBe(201);
    expect((await ask('GET', '/apis/apps/v1/namespaces/default/deployments/web', as('bob'))).status).toBe(200);
    expect((await ask('DELETE', '/apis/apps/v1/namespaces/default/deployments/web', as('bob'))).status).toBe(403);
    expect((await ask('GET', '/apis/apps/v1/namespaces/default/deployments/web/scale', as('bob'))).status).toBe(403);
    expect((await ask('GET', '/apis/apps/v1/namespaces/kube-system/deployments', as('bob'))).status).toBe(403);
    expect((await ask('GET', '/apis/apps/v1/deployments', as('bob'))).status).toBe(403);
  });

  it('hold for named objects only where names are given', async () => {
    const { ask } = await withRole('bob', [
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine'], verbs: ['get', 'delete'] },
    ]);
    await ask('POST', '/api/v1/namespaces/default/configmaps', { body: configMap('mine') });
    expect((await ask('GET', '/api/v1/namespaces/default/configmaps/mine', as('bob'))).status).toBe(200);
    expect((await ask('GET', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt', as('bob'))).status).toBe(403);
  });

  it('can not be given away by one who does not have them', async () => {
    const { ask } = await withRole('bob', [
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['create'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ]);
    expect(
      (await ask('POST', `${rbac}/roles`, { ...as('bob'), body: role('same', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]) }))
        .status,
    ).toBe(201);
    const more = await ask('POST', `${rbac}/roles`, {
      ...as('bob'),
      body: role('more', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]),
    });
    expect(more.body.message).toBe(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
    );
    expect(
      (await ask('POST', `${rbac}/rolebindings`, { ...as('bob'), body: binding('up', 'cluster-admin', 'bob', 'ClusterRole') })).status,
    ).toBe(403);
  });
});
