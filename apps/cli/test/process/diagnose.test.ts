import { startScriptedServer } from '@kw/providers/testing';
import { createDemo } from '@kw/sandbox';
import type { Demo } from '@kw/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';

let demo: Demo;
let place: Place;

beforeAll(async () => {
  demo = await createDemo();
});
afterAll(async () => {
  await demo.close();
});
beforeEach(async () => {
  place = await createPlace({ KUBECONFIG: demo.kubeconfigPath });
});
afterEach(async () => {
  await place.remove();
});

describe('diagnose', () => {
  it('prints a table without a key and without a model, and nothing on standard error', async () => {
    const { code, stdout, stderr } = await place.run(['diagnose']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^SEVERITY +NAMESPACE +OBJECT +REASON +FOR\n/);
    for (const { workload } of demo.problems) expect(stdout).toContain(workload);
    expect(stdout).not.toContain('\u001b');
  });

  it('-o json gives one object and nothing else; --fail-on makes the exit code 5', async () => {
    const { code, stdout, stderr } = await place.run(['diagnose', '-A', '-o', 'json', '--fail-on=critical']);
    expect({ code, stderr }).toEqual({ code: 5, stderr: '' });
    const { findings } = JSON.parse(stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'Service', name: 'cart', reason: 'SelectorMismatch', severity: 'critical' }),
    );
    const cart = await place.run(['diagnose', '-l', 'app=recommender', '--fail-on', 'critical', '-o', 'json', '--kinds=services']);
    expect(cart.code).toBe(0);
    expect(JSON.parse(cart.stdout).findings).toEqual([]);
  });

  it('filters by labels, kinds and severity, and writes Markdown', async () => {
    const { stdout } = await place.run(['diagnose', '-l', 'app=search', '--kinds', 'deploy', '--severity=critical', '-omarkdown']);
    expect(stdout.match(/^## /gm)).toHaveLength(1);
    expect(stdout).toContain('## critical: `deployment/search -n shop` ImageNotFound');
  });

  it('has Chinese headings', async () => {
    expect((await place.run(['diagnose', '--lang=zh'])).stdout).toMatch(/^级别 +命名空间 +对象 +原因 +持续\n/);
  });

  it.each([
    [['--severity=bad'], 'critical, warning, info'],
    [['--since=5x'], '30m, 2h, 1d'],
    [['--kinds=foo'], 'Pod'],
    [['--include=everything'], 'security'],
    [['-o', 'yaml'], 'table, json, markdown'],
    [['-l', 'a b'], 'label selector'],
  ])('refuses %j and says what may stand there', async (flags, way) => {
    const { code, stdout, stderr } = await place.run(['diagnose', ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(way);
  });

  it('a namespace that does not exist is an error, and no healthy one', async () => {
    const { code, stderr } = await place.run(['diagnose', '-n', 'shp']);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no namespace "shp"');
  });

  it('a server that does not answer is a clear error', async () => {
    const { code, stderr } = await place.run(['diagnose', '--context=nowhere']);
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere');
  });
});

describe('the tool diagnose', () => {
  it('is called by the model at once, and gives it causes and evidence in one answer', async () => {
    const model = await startScriptedServer({
      script: [
        { toolCalls: [{ name: 'diagnose', arguments: { namespace: 'shop', severity: 'critical' } }] },
        { text: 'it is the database port' },
      ],
    });
    try {
      const { code, stdout } = await place.run(['--quiet', '--llm-provider=openai', '--model=gpt-5', 'what is broken?'], {
        env: { OPENAI_ENDPOINT: model.url, OPENAI_API_KEY: 'sk-diagnose-0123456789' },
      });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'it is the database port\n' });
      const messages = model.chats().at(-1)?.body['messages'];
      const told = JSON.stringify(Array.isArray(messages) ? messages.at(-1) : messages);
      for (const { workload } of demo.problems) expect(told).toContain(workload);
      expect(told).toMatch(/log: FATAL could not connect to postgres:\/\/payments@db\.shop\.svc:5433/);
      expect(told.length).toBeLessThan(3_000);
    } finally {
      await model.close();
    }
  });

  it('is listed by `tools`', async () => {
    expect((await place.run(['tools'])).stdout).toContain('diagnose');
  });
});
