import { afterEach, describe, expect, it } from 'vitest';
import { at, written } from '../../src/json.ts';
import type { Cluster } from './harness.ts';
import { deployment, startCluster } from './harness.ts';

describe('a Deployment', () => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  const image = (tag: string) => ({ spec: { template: { spec: { containers: [{ name: 'web', image: `example.com/web:${tag}` }] } } } });
  const conditions = (name: string) => {
    const list = at(cluster.get('deployments.apps', name), 'status', 'conditions');
    return Array.isArray(list)
      ? list.map((each) => `${written(at(each, 'type'))}=${written(at(each, 'status'))} ${written(at(each, 'reason'))}`)
      : [];
  };
  const sets = () => cluster.sandbox.api.list('replicasets.apps', { namespace: 'default' });
  const revisions = () =>
    sets().map((set) => [set.metadata.annotations?.['deployment.kubernetes.io/revision'], at(set, 'spec', 'replicas')]);

  it('makes a ReplicaSet of its template, and is available when its pods are', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 3));
    const [set] = sets();
    expect(set?.metadata.labels?.['pod-template-hash']).toMatch(/^[bcdfghjklmnpqrstvwxz2-9]{6,10}$/);
    expect(set?.metadata.name).toBe(`web-${set?.metadata.labels?.['pod-template-hash']}`);
    expect(at(cluster.get('deployments.apps', 'web'), 'status')).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
      observedGeneration: 1,
    });
    expect(conditions('web')).toEqual(['Available=True MinimumReplicasAvailable', 'Progressing=True NewReplicaSetAvailable']);
    expect(cluster.events('Deployment', 'web')).toEqual([`ScalingReplicaSet: Scaled up replica set ${set?.metadata.name} from 0 to 3`]);
  });

  it('rolls over step by step: never fewer than allowed, never more', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 4));
    const seen: { readonly available: number; readonly total: number }[] = [];
    cluster.sandbox.api.watch(({ resource }) => {
      if (resource.storage !== 'replicasets.apps') return;
      const all = sets();
      seen.push({
        available: cluster
          .pods('app=web')
          .filter((pod) => pod.metadata.deletionTimestamp === undefined && at(pod, 'status', 'phase') === 'Running').length,
        total: all.reduce((sum, set) => sum + Number(at(set, 'spec', 'replicas')), 0),
      });
    });
    await cluster.patch('deployments.apps', 'web', image('2'));
    expect(Math.min(...seen.map(({ available }) => available))).toBeGreaterThanOrEqual(3);
    expect(Math.max(...seen.map(({ total }) => total))).toBeLessThanOrEqual(5);
    expect(revisions().toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
      ['1', 0],
      ['2', 4],
    ]);
    expect(cluster.get('deployments.apps', 'web').metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  });

  it('finds the ReplicaSet of an earlier template again and gives it the newest revision', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 2));
    await cluster.patch('deployments.apps', 'web', image('2'));
    await cluster.patch('deployments.apps', 'web', image('1'));
    expect(sets()).toHaveLength(2);
    const back = sets().find((set) => at(set, 'spec', 'replicas') === 2);
    expect(back?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
  });

  it('makes no new ReplicaSet while it is paused', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 1));
    await cluster.patch('deployments.apps', 'web', { spec: { paused: true } });
    await cluster.patch('deployments.apps', 'web', image('2'));
    expect(sets()).toHaveLength(1);
    expect(conditions('web')).toContain('Progressing=Unknown DeploymentPaused');
    await cluster.patch('deployments.apps', 'web', { spec: { paused: false } });
    expect(sets()).toHaveLength(2);
  });

  it('says that it ran out of time when nothing progresses', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/web:2", missing: true}]');
    await cluster.apply(deployment('web', 1, 'progressDeadlineSeconds: 60'));
    await cluster.patch('deployments.apps', 'web', image('2'));
    expect(conditions('web')).toContain('Progressing=True ReplicaSetUpdated');
    cluster.advance(70_000);
    expect(conditions('web')).toContain('Progressing=False ProgressDeadlineExceeded');
    expect(at(cluster.get('deployments.apps', 'web'), 'status', 'availableReplicas')).toBe(1);
  });

  it('with Recreate ends all old pods before it starts new ones', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 2, 'strategy: {type: Recreate}'));
    const overlaps: number[] = [];
    cluster.sandbox.api.watch(({ resource, type }) => {
      if (resource.storage === 'pods' && type === 'added')
        overlaps.push(new Set(cluster.pods('app=web').map((pod) => pod.metadata.labels?.['pod-template-hash'])).size);
    });
    await cluster.patch('deployments.apps', 'web', image('2'));
    expect(overlaps).toEqual([1, 1]);
  });

  it('keeps as many old ReplicaSets as its history allows', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 1, 'revisionHistoryLimit: 1'));
    for (const tag of ['2', '3', '4']) await cluster.patch('deployments.apps', 'web', image(tag));
    expect(revisions().toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
      ['3', 0],
      ['4', 1],
    ]);
  });

  it('is scaled without a new revision', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 3));
    await cluster.patch('deployments.apps', 'web', { spec: { replicas: 1 } });
    expect(revisions()).toEqual([['1', 1]]);
    expect(cluster.pods('app=web')).toHaveLength(1);
    expect(cluster.events('Deployment', 'web').at(-1)).toMatch(/^ScalingReplicaSet: Scaled down replica set web-\w+ from 3 to 1$/);
  });

  it('shows why its ReplicaSet can create no pods', async () => {
    cluster = await startCluster();
    await cluster.apply('{apiVersion: v1, kind: ResourceQuota, metadata: {name: small}, spec: {hard: {pods: "1"}}}');
    await cluster.apply(deployment('web', 2));
    expect(conditions('web')).toContain('ReplicaFailure=True FailedCreate');
    const [set] = sets();
    expect(
      cluster
        .events('ReplicaSet', set?.metadata.name ?? '')
        .some((event) =>
          /^(\d+x )?FailedCreate: Error creating: pods "web-.*" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1$/.test(
            event,
          ),
        ),
    ).toBe(true);
  });
});
