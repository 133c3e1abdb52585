import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKubeTargets, freezeTarget, openTarget } from '../../src/index.ts';
import type { KubeHost } from '../../src/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { createFolder } from '../support/folder.ts';
import type { TestFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { readFile } from 'node:fs/promises';

const claims = Buffer.from(JSON.stringify({ sub: 'system:serviceaccount:shop:agent' }), 'utf8').toString('base64url');
const token = `eyJhbGciOiJSUzI1NiJ9.${claims}.c2ln`;

async function podHost(folder: TestFolder, overrides: Partial<KubeHost> = {}): Promise<KubeHost> {
  await folder.write('serviceaccount/token', `${token}\n`);
  await folder.write('serviceaccount/ca.crt', createAuthority().cert);
  await folder.write('serviceaccount/namespace', 'shop\n');
  return testHost(folder, {
    env: { PATH: '/usr/bin:/bin', KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' },
    ...overrides,
  });
}

describe('in a pod', () => {
  it('without a kubeconfig it is the pod service account, with server, CA, token file and namespace of the pod', async () => {
    const folder = await createFolder();
    const host = await podHost(folder);
    const opened = await openTarget({ host });
    expect(opened.target).toMatchObject({
      server: 'https://10.96.0.1',
      context: 'in-cluster',
      user: 'system:serviceaccount:shop:agent',
      namespace: 'shop',
      caHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const written: unknown = JSON.parse(await readFile(opened.kubeconfigPath, 'utf8'));
    expect(written).toMatchObject({
      users: [{ user: { tokenFile: join(folder.path, 'serviceaccount/token') } }],
      contexts: [{ context: { namespace: 'shop' } }],
    });
    expect(JSON.stringify(written)).not.toContain(token);
    await opened.close();
  });

  it('an IPv6 service address gets its brackets', async () => {
    const folder = await createFolder();
    const host = await podHost(folder, { env: { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' } });
    await expect(freezeTarget({ host })).resolves.toMatchObject({ server: 'https://[fd00::1]:6443' });
  });

  it('a mounted kubeconfig goes before the service account, which stays available by its name', async () => {
    const folder = await createFolder();
    const host = await podHost(folder);
    await folder.write('.kube/config', kubeconfigOf({}));
    await expect(freezeTarget({ host })).resolves.toMatchObject({ context: 'dev', server: 'https://dev.example.com:6443' });
    await expect(freezeTarget({ host, context: 'in-cluster' })).resolves.toMatchObject({ server: 'https://10.96.0.1' });
    await expect(createKubeTargets({ host }).contexts()).resolves.toEqual(['dev', 'in-cluster']);
  });

  it('impersonation stands in the kubeconfig of the target, not on a command line', async () => {
    const folder = await createFolder();
    const host = await podHost(folder);
    const opened = await openTarget({ host, impersonate: { user: 'jane', groups: ['dev'], extra: new Map([['reason', ['ticket-1']]]) } });
    const written: unknown = JSON.parse(await readFile(opened.kubeconfigPath, 'utf8'));
    expect(written).toMatchObject({ users: [{ user: { as: 'jane', 'as-groups': ['dev'], 'as-user-extra': { reason: ['ticket-1'] } } }] });
    const plain = await freezeTarget({ host });
    expect(opened.target.fingerprint).not.toBe(plain.fingerprint);
    await opened.close();
  });

  it('without the token of a service account the way out is named', async () => {
    const folder = await createFolder();
    const host = testHost(folder, { env: { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' } });
    await expect(freezeTarget({ host })).rejects.toMatchObject({
      code: 'no-cluster',
      message: expect.stringMatching(/automountServiceAccountToken.*KUBECONFIG/),
    });
  });

  it('an address that is none is refused', async () => {
    const folder = await createFolder();
    const host = await podHost(folder, { env: { KUBERNETES_SERVICE_HOST: 'evil.example.com/x?', KUBERNETES_SERVICE_PORT: '443' } });
    await expect(freezeTarget({ host })).rejects.toMatchObject({ code: 'no-cluster' });
  });

  it('outside of a pod and without a kubeconfig there is no cluster', async () => {
    const folder = await createFolder();
    await expect(freezeTarget({ host: testHost(folder) })).rejects.toMatchObject({
      code: 'no-cluster',
      message: `There is no cluster: no kubeconfig at "${join(folder.path, '.kube/config')}", and this is not a pod. Set KUBECONFIG or name a kubeconfig.`,
    });
  });
});
