import { describe, expect, it } from 'vitest';
import { findResource } from '../../src/index.ts';
import type { KubeClient } from '../../src/index.ts';
import { linkedTransport } from '../../src/testing/index.ts';
import type { LinkedAnswer } from '../../src/testing/index.ts';
import { movableClock, openTestTarget } from '../support/connection.ts';

const aggregated = (items: readonly object[]): LinkedAnswer => ({
  body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items },
});
const resource = (name: string, kind: string, more: object = {}): object => ({
  resource: name,
  responseKind: { group: '', version: '', kind },
  scope: 'Namespaced',
  singularResource: kind.toLowerCase(),
  verbs: ['get', 'list'],
  ...more,
});
const core = aggregated([{ metadata: {}, versions: [{ version: 'v1', freshness: 'Current', resources: [
  resource('pods', 'Pod', { shortNames: ['po'], categories: ['all'], subresources: [{ subresource: 'log', responseKind: { kind: 'Pod' }, verbs: ['get'] }] }),
  resource('namespaces', 'Namespace', { scope: 'Cluster', shortNames: ['ns'] }),
  resource('events', 'Event', { shortNames: ['ev'] }),
] }] }]); // prettier-ignore
const groups = aggregated([
  { metadata: { name: 'apps' }, versions: [{ version: 'v1', freshness: 'Current', resources: [resource('deployments', 'Deployment', { shortNames: ['deploy'] })] }] },
  { metadata: { name: 'events.k8s.io' }, versions: [{ version: 'v1', freshness: 'Current', resources: [resource('events', 'Event', { shortNames: ['ev'] })] }] },
  { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale', resources: [] }] },
  { metadata: { name: 'example.com' }, versions: [{ version: 'v2', freshness: 'Current', resources: [resource('__proto__', 'Constructor'), resource('widgets', 'Widget')] }, { version: 'v1', freshness: 'Current', resources: [resource('widgets', 'Widget')] }] },
]); // prettier-ignore

async function clientFor(
  answers: ReadonlyMap<string, LinkedAnswer>,
  now?: () => number,
): Promise<{ readonly client: KubeClient; readonly asked: string[] }> {
  const asked: string[] = [];
  const { client } = await openTestTarget({
    ...(now !== undefined && { host: { now } }),
    transport: () =>
      linkedTransport(({ url }) => {
        const path = new URL(url).pathname;
        asked.push(path);
        return answers.get(path) ?? { status: 404, body: { kind: 'Status', code: 404, reason: 'NotFound', message: 'not found' } };
      }),
  });
  return { client, asked };
}

describe('discovery', () => {
  it('takes two requests where it is aggregated, and is kept for 10 minutes', async () => {
    const clock = movableClock();
    const { client, asked } = await clientFor(new Map([['/api', core], ['/apis', groups]]), clock.now); // prettier-ignore
    const { resources, failures } = await client.resources();
    expect(resources[0]).toEqual({
      group: '', version: 'v1', resource: 'pods', kind: 'Pod', singular: 'pod', shortNames: ['po'], categories: ['all'], namespaced: true, verbs: ['get', 'list'], subresources: ['log'],
    }); // prettier-ignore
    expect(failures).toEqual([{ groupVersion: 'metrics.k8s.io/v1beta1', message: expect.stringMatching(/does not answer/) }]);
    await client.resources();
    expect(asked.toSorted()).toEqual(['/api', '/apis']);
    clock.move(11 * 60_000);
    await client.resources();
    expect(asked).toHaveLength(4);
  });

  it('asks old servers group by group, and a broken group takes none of the others with it', async () => {
    const { client } = await clientFor(
      new Map<string, LinkedAnswer>([
        ['/api', { body: { kind: 'APIVersions', versions: ['v1'] } }],
        [
          '/apis',
          {
            body: {
              kind: 'APIGroupList',
              groups: [
                { name: 'apps', versions: [{ version: 'v1beta1' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
                { name: 'broken.example.com', versions: [{ version: 'v1' }] },
              ],
            },
          },
        ],
        [
          '/api/v1',
          {
            body: {
              kind: 'APIResourceList',
              resources: [
                { name: 'pods', kind: 'Pod', singularName: 'pod', namespaced: true, verbs: ['get'], shortNames: ['po'] },
                { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
              ],
            },
          },
        ],
        [
          '/apis/apps/v1',
          { body: { resources: [{ name: 'deployments', kind: 'Deployment', singularName: '', namespaced: true, verbs: [] }] } },
        ],
        ['/apis/apps/v1beta1', { body: { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: [] }] } }],
        ['/apis/broken.example.com/v1', { status: 503, body: 'down' }],
      ]),
    );
    const { resources, failures } = await client.resources();
    expect(resources.map(({ group, version, resource: name }) => `${group}/${version}/${name}`)).toEqual([
      '/v1/pods',
      'apps/v1/deployments',
      'apps/v1beta1/deployments',
    ]);
    expect(resources[0]?.subresources).toEqual(['log']);
    expect(failures).toEqual([{ groupVersion: 'broken.example.com/v1', message: expect.stringMatching(/503/) }]);
  });

  it.each([
    ['pods', '/v1/pods'], ['pod', '/v1/pods'], ['Pod', '/v1/pods'], ['po', '/v1/pods'], ['PODS', '/v1/pods'],
    ['deploy', 'apps/v1/deployments'], ['deployments.apps', 'apps/v1/deployments'], ['deployment.v1.apps', 'apps/v1/deployments'],
    ['events', '/v1/events'], ['ev', '/v1/events'], ['events.events.k8s.io', 'events.k8s.io/v1/events'], ['events.events', 'events.k8s.io/v1/events'],
    ['widgets', 'example.com/v2/widgets'], ['widgets.v1.example.com', 'example.com/v1/widgets'], ['__proto__', 'example.com/v2/__proto__'], ['ns', '/v1/namespaces'],
  ])('%s means %s', async (name, expected) => {
    const { client } = await clientFor(new Map([['/api', core], ['/apis', groups]])); // prettier-ignore
    const { group, version, resource: plural } = await client.resolveResource(name);
    expect(`${group}/${version}/${plural}`).toBe(expected);
  }); // prettier-ignore

  it('a kind that is not known is looked for once more, then named', async () => {
    const { client, asked } = await clientFor(new Map([['/api', core], ['/apis', groups]])); // prettier-ignore
    await client.resources();
    await expect(client.resolveResource('gadgets')).rejects.toMatchObject({
      code: 'unknown-resource',
      message: expect.stringMatching(/no resource "gadgets"/),
    });
    expect(asked).toHaveLength(4);
    for (const name of ['constructor.example.org', 'toString', '', '.', 'pods.v2'])
      await expect(client.resolveResource(name)).rejects.toMatchObject({ code: 'unknown-resource' });
    expect(findResource([], 'pods')).toBeUndefined();
  });

  it('answers of odd shapes are passed over', async () => {
    const odd = aggregated([{ metadata: 7, versions: 'x' }, { versions: [{ version: 1, resources: [null, { resource: 'x' }, 5] }] }]);
    const { client } = await clientFor(new Map([['/api', odd], ['/apis', odd]])); // prettier-ignore
    await expect(client.resources()).resolves.toEqual({ resources: [], failures: [] });
  });
});
