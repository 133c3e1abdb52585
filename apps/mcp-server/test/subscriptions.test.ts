import { type Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, it } from 'vitest';
import { cluster, connected, pathWithKubectl, spawned } from './client.ts';
import { serveHttp } from './serving.ts';

type Cluster = Awaited<ReturnType<typeof cluster>>;

async function withSettings(): Promise<Cluster & { readonly uri: string }> {
  const made = await cluster();
  await made.kubectl('create', 'configmap', 'settings', '-n', 'shop', '--from-literal=a=b');
  const context = (await made.kubectl('config', 'current-context')).trim();
  return { ...made, uri: `k8s://${context}/shop/configmaps/settings` };
}

function updatesOf(client: Client): readonly string[] {
  const updates: string[] = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    updates.push(params.uri);
  });
  return updates;
}

const patch = (value: string): readonly string[] => ['patch', 'configmap', 'settings', '-n', 'shop', '-p', `{"data":{"a":"${value}"}}`];

it('a client that subscribed to an object is told when it changes and when it is deleted, and not after it unsubscribed', async () => {
  const { kubeconfigPath, kubectl, uri } = await withSettings();
  const { client } = await spawned({ kubeconfig: kubeconfigPath });
  const updates = updatesOf(client);
  expect(client.getServerCapabilities()?.resources).toEqual({ listChanged: true, subscribe: true });
  await client.subscribeResource({ uri });
  expect(updates).toEqual([]);
  await kubectl(...patch('c'));
  await expect.poll(() => updates, { timeout: 10_000 }).toEqual([uri]);
  await kubectl('delete', 'configmap', 'settings', '-n', 'shop');
  await expect.poll(() => updates, { timeout: 10_000 }).toEqual([uri, uri]);
  await client.unsubscribeResource({ uri });
  await kubectl('create', 'configmap', 'settings', '-n', 'shop');
  await client.ping();
  expect(updates).toHaveLength(2);
});

it('over HTTP each client is told of its own objects, and one that leaves leaves no watch behind', async () => {
  const { kubeconfigPath, kubectl, uri, requests } = await withSettings();
  const { url } = await serveHttp({ env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() } });
  const [one, other] = [await connected(url), await connected(url)];
  const [updates, others] = [updatesOf(one), updatesOf(other)];
  await one.subscribeResource({ uri });
  await kubectl(...patch('c'));
  await expect.poll(() => updates, { timeout: 10_000 }).toEqual([uri]);
  expect(others).toEqual([]);
  await (one.transport as unknown as { terminateSession(): Promise<void> }).terminateSession();
  const watches = (): number => requests.filter(({ path }) => path.includes('watch=true')).length;
  const before = watches();
  expect(before).toBeGreaterThan(0);
  await kubectl(...patch('d'));
  await other.ping();
  expect(updates).toHaveLength(1);
  expect(watches()).toBe(before);
});

it('what is not there, may not be read or is no object is refused', async () => {
  const { kubeconfigPath, uri } = await withSettings();
  const { client } = await spawned({ kubeconfig: kubeconfigPath });
  await expect(client.subscribeResource({ uri: uri.replace('settings', 'nothing') })).rejects.toMatchObject({ code: -32_002 });
  await expect(client.subscribeResource({ uri: uri.replace('k8s://', 'k8s://nowhere-') })).rejects.toMatchObject({ code: -32_002 });
  await expect(client.subscribeResource({ uri: 'k8s://a/b' })).rejects.toMatchObject({ code: -32_602 });
  await expect(client.subscribeResource({ uri: 'file:///etc/passwd' })).rejects.toMatchObject({ code: -32_002 });
});
