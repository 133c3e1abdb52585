import { written } from '../../src/json.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { createEventRecorder } from '../../src/world/events.ts';
import type { Cluster } from './harness.ts';
import { startCluster } from './harness.ts';

describe('the event recorder', () => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  const start = async (): Promise<{ readonly pod: KubeObject; readonly record: (reason: string, message: string) => void }> => {
    cluster = await startCluster();
    await cluster.apply('{apiVersion: v1, kind: ConfigMap, metadata: {name: thing}}');
    const pod = cluster.get('configmaps', 'thing');
    const recorder = createEventRecorder(cluster.sandbox.api);
    return { pod, record: (reason, message) => recorder.record({ object: pod, type: 'Normal', reason, message, component: 'tester' }) };
  };
  const thing = (): string[] => cluster.events('ConfigMap', 'thing');

  it('counts what happens again', async () => {
    const { record } = await start();
    record('Seen', 'it');
    cluster.advance(5000);
    record('Seen', 'it');
    expect(thing()).toEqual(['2x Seen: it']);
    const [event] = cluster.sandbox.api.list('events', { fieldSelector: 'involvedObject.name=thing' });
    expect(Date.parse(written(event?.lastTimestamp)) - Date.parse(written(event?.firstTimestamp))).toBe(5000);
  });

  it('combines the tenth and later messages of one reason', async () => {
    const { record } = await start();
    for (let index = 1; index <= 12; index++) record('Seen', `number ${index}`);
    expect(thing()).toHaveLength(10);
    expect(thing()).toContain('Seen: number 9');
    expect(thing().at(-1)).toBe('3x Seen: (combined from similar events): number 12');
  });

  it('writes no more than 25 for an object, then one every five minutes', async () => {
    const { record } = await start();
    for (let index = 0; index < 40; index++) record('Seen', 'it');
    expect(thing()).toEqual(['25x Seen: it']);
    cluster.advance(301_000);
    record('Seen', 'it');
    expect(thing()).toEqual(['26x Seen: it']);
  });

  it('is forgotten after an hour', async () => {
    const { record } = await start();
    record('Seen', 'it');
    cluster.advance(75 * 60_000);
    expect(thing()).toEqual([]);
  });
});
