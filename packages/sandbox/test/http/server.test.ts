import { stat } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { asList, asMaps, at, written } from '../../src/json.ts';
import { createSandbox } from '../../src/sandbox.ts';
import type { Started } from '../start.ts';
import { configMap, deployment, start } from '../start.ts';

let started: Started | undefined;
afterEach(async () => started?.sandbox.close());

const maps = '/api/v1/namespaces/default/configmaps';

async function lines(response: Response, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  let rest = '';
  for await (const chunk of response.body ?? []) {
    rest += new TextDecoder().decode(chunk);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      found.push(JSON.parse(rest.slice(0, end)));
      rest = rest.slice(end + 1);
    }
    if (found.length >= count) break;
  }
  return found;
}

describe('the server', () => {
  it('is reached through its secret path only, on the loopback interface', async () => {
    started = await start();
    const { url } = started.sandbox;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/c\/[0-9a-f]{32}$/);
    expect((await fetch(`${url}/version`)).status).toBe(200);
    expect((await fetch(`${new URL(url).origin}/version`)).status).toBe(404);
    await expect(started.sandbox.fetch('http://127.0.0.1:1/version')).rejects.toThrow('the sandbox answers');
  });

  it('says of itself that it is a sandbox', async () => {
    started = await start();
    expect((await started.ask('GET', '/version')).body.gitVersion).toMatch(/^v1\.36\.\d+\+sandbox$/);
  });

  it('writes a kubeconfig for its owner only and takes it away again', async () => {
    const sandbox = await createSandbox();
    expect((await stat(sandbox.kubeconfigPath)).mode & 0o777).toBe(0o600);
    await sandbox.close();
    await expect(stat(sandbox.kubeconfigPath)).rejects.toThrow('ENOENT');
  });

  it('remembers what it was asked', async () => {
    started = await start();
    await started.ask('GET', `${maps}?limit=1`);
    expect(started.sandbox.requests.at(-1)).toEqual({ method: 'GET', path: `${maps}?limit=1`, status: 200, user: 'kubernetes-admin' });
  });

  it('pages through a list that stays as it was', async () => {
    started = await start();
    for (const name of ['a', 'b', 'c']) await started.ask('POST', maps, { body: configMap(name) });
    const first = await started.ask('GET', `${maps}?limit=2`);
    await started.ask('POST', maps, { body: configMap('bb') });
    const rest = await started.ask('GET', `${maps}?limit=5&continue=${written(at(first.body, 'metadata', 'continue'))}`);
    const names = [...asMaps(first.body.items), ...asMaps(rest.body.items)].map((item) => at(item, 'metadata', 'name'));
    expect(names).toEqual(['a', 'b', 'c', 'kube-root-ca.crt']);
    expect(at(first.body, 'metadata', 'remainingItemCount')).toBe(2);
  });

  it('ends the first part of a watch list with a bookmark and goes on with changes', async () => {
    started = await start();
    const { sandbox, ask } = started;
    await ask('POST', maps, { body: configMap('a') });
    const controller = new AbortController();
    const query =
      'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Da';
    const response = await sandbox.fetch(`${sandbox.url}${maps}?${query}`, { signal: controller.signal });
    await ask('PATCH', `${maps}/a`, { body: { data: { x: 'y' } }, type: 'application/merge-patch+json' });
    await ask('DELETE', `${maps}/a`);
    const events = await lines(response, 4);
    controller.abort();
    expect(events).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'a' } } },
      { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
      { type: 'MODIFIED', object: { data: { x: 'y' } } },
      { type: 'DELETED', object: { metadata: { name: 'a' } } },
    ]);
  });

  it('tells a watcher that an object no longer fits its selector', async () => {
    started = await start();
    const { sandbox, ask } = started;
    await ask('POST', maps, { body: { ...configMap('a'), metadata: { name: 'a', labels: { keep: 'yes' } } } });
    const controller = new AbortController();
    const response = await sandbox.fetch(`${sandbox.url}${maps}?watch=true&labelSelector=keep%3Dyes`, { signal: controller.signal });
    await ask('PATCH', `${maps}/a`, { body: { metadata: { labels: { keep: 'no' } } }, type: 'application/merge-patch+json' });
    expect(await lines(response, 2)).toMatchObject([
      { type: 'ADDED' },
      { type: 'DELETED', object: { metadata: { labels: { keep: 'yes' } } } },
    ]);
    controller.abort();
  });

  it('keeps nothing of a dry run', async () => {
    started = await start();
    const { ask } = started;
    const dry = await ask('POST', '/apis/apps/v1/namespaces/default/deployments?dryRun=All', { body: deployment('web') });
    expect(dry).toMatchObject({ status: 201, body: { spec: { replicas: 1 } } });
    expect((await ask('GET', '/apis/apps/v1/namespaces/default/deployments/web')).status).toBe(404);
  });

  it('warns of unknown fields, and refuses them when it is asked to be strict', async () => {
    started = await start();
    const { ask } = started;
    const body = { ...configMap('a'), nope: 1 };
    expect(await ask('POST', maps, { body })).toMatchObject({ status: 201, warning: '299 - "unknown field \\"nope\\""' });
    expect((await ask('POST', `${maps}?fieldValidation=Strict`, { body })).body.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nope"',
    );
  });

  it('holds what has a finalizer until it is gone', async () => {
    started = await start();
    const { ask } = started;
    await ask('POST', maps, { body: { ...configMap('held'), metadata: { name: 'held', finalizers: ['example.com/keep'] } } });
    expect(at((await ask('DELETE', `${maps}/held`)).body, 'metadata', 'deletionTimestamp')).toBe('2026-01-05T08:00:00Z');
    expect((await ask('GET', `${maps}/held`)).status).toBe(200);
    await ask('PATCH', `${maps}/held`, { body: { metadata: { finalizers: null } }, type: 'application/merge-patch+json' });
    expect((await ask('GET', `${maps}/held`)).status).toBe(404);
  });

  it('refuses loudly what it does not do', async () => {
    started = await start();
    const { ask, sandbox } = started;
    sandbox.api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
    sandbox.api.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'x' }] },
    });
    expect(await ask('POST', '/api/v1/namespaces/default/pods/p/exec?command=ls')).toMatchObject({
      status: 501,
      body: { reason: 'NotImplemented' },
    });
    const hooks = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'w' } };
    expect((await ask('POST', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', { body: hooks })).warning).toContain(
      'does not act upon it: its webhooks are not called',
    );
  });

  it('refuses a body that is too large', async () => {
    started = await start();
    const huge = JSON.stringify(configMap('a', { a: 'x'.repeat(4 * 1024 * 1024) }));
    expect(
      (await fetch(`${started.sandbox.url}${maps}`, { method: 'POST', body: huge, headers: { 'content-type': 'application/json' } }))
        .status,
    ).toBe(413);
  });

  it('serves custom resources: schema, defaults, rules, discovery', async () => {
    started = await start();
    const { ask } = started;
    const schema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          required: ['size'],
          properties: { size: { type: 'integer', minimum: 1 }, colour: { type: 'string', default: 'blue' } },
          'x-kubernetes-validations': [{ rule: "self.size < 10 || self.colour == 'red'", message: 'big ones are red' }],
        },
      },
    };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    };
    const widget = (spec: object): object => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec });
    const path = '/apis/example.com/v1/namespaces/default/widgets';
    expect((await ask('POST', path, { body: widget({ size: 1 }) })).status).toBe(404);
    await ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: definition });
    expect(asList((await ask('GET', '/apis/example.com/v1')).body.resources)).toHaveLength(1);
    expect((await ask('POST', path, { body: widget({ size: 'big' }) })).body.message).toContain(
      'spec.size in body must be of type integer: "string"',
    );
    expect((await ask('POST', path, { body: widget({ size: 50 }) })).body.message).toBe(
      'Widget.example.com "w" is invalid: spec: Invalid value: big ones are red',
    );
    expect((await ask('POST', path, { body: widget({ size: 5 }) })).body.spec).toEqual({ size: 5, colour: 'blue' });
  });
});
