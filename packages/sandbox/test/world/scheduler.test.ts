import { afterEach, describe, expect, it } from 'vitest';
import { asMaps, at } from '../../src/json.ts';
import type { Cluster } from './harness.ts';
import { deployment, startCluster } from './harness.ts';

describe('the scheduler', () => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  const pod = (name: string, spec: string, container = ''): string =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: ${name}}}, spec: {${spec}containers: [{name: a, image: a${container}}]}}`;
  const node = (name: string): unknown => at(cluster.get('pods', name), 'spec', 'nodeName');
  const refusal = (name: string): unknown =>
    asMaps(at(cluster.get('pods', name), 'status', 'conditions')).find((each) => each.type === 'PodScheduled')?.message;
  const preemption = (text: string): string => `. no new claims to deallocate, preemption: 0/3 nodes are available: ${text}.`;

  it('spreads the pods of a workload over the nodes', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 4));
    const nodes = cluster.pods('app=web').map((each) => at(each, 'spec', 'nodeName'));
    expect(nodes.filter((each) => each === 'worker-1')).toHaveLength(2);
    expect(nodes.filter((each) => each === 'worker-2')).toHaveLength(2);
    expect(cluster.pods('app=web')[0]?.metadata.labels?.['topology.kubernetes.io/zone']).toMatch(/^[ab]$/);
  });

  it.each([
    [
      'more CPUs than a node has',
      '',
      ', resources: {requests: {cpu: "64"}}',
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu${preemption('3 Preemption is not helpful for scheduling')}`,
    ],
    [
      'a label that no node has',
      'nodeSelector: {disk: gold}, ',
      '',
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector${preemption('3 Preemption is not helpful for scheduling')}`,
    ],
    [
      'a claim that does not exist',
      'volumes: [{name: v, persistentVolumeClaim: {claimName: nope}}], ',
      '',
      '0/3 nodes are available: persistentvolumeclaim "nope" not found. not found',
    ],
  ])('says why a pod that asks for %s stays pending', async (_what, spec, container, message) => {
    cluster = await startCluster();
    await cluster.apply(pod('one', spec, container));
    expect(at(cluster.get('pods', 'one'), 'status', 'phase')).toBe('Pending');
    expect(refusal('one')).toBe(message);
    expect(cluster.events('Pod', 'one')).toEqual([`FailedScheduling: ${message}`]);
  });

  it('places a waiting pod when others have gone', async () => {
    cluster = await startCluster();
    for (const name of ['one', 'two', 'three']) await cluster.apply(pod(name, '', ', resources: {requests: {memory: 6Gi}}'));
    expect(refusal('three')).toBe(
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient memory${preemption('1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod')}`,
    );
    cluster.sandbox.api.delete('pods', 'one', 'default');
    await cluster.settle();
    cluster.advance(2000);
    expect(node('three')).toBeDefined();
  });

  it('keeps pods off nodes that are cordoned, and on those whose taints they tolerate', async () => {
    cluster = await startCluster();
    for (const name of ['worker-1', 'worker-2']) await cluster.patch('nodes', name, { spec: { unschedulable: true } });
    await cluster.apply(pod('one', ''));
    expect(refusal('one')).toContain('2 node(s) were unschedulable');
    await cluster.apply(pod('two', 'tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}], '));
    expect(node('two')).toBe('control');
  });

  it('minds host ports, and pods that must not stand together', async () => {
    cluster = await startCluster();
    const port = ', ports: [{containerPort: 80, hostPort: 80}]';
    const anti =
      'affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchExpressions: [{key: app, operator: In, values: [a1, a2, a3]}]}}]}}, ';
    for (const name of ['p1', 'p2', 'p3']) await cluster.apply(pod(name, '', port));
    for (const name of ['a1', 'a2', 'a3']) await cluster.apply(pod(name, anti));
    expect(new Set([node('p1'), node('p2')]).size).toBe(2);
    expect(refusal('p3')).toContain("2 node(s) didn't have free ports for the requested pod ports");
    expect(new Set([node('a1'), node('a2')]).size).toBe(2);
    expect(refusal('a3')).toContain("2 node(s) didn't match pod anti-affinity rules");
  });

  it('drives pods off a node with a NoExecute taint', async () => {
    cluster = await startCluster();
    await cluster.apply(deployment('web', 2));
    await cluster.patch('nodes', 'worker-1', { spec: { taints: [{ key: 'broken', effect: 'NoExecute' }] } });
    expect(cluster.pods('app=web').map((each) => at(each, 'spec', 'nodeName'))).toEqual(['worker-2', 'worker-2']);
  });
});
