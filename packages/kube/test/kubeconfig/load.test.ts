import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKubeconfig, resolveConnection } from '../../src/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { createFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';
import { base64, kubeconfigOf } from '../support/kubeconfig.ts';

describe('loading kubeconfig files', () => {
  it('reads ~/.kube/config where KUBECONFIG is not set', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({ namespace: 'shop' }));
    const config = await loadKubeconfig(testHost(folder));
    expect(config.files).toEqual([join(folder.path, '.kube/config')]);
    expect(config.contexts.get('dev')).toMatchObject({ cluster: 'dev-cluster', user: 'dev-user', namespace: 'shop' });
  });

  it('takes an empty KUBECONFIG as not set', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const config = await loadKubeconfig(testHost(folder, { env: { KUBECONFIG: '' } }));
    expect(config.currentContext).toBe('dev');
  });

  it('merges the files of KUBECONFIG: the first to name an entry or a current context wins with the whole of it', async () => {
    const folder = await createFolder();
    const first = await folder.write(
      'first',
      'users: [{name: red, user: {token: one}}]\ncontexts: [{name: a, context: {cluster: c1, user: red}}]\n',
    );
    const second = await folder.write(
      'second',
      'current-context: b\nusers: [{name: red, user: {username: other, password: two}}, {name: blue, user: {}}]\nclusters: [{name: c1, cluster: {server: "https://second"}}]\n',
    );
    const third = await folder.write(
      'third',
      'current-context: a\nclusters: [{name: c1, cluster: {server: "https://third", tls-server-name: x}}]\n',
    );
    const config = await loadKubeconfig(
      testHost(folder, { env: { KUBECONFIG: `${first}:${second}:${join(folder.path, 'absent')}:${third}:${first}` } }),
    );
    expect(config.currentContext).toBe('b');
    expect(config.users.get('red')).toEqual({ name: 'red', source: first, token: 'one' });
    expect([...config.users.keys()]).toEqual(['red', 'blue']);
    expect(config.clusters.get('c1')).toEqual({
      name: 'c1',
      source: second,
      server: 'https://second',
      insecureSkipTlsVerify: false,
      disableCompression: false,
    });
    expect(config.files).toEqual([first, second, third]);
    expect(config.missing).toEqual([join(folder.path, 'absent')]);
  });

  it('resolves paths beside the file that they stand in, also for merged files', async () => {
    const folder = await createFolder();
    await folder.write(
      'one/config',
      'users: [{name: u, user: {tokenFile: token, client-certificate: ../certs/u.crt, client-key: /abs/u.key}}]',
    );
    await folder.write(
      'two/config',
      'clusters: [{name: c, cluster: {certificate-authority: ca.crt}}]\nusers: [{name: e, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/plugin, interactiveMode: Never}}}]',
    );
    const config = await loadKubeconfig(testHost(folder, { env: { KUBECONFIG: 'one/config:two/config' } }));
    expect(config.users.get('u')).toMatchObject({
      tokenFile: join(folder.path, 'one/token'),
      clientCertificate: join(folder.path, 'certs/u.crt'),
      clientKey: '/abs/u.key',
    });
    expect(config.clusters.get('c')).toMatchObject({ certificateAuthority: join(folder.path, 'two/ca.crt') });
    expect(config.users.get('e')?.exec?.command).toBe(join(folder.path, 'two/bin/plugin'));
  });

  it('follows a symbolic link to a file, as a mounted Secret is one', async () => {
    const folder = await createFolder();
    const real = await folder.write('data/config', kubeconfigOf({}));
    await mkdir(join(folder.path, '.kube'));
    await symlink(real, join(folder.path, '.kube/config'));
    await expect(loadKubeconfig(testHost(folder))).resolves.toMatchObject({ currentContext: 'dev' });
  });

  it('wants a file that the user named to exist', async () => {
    const folder = await createFolder();
    await expect(loadKubeconfig(testHost(folder), { kubeconfig: 'nope' })).rejects.toMatchObject({
      code: 'kubeconfig-unreadable',
      message: `The kubeconfig "${join(folder.path, 'nope')}" does not exist.`,
    });
  });

  it('loads a file with 500 clusters and their certificates in a moment', async () => {
    const folder = await createFolder();
    const { cert } = createAuthority();
    const data = base64(cert.repeat(4));
    const names = Array.from({ length: 500 }, (_, index) => `cluster-${index}`);
    const clusters = names.map(
      (name) => `- name: ${name}\n  cluster:\n    server: https://${name}.example.com\n    certificate-authority-data: ${data}\n`,
    );
    const contexts = names.map((name) => `- name: ${name}\n  context: {cluster: ${name}, user: ""}\n`);
    await folder.write('.kube/config', `clusters:\n${clusters.join('')}contexts:\n${contexts.join('')}current-context: cluster-499\n`);
    const host = testHost(folder);
    const connection = await resolveConnection(host, await loadKubeconfig(host));
    expect(connection.server).toBe('https://cluster-499.example.com');
  });
});
