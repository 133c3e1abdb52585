import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { asMaps, at, written } from '../../src/json.ts';
import type { Cluster } from './harness.ts';
import { deployment, startCluster } from './harness.ts';

let cluster: Cluster;
afterEach(() => cluster.close());

const names = (objects: readonly KubeObject[]): string[] => objects.map(({ metadata }) => metadata.name ?? '');
const images = (selector: string): unknown[] => cluster.pods(selector).map((pod) => at(pod, 'spec', 'containers', 0, 'image'));

describe('a ReplicaSet', () => {
  it('adopts pods that match, and replaces one that no longer does', async () => {
    cluster = await startCluster();
    await cluster.apply(
      '{apiVersion: v1, kind: Pod, metadata: {name: loose, labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}',
    );
    const set = deployment('web', 2).replace('Deployment', 'ReplicaSet');
    await cluster.apply(set);
    expect(names(cluster.pods('app=web'))).toContain('loose');
    expect(cluster.pods('app=web')).toHaveLength(2);
    await cluster.patch('pods', 'loose', { metadata: { labels: { app: 'other' } } });
    expect(cluster.get('pods', 'loose').metadata.ownerReferences ?? []).toEqual([]);
    expect(cluster.pods('app=web')).toHaveLength(2);
  });

  it('replaces a pod that is deleted, and deletes first what is not ready', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/web:bad", missing: true}]');
    await cluster.apply(deployment('web', 3).replace('Deployment', 'ReplicaSet'));
    const [first] = cluster.pods('app=web');
    cluster.sandbox.api.delete('pods', first?.metadata.name ?? '', 'default');
    await cluster.settle();
    expect(cluster.pods('app=web')).toHaveLength(3);
    await cluster.patch('replicasets.apps', 'web', {
      spec: { replicas: 4, template: { spec: { containers: [{ name: 'web', image: 'example.com/web:bad' }] } } },
    });
    expect(images('app=web')).toContain('example.com/web:bad');
    await cluster.patch('replicasets.apps', 'web', { spec: { replicas: 3 } });
    expect(images('app=web')).not.toContain('example.com/web:bad');
  });
});

describe('a StatefulSet', () => {
  const set = (replicas: number): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: ${replicas}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "example.com/db:1", volumeMounts: [{name: data, mountPath: /data}]}]}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
`;

  it('starts its pods one after the other, each with a claim', async () => {
    cluster = await startCluster();
    const order: string[] = [];
    cluster.sandbox.api.watch(({ resource, type, object }) => {
      if (resource.storage !== 'pods') return;
      if (type === 'added') order.push(`+${object.metadata.name}`);
      else if (
        order.at(-1) !== object.metadata.name &&
        asMaps(at(object, 'status', 'conditions')).some((each) => each.type === 'Ready' && each.status === 'True')
      )
        order.push(object.metadata.name ?? '');
    });
    await cluster.apply(set(2));
    expect(order).toEqual(['+db-0', 'db-0', '+db-1', 'db-1']);
    expect(cluster.sandbox.api.list('persistentvolumeclaims').map((claim) => [claim.metadata.name, at(claim, 'status', 'phase')])).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
    ]);
    expect(at(cluster.get('statefulsets.apps', 'db'), 'status')).toMatchObject({
      replicas: 2,
      readyReplicas: 2,
      currentReplicas: 2,
      updatedReplicas: 2,
    });
    expect(cluster.events('StatefulSet', 'db')).toContain('SuccessfulCreate: Create Claim data-db-1 Pod db-1 in StatefulSet db success');
  });

  it('is updated from the highest ordinal down, and keeps what lies below its partition', async () => {
    cluster = await startCluster();
    await cluster.apply(set(3));
    await cluster.patch('statefulsets.apps', 'db', {
      spec: {
        updateStrategy: { rollingUpdate: { partition: 1 } },
        template: { spec: { containers: [{ name: 'db', image: 'example.com/db:2' }] } },
      },
    });
    expect(images('app=db')).toEqual(['example.com/db:1', 'example.com/db:2', 'example.com/db:2']);
    await cluster.patch('statefulsets.apps', 'db', { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
    expect(images('app=db')).toEqual(['example.com/db:2', 'example.com/db:2', 'example.com/db:2']);
    const status = at(cluster.get('statefulsets.apps', 'db'), 'status');
    expect(at(status, 'currentRevision')).toBe(at(status, 'updateRevision'));
    expect(
      cluster.sandbox.api
        .list('controllerrevisions.apps')
        .map((revision) => revision.revision)
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ).toEqual([1, 2]);
  });

  it('waits for a pod that never becomes ready, also with a better template, until somebody deletes it', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/db:bad", missing: true}]');
    await cluster.apply(set(1).replace('example.com/db:1', 'example.com/db:bad'));
    await cluster.patch('statefulsets.apps', 'db', {
      spec: { template: { spec: { containers: [{ name: 'db', image: 'example.com/db:2' }] } } },
    });
    expect(images('app=db')).toEqual(['example.com/db:bad']);
    cluster.sandbox.api.delete('pods', 'db-0', 'default');
    await cluster.settle();
    expect(images('app=db')).toEqual(['example.com/db:2']);
    expect(at(cluster.get('statefulsets.apps', 'db'), 'status', 'readyReplicas')).toBe(1);
  });

  it('takes the highest ordinals away first and leaves their claims', async () => {
    cluster = await startCluster();
    await cluster.apply(set(3));
    await cluster.patch('statefulsets.apps', 'db', { spec: { replicas: 1 } });
    expect(names(cluster.pods('app=db'))).toEqual(['db-0']);
    expect(cluster.sandbox.api.list('persistentvolumeclaims')).toHaveLength(3);
    expect(cluster.events('StatefulSet', 'db').slice(-2)).toEqual([
      'SuccessfulDelete: Delete Pod db-2 in StatefulSet db successful',
      'SuccessfulDelete: Delete Pod db-1 in StatefulSet db successful',
    ]);
  });
});

describe('a DaemonSet', () => {
  const set = deployment('agent', 1).replace('Deployment', 'DaemonSet').replace('replicas: 1', '');

  it('has a pod on every node whose taints it tolerates, also on one that is cordoned or comes later', async () => {
    cluster = await startCluster();
    await cluster.patch('nodes', 'worker-2', { spec: { unschedulable: true } });
    await cluster.apply(set);
    const nodes = (): unknown[] =>
      cluster
        .pods('app=agent')
        .map((pod) => at(pod, 'spec', 'nodeName'))
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    expect(nodes()).toEqual(['worker-1', 'worker-2']);
    await cluster.apply(
      '{apiVersion: v1, kind: Node, metadata: {name: worker-3}, status: {allocatable: {cpu: "1", memory: 1Gi, pods: "9"}}}',
    );
    expect(nodes()).toEqual(['worker-1', 'worker-2', 'worker-3']);
    await cluster.patch('daemonsets.apps', 'agent', { spec: { template: { spec: { tolerations: [{ operator: 'Exists' }] } } } });
    expect(nodes()).toEqual(['control', 'worker-1', 'worker-2', 'worker-3']);
    expect(at(cluster.get('daemonsets.apps', 'agent'), 'status')).toMatchObject({
      desiredNumberScheduled: 4,
      numberReady: 4,
      updatedNumberScheduled: 4,
      numberAvailable: 4,
    });
  });
});

describe('a Job', () => {
  const job = (spec: string, image = 'work'): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: work}
spec:
  ${spec}
  template: {spec: {restartPolicy: Never, containers: [{name: work, image: "example.com/${image}:1"}]}}
`;
  const conditions = (): unknown[] =>
    asMaps(at(cluster.get('jobs.batch', 'work'), 'status', 'conditions')).map(({ type, reason }) => `${written(type)} ${written(reason)}`);

  it('is complete when enough pods have succeeded', async () => {
    cluster = await startCluster();
    await cluster.apply(job('{completions: 3, parallelism: 2}'.replace(/[{}]/g, '').replace(', ', '\n  ')));
    expect(at(cluster.get('jobs.batch', 'work'), 'status')).toMatchObject({
      succeeded: 3,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    expect(conditions()).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
    expect(cluster.pods('job-name=work').every((pod) => (pod.metadata.finalizers ?? []).length === 0)).toBe(true);
    expect(cluster.events('Job', 'work').at(-1)).toBe('Completed: Job completed');
  });

  it('has failed when more pods fail than its limit allows, with a wait between them', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/bad:*", exit: {after: 1s, code: 2}}]');
    await cluster.apply(job('backoffLimit: 1', 'bad'));
    expect(conditions()).toEqual([]);
    cluster.advance(15_000);
    expect(conditions()).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(at(cluster.get('jobs.batch', 'work'), 'status', 'failed')).toBe(2);
    expect(cluster.events('Job', 'work').at(-1)).toBe('BackoffLimitExceeded: Job has reached the specified backoff limit');
  });

  it('gives each pod an index, and goes away after its time to live', async () => {
    cluster = await startCluster();
    await cluster.apply(job('completions: 2\n  parallelism: 2\n  completionMode: Indexed\n  ttlSecondsAfterFinished: 60'));
    expect(cluster.pods('job-name=work').map((pod) => pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'])).toEqual([
      '0',
      '1',
    ]);
    expect(at(cluster.get('jobs.batch', 'work'), 'status', 'completedIndexes')).toBe('0,1');
    cluster.advance(61_000);
    expect(cluster.sandbox.api.list('jobs.batch')).toEqual([]);
    expect(cluster.pods('job-name=work')).toEqual([]);
  });
});
