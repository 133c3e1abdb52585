import { afterEach, describe, expect, it } from 'vitest';
import { asMaps, at, written } from '../../src/json.ts';
import type { Cluster } from './harness.ts';
import { deployment, startCluster } from './harness.ts';

let cluster: Cluster;
afterEach(() => cluster.close());

describe('a Service', () => {
  const service =
    '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}';
  const web = deployment('web', 2).replace(
    'image:',
    'ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /ok, port: http}}, image:',
  );
  const slice = () =>
    cluster.sandbox.api.list('endpointslices.discovery.k8s.io', {
      namespace: 'default',
      labelSelector: 'kubernetes.io/service-name=web',
    })[0];
  const ready = (): unknown[] => asMaps(slice()?.endpoints).map((endpoint) => at(endpoint, 'conditions', 'ready'));

  it('has the pods that match as endpoints, under the named port', async () => {
    cluster = await startCluster();
    await cluster.apply(`${service}\n---${web}`);
    expect(ready()).toEqual([true, true]);
    expect(slice()?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
    expect(at(cluster.get('endpoints', 'web'), 'subsets', 0, 'addresses')).toHaveLength(2);
  });

  it('has no endpoints where its selector has a typo, until it is corrected', async () => {
    cluster = await startCluster();
    await cluster.apply(`${service.replace('app: web}', 'app: wbe}')}\n---${web}`);
    expect(slice()?.endpoints ?? []).toEqual([]);
    await cluster.patch('services', 'web', { spec: { selector: { app: 'web' } } });
    expect(ready()).toEqual([true, true]);
  });

  it('shows pods that are not ready as such', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/web:*", serves: {8080: [/other]}}]');
    await cluster.apply(`${service}\n---${web}`);
    expect(ready()).toEqual([false, false]);
    expect(at(cluster.get('endpoints', 'web'), 'subsets', 0, 'notReadyAddresses')).toHaveLength(2);
  });
});

describe('garbage collection', () => {
  it.each(['Background', 'Foreground'] as const)('takes away what an object owned (%s)', async (propagationPolicy) => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 2));
    cluster.sandbox.api.delete('deployments.apps', 'web', 'default', { propagationPolicy });
    await cluster.settle();
    for (const resource of ['deployments.apps', 'replicasets.apps', 'pods']) expect(cluster.sandbox.api.list(resource)).toEqual([]);
  });

  it('leaves what is orphaned', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 2));
    cluster.sandbox.api.delete('deployments.apps', 'web', 'default', { propagationPolicy: 'Orphan' });
    await cluster.settle();
    const [set] = cluster.sandbox.api.list('replicasets.apps');
    expect(set?.metadata.ownerReferences ?? []).toEqual([]);
    expect(cluster.pods('app=web')).toHaveLength(2);
  });

  it('takes away an object whose owner never was', async () => {
    cluster = await startCluster();
    await cluster.apply(
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: lost, ownerReferences: [{apiVersion: v1, kind: Pod, name: gone, uid: "1"}]}}',
    );
    expect(cluster.sandbox.api.find('configmaps', 'lost', 'default')).toBeUndefined();
  });
});

describe('a namespace that is deleted', () => {
  it('goes with everything in it', async () => {
    cluster = await startCluster();
    await cluster.apply(
      `{apiVersion: v1, kind: Namespace, metadata: {name: demo}}\n---${deployment('web', 2).replace('{name: web}', '{name: web, namespace: demo}')}`,
    );
    cluster.sandbox.api.delete('namespaces', 'demo');
    expect(at(cluster.get('namespaces', 'demo'), 'status', 'phase')).toBe('Terminating');
    await cluster.settle();
    expect(cluster.sandbox.api.find('namespaces', 'demo')).toBeUndefined();
    expect(cluster.sandbox.api.list('pods', { namespace: 'demo' })).toEqual([]);
  });

  it('says what holds it', async () => {
    cluster = await startCluster();
    await cluster.apply(
      '{apiVersion: v1, kind: Namespace, metadata: {name: demo}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: held, namespace: demo, finalizers: [example.com/keep]}}',
    );
    cluster.sandbox.api.delete('namespaces', 'demo');
    await cluster.settle();
    const messages = asMaps(at(cluster.get('namespaces', 'demo'), 'status', 'conditions')).map(({ message }) => message);
    expect(messages).toContain('Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances');
    const held = cluster.get('configmaps', 'held', 'demo');
    cluster.sandbox.api.update('configmaps', { ...held, metadata: { ...held.metadata, finalizers: [] } });
    await cluster.settle();
    expect(cluster.sandbox.api.find('namespaces', 'demo')).toBeUndefined();
  });
});

describe('a claim', () => {
  const claim = (name: string, more: string): string =>
    `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: ${name}}, spec: {accessModes: [ReadWriteOnce], ${more}resources: {requests: {storage: 1Gi}}}}`;
  const user =
    '{apiVersion: v1, kind: Pod, metadata: {name: user}, spec: {containers: [{name: a, image: a}], volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}}';
  const phase = (): unknown => at(cluster.get('persistentvolumeclaims', 'data'), 'status', 'phase');

  it('waits for its first pod, then gets a volume on the node of that pod', async () => {
    cluster = await startCluster();
    await cluster.apply(claim('data', ''));
    expect(phase()).toBe('Pending');
    expect(cluster.events('PersistentVolumeClaim', 'data')).toEqual([
      'WaitForFirstConsumer: waiting for first consumer to be created before binding',
    ]);
    await cluster.apply(user);
    expect(phase()).toBe('Bound');
    expect(at(cluster.get('pods', 'user'), 'status', 'phase')).toBe('Running');
    expect(cluster.sandbox.api.list('persistentvolumes')).toMatchObject([
      { status: { phase: 'Bound' }, spec: { capacity: { storage: '1Gi' } } },
    ]);
  });

  it('of a class that does not exist stays pending with its pod, until the class comes', async () => {
    cluster = await startCluster();
    await cluster.apply(`${claim('data', 'storageClassName: fast, ')}\n---\n${user}`);
    expect(cluster.events('PersistentVolumeClaim', 'data').at(-1)).toContain(
      'ProvisioningFailed: storageclass.storage.k8s.io "fast" not found',
    );
    expect(cluster.events('Pod', 'user').at(-1)).toContain(
      'FailedScheduling: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    );
    await cluster.apply('{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: example.com/volumes}');
    cluster.advance(2000);
    await cluster.settle();
    expect(phase()).toBe('Bound');
    expect(at(cluster.get('pods', 'user'), 'status', 'phase')).toBe('Running');
  });

  it('is bound to the smallest volume that fits, and releases it', async () => {
    cluster = await startCluster();
    const volume = (name: string, size: string): string =>
      `{apiVersion: v1, kind: PersistentVolume, metadata: {name: ${name}}, spec: {capacity: {storage: ${size}}, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: {path: /x}}}`;
    await cluster.apply(`${volume('large', '9Gi')}\n---\n${volume('right', '2Gi')}\n---\n${claim('data', 'storageClassName: manual, ')}`);
    expect(at(cluster.get('persistentvolumeclaims', 'data'), 'spec', 'volumeName')).toBe('right');
    cluster.sandbox.api.delete('persistentvolumeclaims', 'data', 'default');
    await cluster.settle();
    expect(at(cluster.get('persistentvolumes', 'right'), 'status', 'phase')).toBe('Released');
    expect(at(cluster.get('persistentvolumes', 'large'), 'status', 'phase')).toBe('Available');
  });

  it('that is deleted stays while a pod uses it', async () => {
    cluster = await startCluster();
    await cluster.apply(`${claim('data', '')}\n---\n${user}`);
    cluster.sandbox.api.delete('persistentvolumeclaims', 'data', 'default');
    await cluster.settle();
    expect(cluster.get('persistentvolumeclaims', 'data').metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    cluster.sandbox.api.delete('pods', 'user', 'default');
    await cluster.settle();
    expect(cluster.sandbox.api.find('persistentvolumeclaims', 'data', 'default')).toBeUndefined();
    expect(cluster.sandbox.api.list('persistentvolumes')).toEqual([]);
  });
});

describe('quotas and budgets', () => {
  it('count what is there', async () => {
    cluster = await startCluster();
    await cluster.apply(
      '{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: "9", requests.cpu: "2", requests.memory: 1Gi, count/deployments.apps: "5"}}}',
    );
    await cluster.apply(deployment('web', 2).replace('image:', 'resources: {requests: {cpu: 250m, memory: 96Mi}}, image:'));
    expect(at(cluster.get('resourcequotas', 'q'), 'status', 'used')).toEqual({
      pods: '2',
      'requests.cpu': '500m',
      'requests.memory': '192Mi',
      'count/deployments.apps': '1',
    });
    cluster.sandbox.api.delete('deployments.apps', 'web', 'default');
    await cluster.settle();
    expect(at(cluster.get('resourcequotas', 'q'), 'status', 'used')).toEqual({
      pods: '0',
      'requests.cpu': '0',
      'requests.memory': '0',
      'count/deployments.apps': '0',
    });
  });

  it('say how many pods may be disrupted', async () => {
    cluster = await startCluster();
    await cluster.apply(
      `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}}\n---${deployment('web', 3)}`,
    );
    expect(at(cluster.get('poddisruptionbudgets.policy', 'b'), 'status')).toMatchObject({
      expectedPods: 3,
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
    });
  });
});

describe('a HorizontalPodAutoscaler', () => {
  it('says that it is not simulated, and leaves the replicas as they are', async () => {
    cluster = await startCluster();
    const autoscaler = `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web}, spec: {minReplicas: 5, maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}`;
    await cluster.apply(`${deployment('web', 2)}---\n${autoscaler}`);
    const status = at(cluster.get('horizontalpodautoscalers.autoscaling', 'web'), 'status');
    expect(asMaps(at(status, 'conditions')).map(({ type, reason }) => `${written(type)} ${written(reason)}`)).toEqual([
      'AbleToScale SucceededGetScale',
      'ScalingActive NotSimulated',
    ]);
    expect(at(status, 'currentReplicas')).toBe(2);
    expect(cluster.events('HorizontalPodAutoscaler', 'web')).toEqual([
      'NotSimulated: the sandbox does not simulate autoscaling: the number of replicas stays as it is',
    ]);
  });
});
