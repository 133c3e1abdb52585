import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { asMaps, at, written } from '../../src/json.ts';
import type { Cluster } from './harness.ts';
import { startCluster } from './harness.ts';

const pod = (fields: string, container = ''): string => `
apiVersion: v1
kind: Pod
metadata: {name: one, labels: {app: one}}
spec: {${fields}containers: [{name: main, image: "example.com/one:1"${container}}]}
`;

describe('the kubelet', () => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  const one = (): KubeObject => cluster.get('pods', 'one');
  const status = (index = 0) => asMaps(at(one(), 'status', 'containerStatuses'))[index] ?? {};
  const condition = (type: string) => asMaps(at(one(), 'status', 'conditions')).find((each) => each.type === type);
  const log = (previous = false): string[] | undefined => cluster.world.kubelet.logs(one(), 'main', { previous })?.map(({ text }) => text);

  it('runs a pod of an image that nobody declared', async () => {
    cluster = await startCluster();
    await cluster.apply(pod(''));
    expect(at(one(), 'status')).toMatchObject({
      phase: 'Running',
      podIP: expect.stringMatching(/^10\.244\.[12]\.\d+$/),
      qosClass: 'BestEffort',
    });
    expect(status()).toMatchObject({ ready: true, started: true, restartCount: 0, state: { running: {} } });
    expect(condition('Ready')).toMatchObject({ status: 'True' });
    expect(cluster.events('Pod', 'one').map((event) => event.split(':')[0])).toEqual([
      'Scheduled',
      'Pulling',
      'Pulled',
      'Created',
      'Started',
    ]);
  });

  it('restarts what crashes, each time after twice the time', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/one:*", log: "boom", exit: {after: 1s, code: 3}}]');
    await cluster.apply(pod(''));
    const waits: string[] = [];
    cluster.sandbox.api.watch(({ resource }) => {
      const message = resource.storage === 'pods' ? written(at(status(), 'state', 'waiting', 'message') ?? '') : '';
      const wait = message.match(/^back-off (\S+) restarting failed container=main pod=one_default\(/)?.[1];
      if (wait && waits.at(-1) !== wait) waits.push(wait);
    });
    expect(status()).toMatchObject({
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    cluster.advance(15 * 60_000);
    expect(waits).toEqual(['20s', '40s', '1m20s', '2m40s', '5m0s']);
    expect(log(true)).toEqual(['boom']);
    expect(condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
    });
    expect(
      cluster
        .events('Pod', 'one')
        .some((event) => /^\d+x BackOff: Back-off restarting failed container main in pod one_default\(/.test(event)),
    ).toBe(true);
  });

  it('ends a container that needs more memory than its limit as OOMKilled, and heals with a higher limit', async () => {
    cluster = await startCluster(`
behaviours:
- {image: "example.com/one:*", when: {memoryLimitBelow: 256Mi}, exit: {after: 1s, code: 137, reason: OOMKilled}}
`);
    await cluster.apply(pod('', ', resources: {limits: {memory: 64Mi}}'));
    expect(at(status(), 'lastState', 'terminated')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    cluster.sandbox.api.delete('pods', 'one', 'default', { gracePeriodSeconds: 0 });
    await cluster.apply(pod('', ', resources: {limits: {memory: 512Mi}}'));
    expect(status()).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('says that an image is missing, backs off, and goes on once another is set', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/one:1", missing: true}]');
    await cluster.apply(pod(''));
    expect(status()).toMatchObject({ state: { waiting: { reason: 'ImagePullBackOff' } }, imageID: '' });
    expect(cluster.events('Pod', 'one').slice(1)).toEqual([
      'Pulling: Pulling image "example.com/one:1"',
      'Failed: Failed to pull image "example.com/one:1": rpc error: code = NotFound desc = failed to pull and unpack image "example.com/one:1": failed to resolve reference "example.com/one:1": example.com/one:1: not found',
      'Failed: Error: ErrImagePull',
      'BackOff: Back-off pulling image "example.com/one:1"',
      'Failed: Error: ImagePullBackOff',
    ]);
    await cluster.patch('pods', 'one', { spec: { containers: [{ name: 'main', image: 'example.com/one:2' }] } });
    expect(status()).toMatchObject({ ready: true });
  });

  it.each([
    [
      'a key',
      'env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: A}}}]',
      "couldn't find key A in ConfigMap default/settings",
    ],
    ['a ConfigMap', 'envFrom: [{configMapRef: {name: others}}]', 'configmap "others" not found'],
    ['a Secret', 'env: [{name: A, valueFrom: {secretKeyRef: {name: others, key: A}}}]', 'secret "others" not found'],
  ])('waits for %s that a container needs', async (_what, container, message) => {
    cluster = await startCluster();
    await cluster.apply('{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {B: b}}');
    await cluster.apply(pod('', `, ${container}`));
    expect(at(status(), 'state')).toEqual({ waiting: { reason: 'CreateContainerConfigError', message } });
    expect(at(one(), 'status', 'phase')).toBe('Pending');
    await cluster.apply(
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: others}, data: {A: a}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: others}, stringData: {A: a}}',
    );
    await cluster.patch('configmaps', 'settings', { data: { A: 'a' } });
    expect(status()).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('waits for a ConfigMap that is mounted', async () => {
    cluster = await startCluster();
    await cluster.apply(pod('volumes: [{name: v, configMap: {name: files}}], '));
    expect(at(status(), 'state', 'waiting', 'reason')).toBe('ContainerCreating');
    expect(cluster.events('Pod', 'one')).toContain('FailedMount: MountVolume.SetUp failed for volume "v" : configmap "files" not found');
    await cluster.apply('{apiVersion: v1, kind: ConfigMap, metadata: {name: files}, data: {a: b}}');
    expect(status()).toMatchObject({ ready: true });
  });

  it('keeps a container unready whose readiness probe fails, and says why', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/one:*", serves: {8080: [/ready, "/api/*"]}}]');
    await cluster.apply(pod('', ', ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /healthz, port: http}}'));
    expect(status()).toMatchObject({ ready: false, started: true });
    expect(
      cluster
        .events('Pod', 'one')
        .some((event) => event.endsWith('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404')),
    ).toBe(true);
    cluster.advance(120_000);
    expect(status()).toMatchObject({ ready: false, restartCount: 0 });
  });

  it('restarts a container whose liveness probe fails', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/one:*", serves: {9090: [/]}}]');
    await cluster.apply(pod('', ', livenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 5}'));
    expect(Number(status().restartCount)).toBeGreaterThanOrEqual(1);
    const events = cluster.events('Pod', 'one').join('\n');
    expect(events).toMatch(
      /Unhealthy: Liveness probe failed: Get "http:\/\/10\.244\.\d\.\d+:8080\/": dial tcp 10\.244\.\d\.\d+:8080: connect: connection refused/,
    );
    expect(events).toMatch(/Killing: Container main failed liveness probe, will be restarted/);
  });

  it('runs init containers first, one after the other', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/bad:*", exit: {after: 1s, code: 1}}]');
    await cluster.apply(pod('initContainers: [{name: first, image: "example.com/first:1"}, {name: bad, image: "example.com/bad:1"}], '));
    expect(asMaps(at(one(), 'status', 'initContainerStatuses')).map((each) => [each.name, each.ready])).toEqual([
      ['first', true],
      ['bad', false],
    ]);
    expect(at(status(), 'state', 'waiting', 'reason')).toBe('PodInitializing');
    expect(condition('Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [bad]',
    });
    await cluster.patch('pods', 'one', { spec: { initContainers: [{ name: 'bad', image: 'example.com/good:1' }] } });
    cluster.advance(600_000);
    expect(condition('Ready')).toMatchObject({ status: 'True' });
  });

  it('lets a pod that is not restarted succeed or fail', async () => {
    cluster = await startCluster('behaviours: [{image: "example.com/one:*", log: "done", exit: {after: 1s, code: 0}}]');
    await cluster.apply(pod('restartPolicy: Never, '));
    expect(at(one(), 'status', 'phase')).toBe('Succeeded');
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(log()).toEqual(['done']);
  });

  it('fills what it knows into logs, and tells followers of new lines', async () => {
    cluster = await startCluster(`
behaviours:
- image: "example.com/one:*"
  log: "listening on {PORT} as {pod}"
  repeat: [{every: 10s, log: [a, b]}]
`);
    await cluster.apply(pod('', ', env: [{name: PORT, value: "80"}]'));
    const heard: string[] = [];
    const stop = cluster.world.kubelet.follow(one(), 'main', ({ text }) => heard.push(text));
    cluster.advance(25_000);
    stop();
    cluster.advance(25_000);
    expect(heard).toEqual(['listening on 80 as one', 'a', 'b']);
    expect(log()).toEqual(['listening on 80 as one', 'a', 'b', 'a', 'b', 'a']);
    expect(cluster.world.kubelet.usage(one(), 'main')).toEqual({ cpuNanocores: 5_000_000, memoryBytes: 24 * 1024 ** 2 });
  });

  it('ends a pod that is deleted after its containers', async () => {
    cluster = await startCluster();
    await cluster.apply(pod(''));
    cluster.sandbox.api.delete('pods', 'one', 'default');
    expect(one().metadata.deletionTimestamp).toBeDefined();
    await cluster.settle();
    expect(cluster.pods('app=one')).toEqual([]);
    expect(cluster.events('Pod', 'one')).toContain('Killing: Stopping container main');
  });
});
