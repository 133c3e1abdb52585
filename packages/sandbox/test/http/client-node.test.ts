import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/index.ts';
import { createSandbox, startWorld } from '../../src/index.ts';

let sandbox: Sandbox;
let config: KubeConfig;

beforeAll(async () => {
  sandbox = await createSandbox({
    seed: 'client-node',
    auth: 'tls',
    world: (api) => startWorld(api),
    manifests: [
      '{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {capacity: {cpu: "4", memory: 8Gi, pods: "110"}, allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}}',
    ],
  });
  config = new KubeConfig();
  config.loadFromFile(sandbox.kubeconfigPath);
});

afterAll(async () => {
  await sandbox.close();
});

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
  },
};

/** Resolves when a check holds, looked at whenever the cluster says that something changed. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('the official JavaScript client, unmodified, over TLS', () => {
  it('creates, reads, patches, lists and deletes', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const core = config.makeApiClient(CoreV1Api);
    await apps.createNamespacedDeployment({ namespace: 'default', body: deployment });
    await eventually(
      async () => ((await apps.readNamespacedDeployment({ name: 'web', namespace: 'default' })).status?.readyReplicas ?? 0) === 2,
    );
    await apps.patchNamespacedDeployment(
      { name: 'web', namespace: 'default', body: { spec: { replicas: 3 } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    await eventually(async () => (await core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=web' })).items.length === 3);
    const scale = await apps.readNamespacedDeploymentScale({ name: 'web', namespace: 'default' });
    expect(scale.spec?.replicas).toBe(3);
    await apps.deleteNamespacedDeployment({ name: 'web', namespace: 'default' });
    await expect(apps.readNamespacedDeployment({ name: 'web', namespace: 'default' })).rejects.toMatchObject({ code: 404 });
  });

  it('applies objects of any kind and watches', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const seen: string[] = [];
    const watching = await new Watch(config).watch(
      '/api/v1/namespaces/default/configmaps',
      {},
      (phase: string, object: { metadata: { name: string } }) => seen.push(`${phase} ${object.metadata.name}`),
      () => undefined,
    );
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: { a: '1' } };
    await objects.create(map);
    await objects.patch({ ...map, data: { a: '2' } }, undefined, undefined, 'client-node', undefined, PatchStrategy.MergePatch);
    await eventually(async () => seen.includes('MODIFIED settings'));
    expect(seen).toContain('ADDED settings');
    watching.abort();
  });

  it('keeps an informer up to date', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, '/api/v1/namespaces/default/secrets', () => core.listNamespacedSecret({ namespace: 'default' }));
    await informer.start();
    await core.createNamespacedSecret({ namespace: 'default', body: { metadata: { name: 's' }, stringData: { a: 'b' } } });
    await eventually(async () => informer.get('s', 'default') !== undefined);
    await core.deleteNamespacedSecret({ name: 's', namespace: 'default' });
    await eventually(async () => informer.get('s', 'default') === undefined);
    await informer.stop();
  });
});
