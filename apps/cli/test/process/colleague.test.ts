import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusters, deployment } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { openTerminal } from './terminal.ts';

const prompt = 'y = run it';

let cluster: Cluster;
let model: ScriptedServer;
let place: Place;

describe.each(clusters)("a colleague's hand between preview and answer, on $name", ({ open }) => {
  beforeAll(async () => {
    cluster = await open();
  });
  afterAll(async () => {
    await cluster.close();
  });
  beforeEach(async () => {
    await cluster.apply(deployment('web', 2));
    model = await startScriptedServer({ strict: true });
    place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', KUBECONFIG: cluster.kubeconfig });
  });
  afterEach(async () => {
    await model.close();
    await place.remove();
  });

  const replicas = (): Promise<string> =>
    cluster.kubectl('get', 'deployment', 'web', '-n', cluster.namespace, '-o', 'jsonpath={.spec.replicas}');

  it('a changed field asks again, shows what it would change now, and runs only after a second yes', async () => {
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl scale deployment web --replicas=5 -n ${cluster.namespace}` } }] },
      { text: 'done' },
    );
    const terminal = await openTerminal(place, ['scale web to 5']);
    await terminal.shows(prompt);
    expect(terminal.bytes()).toMatch(/spec\.replicas.*2.*5/);
    await cluster.kubectl('scale', 'deployment', 'web', '--replicas=3', '-n', cluster.namespace);
    terminal.type('y\r');
    await terminal.shows(prompt, 2);
    expect(terminal.bytes()).toContain('the object changed since it was shown');
    expect(terminal.bytes()).toMatch(/spec\.replicas.*3.*5/);
    expect(await replicas()).toBe('3');
    terminal.type('y\r');
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('5');
  });

  it('a deleted object asks again', async () => {
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl delete deployment web -n ${cluster.namespace}` } }] },
      { text: 'done' },
    );
    const terminal = await openTerminal(place, ['delete web']);
    await terminal.shows(prompt);
    expect(terminal.bytes()).toMatch(/delete.*Deployment.*web/);
    await cluster.kubectl('delete', 'deployment', 'web', '-n', cluster.namespace);
    await cluster.apply(deployment('web', 4));
    terminal.type('y\r');
    await terminal.shows(prompt, 2);
    terminal.type('n\r');
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('4');
  });

  it('what controllers write to the status asks nobody again', async () => {
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl label deployment web team=shop -n ${cluster.namespace}` } }] },
      { text: 'done' },
    );
    const terminal = await openTerminal(place, ['label web']);
    await terminal.shows(prompt);
    await cluster.kubectl(
      'patch',
      'deployment',
      'web',
      '-n',
      cluster.namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"observedGeneration":7}}',
    );
    terminal.type('y\r');
    expect((await terminal.ended).code).toBe(0);
    expect(terminal.bytes().split(prompt)).toHaveLength(2);
    expect(await cluster.kubectl('get', 'deployment', 'web', '-n', cluster.namespace, '-o', 'jsonpath={.metadata.labels.team}')).toBe(
      'shop',
    );
  });
});
