import { afterEach, describe, expect, it } from 'vitest';
import type { JsonMap } from '../../src/json.ts';
import { asMaps, at, written } from '../../src/json.ts';
import type { Reply, Started } from '../start.ts';
import { configMap, deployment, start } from '../start.ts';

let started: Started | undefined;
afterEach(async () => started?.sandbox.close());

const path = '/api/v1/namespaces/default/configmaps/shared';

async function apply(manager: string, data: JsonMap, force = false): Promise<Reply> {
  started ??= await start();
  return started.ask('PATCH', `${path}?fieldManager=${manager}${force ? '&force=true' : ''}`, {
    body: configMap('shared', data),
    type: 'application/apply-patch+yaml',
  });
}

const owners = (reply: Reply): string[] =>
  asMaps(at(reply.body, 'metadata', 'managedFields')).map((entry) => `${written(entry.manager)} ${JSON.stringify(entry.fieldsV1)}`);

describe('server-side apply', () => {
  it('creates, and refuses to take what another manager owns', async () => {
    started = await start();
    expect(await apply('one', { a: '1' })).toMatchObject({ status: 201 });
    const refused = await apply('two', { a: '2' });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
        details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
      },
    });
  });

  it('takes it by force', async () => {
    started = await start();
    await apply('one', { a: '1' });
    const forced = await apply('two', { a: '2' }, true);
    expect(at(forced.body, 'data', 'a')).toBe('2');
    expect(owners(forced)).toEqual(['two {"f:data":{"f:a":{}}}']);
  });

  it('removes what the manager no longer says, unless another one says it too', async () => {
    started = await start();
    await apply('one', { a: '1', b: '2', c: '3' });
    await apply('two', { b: '2' });
    const less = await apply('one', { c: '3' });
    expect(less.body.data).toEqual({ b: '2', c: '3' });
  });

  it('changes nothing when nothing changes', async () => {
    started = await start();
    const first = await apply('one', { a: '1' });
    const again = await apply('one', { a: '1' });
    expect(at(again.body, 'metadata', 'resourceVersion')).toBe(at(first.body, 'metadata', 'resourceVersion'));
  });

  it('knows items of lists by their keys', async () => {
    started = await start();
    const where = '/apis/apps/v1/namespaces/default/deployments/web';
    await started.ask('PATCH', `${where}?fieldManager=one`, { body: deployment('web'), type: 'application/apply-patch+yaml' });
    const other: JsonMap = {
      ...deployment('web'),
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'main', image: 'nginx:1.26' },
              { name: 'side', image: 'redis:7' },
            ],
          },
        },
      },
    };
    const refused = await started.ask('PATCH', `${where}?fieldManager=two`, { body: other, type: 'application/apply-patch+yaml' });
    expect(refused.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.template.spec.containers[name="main"].image',
    );
    const forced = await started.ask('PATCH', `${where}?fieldManager=two&force=true`, {
      body: other,
      type: 'application/apply-patch+yaml',
    });
    expect(
      asMaps(at(forced.body, 'spec', 'template', 'spec', 'containers')).map(({ name, image }) => `${written(name)} ${written(image)}`),
    ).toEqual(['main nginx:1.26', 'side redis:7']);
  });

  it('needs a manager and no managedFields', async () => {
    started = await start();
    expect((await started.ask('PATCH', path, { body: configMap('shared'), type: 'application/apply-patch+yaml' })).body.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  });
});
