import { describe, expect, it, onTestFinished } from 'vitest';
import { openTarget } from '../../src/index.ts';
import type { OpenKubeTarget } from '../../src/index.ts';
import { createFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';

const kubeconfig = process.env['KW_TEST_KUBECONFIG'];
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' } as const;
const configMaps = { group: '', version: 'v1', resource: 'configmaps' } as const;

async function open(file = kubeconfig): Promise<OpenKubeTarget> {
  const folder = await createFolder();
  const opened = await openTarget({ host: testHost(folder), kubeconfig: file ?? '' });
  onTestFinished(() => opened.close());
  return opened;
}

describe.skipIf(kubeconfig === undefined)('a real cluster', () => {
  it('tells its version and its resources', async () => {
    const { client, serverVersion } = await open();
    expect(await serverVersion()).toMatch(/^v1\.\d+\.\d+/);
    await expect(client.resolveResource('deploy')).resolves.toMatchObject({
      ...deployments,
      kind: 'Deployment',
      namespaced: true,
      subresources: expect.arrayContaining(['scale', 'status']),
    });
  });

  it('lists page by page what it lists at once', async () => {
    const { client } = await open();
    const names = async (pageSize: number): Promise<unknown[]> => {
      const found = [];
      for await (const { metadata } of client.list({ group: '', version: 'v1', resource: 'pods' }, { pageSize }))
        found.push(metadata?.name);
      return found;
    };
    const [small, large] = [await names(3), await names(500)];
    expect(small.length).toBeGreaterThan(5);
    expect(new Set(small)).toEqual(new Set(large));
    expect(small).toHaveLength(large.length);
  });

  it('watches from the state of a list, sees a change, and a version that is too old is expired', async () => {
    const { client } = await open();
    const name = `kube-watch-${Date.now()}`;
    const [page] = await all(client.pages(configMaps, { namespace: 'default' }));
    const watch = client.watch(configMaps, {
      namespace: 'default',
      resourceVersion: page?.resourceVersion,
      fieldSelector: `metadata.name=${name}`,
    });
    const next = watch.next();
    await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } }, { dryRun: 'none' });
    expect((await next).value).toMatchObject({ type: 'added', object: { metadata: { name } } });
    await client.delete({ resource: configMaps, namespace: 'default', name }, { dryRun: 'none' });
    expect((await watch.next()).value).toMatchObject({ type: 'deleted' });
    await watch.return();
  });

  it('a dry run says what would be and changes nothing', async () => {
    const { client } = await open();
    const reference = { resource: deployments, namespace: 'shop', name: 'web' };
    const found = await all(client.list(deployments, { namespace: 'shop' }));
    const name = found[0]?.metadata?.name ?? '';
    const { object } = await client.patch({ ...reference, name }, { type: 'merge', body: { spec: { replicas: 7 } } }, { dryRun: 'server' });
    expect(object).toMatchObject({ spec: { replicas: 7 } });
    await expect(client.get({ ...reference, name })).resolves.not.toMatchObject({ spec: { replicas: 7 } });
    const scratch = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'never', namespace: 'default' }, data: { a: 'b' } };
    await client.create(configMaps, scratch, { dryRun: 'server' });
    await client.apply(configMaps, scratch, { dryRun: 'server', fieldManager: 'kw-test' });
    await expect(client.get({ resource: configMaps, namespace: 'default', name: 'never' })).rejects.toMatchObject({
      code: 'not-found',
      message: 'configmaps "never" not found',
    });
    await client.delete({ resource: deployments, namespace: 'shop', name }, { dryRun: 'server' });
    await expect(client.get({ ...reference, name })).resolves.toMatchObject({ metadata: { name } });
    await expect(
      client.create(
        deployments,
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'default' } },
        { dryRun: 'server' },
      ),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it.skipIf(process.env['KW_TEST_KUBECONFIG_JANE'] === undefined)(
    'a user without rights is forbidden in the words of the server',
    async () => {
      const { client } = await open(process.env['KW_TEST_KUBECONFIG_JANE']);
      await expect(client.list({ group: '', version: 'v1', resource: 'secrets' }, { namespace: 'shop' }).next()).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/User "jane" cannot list resource "secrets"/),
      });
    },
  );
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
