import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSandbox } from '@kw/sandbox';
import type { Sandbox, SandboxOptions } from '@kw/sandbox';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fetchTransport, openTarget } from '../../src/index.ts';
import type { KubeOptions, OpenKubeTarget } from '../../src/index.ts';
import { createFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';

const run = promisify(execFile);
const kubectl = process.env['KW_TEST_KUBECTL'] ?? 'kubectl';
const realAdmin = process.env['KW_TEST_KUBECONFIG'];
const realJane = process.env['KW_TEST_KUBECONFIG_JANE'];

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' } as const;
const configMaps = { group: '', version: 'v1', resource: 'configmaps' } as const;

const labels = { app: 'web' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
};
const manifests = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  deployment,
  ...Array.from({ length: 10 }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `settings-${index}`, namespace: 'shop' },
  })),
];

interface Cluster {
  /** A kubeconfig of an administrator. */
  readonly admin: string;
  /** A kubeconfig of jane, who may do nothing. */
  readonly jane: string | undefined;
  readonly transport?: KubeOptions['transport'];
  close(): Promise<void>;
}

async function sandboxed(options: SandboxOptions, transport?: (sandbox: Sandbox) => KubeOptions['transport']): Promise<Cluster> {
  const sandbox = await createSandbox({ manifests, ...options });
  const jane = join(sandbox.kubeconfigPath, '..', 'jane');
  await sandbox.writeKubeconfig(jane, { user: 'jane', groups: ['dev'] });
  return { admin: sandbox.kubeconfigPath, jane, transport: transport?.(sandbox), close: () => sandbox.close() };
}

const clusters: readonly (readonly [name: string, start: () => Promise<Cluster>, isHere: boolean])[] = [
  ['a sandbox over http', () => sandboxed({ auth: 'url' }), true],
  ['a sandbox over TLS', () => sandboxed({ auth: 'tls' }), true],
  ['a sandbox in this process', () => sandboxed({}, (sandbox) => () => fetchTransport((url, init) => sandbox.fetch(url, init))), true],
  ['a real cluster', async () => ({ admin: realAdmin ?? '', jane: realJane, close: async () => undefined }), realAdmin !== undefined],
];

describe.each(clusters)('%s', (_name, start, isHere) => {
  describe.skipIf(!isHere)('read and tried', () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await start();
    });
    afterAll(() => cluster.close());

    async function open(kubeconfig = cluster.admin): Promise<OpenKubeTarget> {
      const opened = await openTarget({ host: testHost(await createFolder()), kubeconfig, transport: cluster.transport });
      onTestFinished(() => opened.close());
      return opened;
    }

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
      const names = async (pageSize: number): Promise<unknown[]> =>
        (await all(client.list(configMaps, { pageSize }))).map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
      const [small, large] = [await names(3), await names(500)];
      expect(small.length).toBeGreaterThan(5);
      expect(new Set(small)).toEqual(new Set(large));
      expect(small).toHaveLength(large.length);
    });

    it('watches from the state of a list and sees what changes', async () => {
      const { client } = await open();
      const mark = `kube-watch-${Date.now()}`;
      const [page] = await all(client.pages(configMaps, { namespace: 'default' }));
      const watch = client.watch(configMaps, {
        namespace: 'default',
        resourceVersion: page?.resourceVersion,
        fieldSelector: `metadata.name=${mark}`,
      });
      const next = watch.next();
      await client.create(
        configMaps,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: mark, namespace: 'default' } },
        { dryRun: 'none' },
      );
      expect((await next).value).toMatchObject({ type: 'added', object: { metadata: { name: mark } } });
      await client.delete({ resource: configMaps, namespace: 'default', name: mark }, { dryRun: 'none' });
      expect((await watch.next()).value).toMatchObject({ type: 'deleted' });
      await watch.return();
    });

    it('gives the present objects first where that is asked for', async () => {
      const { client } = await open();
      const kinds: string[] = [];
      for await (const event of client.watch(deployments, { namespace: 'shop', sendInitialEvents: true })) {
        kinds.push(event.type);
        if (event.type === 'bookmark' && event.initialEventsEnd) break;
      }
      expect(kinds.at(0)).toBe('added');
      expect(kinds.at(-1)).toBe('bookmark');
    });

    it('a dry run says what would be and changes nothing', async () => {
      const { client } = await open();
      const [found] = await all(client.list(deployments, { namespace: 'shop' }));
      const reference = { resource: deployments, namespace: 'shop', name: found?.metadata?.name ?? '' };
      const { object } = await client.patch(reference, { type: 'merge', body: { spec: { replicas: 7 } } }, { dryRun: 'server' });
      expect(object).toMatchObject({ spec: { replicas: 7 } });
      const live = await client.get(reference);
      expect(live).not.toMatchObject({ spec: { replicas: 7 } });
      await expect(
        client.update(deployments, { ...live, metadata: { ...live.metadata, labels: { tried: 'yes' } } }, { dryRun: 'server' }),
      ).resolves.toMatchObject({ object: { metadata: { labels: { tried: 'yes' } } } });
      const scratch = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'never', namespace: 'default' }, data: { a: 'b' } };
      await client.create(configMaps, scratch, { dryRun: 'server' });
      await client.apply(configMaps, scratch, { dryRun: 'server', fieldManager: 'kw-test' });
      await client.delete(reference, { dryRun: 'server' });
      await expect(client.get({ resource: configMaps, namespace: 'default', name: 'never' })).rejects.toMatchObject({
        code: 'not-found',
        message: 'configmaps "never" not found',
      });
      await expect(client.get(reference)).resolves.toMatchObject({ metadata: { name: reference.name, uid: live.metadata?.uid } });
    });

    it('a conflict, an invalid object and a double are told apart', async () => {
      const { client } = await open();
      const [found = {}] = await all(client.list(deployments, { namespace: 'shop' }));
      const stale = { ...found, metadata: { ...found.metadata, resourceVersion: '1' } };
      await expect(client.update(deployments, stale, { dryRun: 'server' })).rejects.toMatchObject({ code: 'conflict' });
      const empty = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'default' } };
      await expect(client.create(deployments, empty, { dryRun: 'server' })).rejects.toMatchObject({ code: 'invalid' });
      const { resourceVersion: _version, uid: _uid, ...metadata } = found.metadata ?? {};
      await expect(client.create(deployments, { ...found, metadata }, { dryRun: 'server' })).rejects.toMatchObject({
        code: 'already-exists',
      });
    });

    it('a watch from a state that is long gone is expired or replays, and never hangs', async () => {
      const { client } = await open();
      const first = await client.watch(deployments, { namespace: 'shop', resourceVersion: '1' }).next();
      expect(first.value).toMatchObject({ type: expect.stringMatching(/^(expired|added|modified|bookmark)$/) });
    });

    it('a user without rights is forbidden in the words of the server', async () => {
      if (cluster.jane === undefined) throw new Error('KW_TEST_KUBECONFIG_JANE is not set beside KW_TEST_KUBECONFIG');
      const { client } = await open(cluster.jane);
      await expect(client.list({ group: '', version: 'v1', resource: 'secrets' }, { namespace: 'shop' }).next()).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/User "jane" cannot list resource "secrets" in API group "" in the namespace "shop"/),
      });
    });

    it('kubectl on the frozen target sees the same', async () => {
      const opened = await open();
      const { stdout } = await run(kubectl, ['get', 'deployments', '-n', 'shop', '-o', 'name'], {
        env: opened.kubectlEnvironment,
        timeout: 15_000,
      });
      const found = await all(opened.client.list(deployments, { namespace: 'shop' }));
      expect(stdout.trim().split('\n')).toEqual(found.map(({ metadata }) => `deployment.apps/${metadata?.name}`));
    });
  });
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
