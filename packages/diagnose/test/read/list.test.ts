import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeHost, openTarget } from '@kw/kube';
import { linkedTransport } from '@kw/kube/testing';
import type { LinkedAnswer } from '@kw/kube/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readWorld } from '../../src/read/read-world.ts';
import type { World } from '../../src/world/world.ts';

type Answer = (url: URL) => LinkedAnswer;

const resources = {
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items: [
    {
      metadata: { name: '' },
      versions: [
        {
          version: 'v1',
          resources: ['pods', 'secrets', 'configmaps', 'namespaces'].map((resource) => ({
            resource,
            responseKind: { kind: resource },
            scope: resource === 'namespaces' ? 'Cluster' : 'Namespaced',
            verbs: ['list'],
          })),
        },
      ],
    },
  ],
};

function page(names: readonly string[], next?: string): LinkedAnswer {
  const metadata = { resourceVersion: '7', ...(next === undefined ? {} : { continue: next }) };
  return { body: { kind: 'List', metadata, items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })) } };
}

const status = (code: number, reason: string, metadata: object = {}): LinkedAnswer => ({
  status: code,
  body: { kind: 'Status', code, reason, message: `${reason} it is`, metadata },
});

async function worldFrom(
  answer: Answer,
  kinds: readonly string[] = ['Pod'],
): Promise<{ readonly world: World; readonly asked: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'kw-diagnose-'));
  const kubeconfig = join(folder, 'config');
  const cluster = { server: 'http://127.0.0.1:1' };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'c', user: {} }],
    }),
  );
  const asked: string[] = [];
  const respond: Answer = (url) => {
    if (url.pathname === '/api') return { body: resources, headers: { 'content-type': 'application/json' } };
    if (url.pathname === '/apis') return { body: { ...resources, items: [] } };
    if (url.pathname === '/version') return { body: { gitVersion: 'v1.36.3', major: '1', minor: '36' } };
    asked.push(`${url.pathname}?${url.searchParams}`);
    return answer(url);
  };
  const open = await openTarget({ host: nodeHost(), kubeconfig, transport: () => linkedTransport(({ url }) => respond(new URL(url))) });
  onTestFinished(async () => {
    await open.close();
    await rm(folder, { recursive: true, force: true });
  });
  const reading = readWorld(open.client, { kinds, now: 0, home: 'home' });
  let step = await reading.next();
  while (step.done !== true) step = await reading.next();
  return { world: step.value, asked };
}

const names = (world: World, kind = 'Pod'): readonly string[] => world.all(kind).map(({ name }) => name);

describe('the reading of a kind', () => {
  it('begins at the cache and follows the pages', async () => {
    const { world, asked } = await worldFrom((url) => (url.searchParams.has('continue') ? page(['c']) : page(['a', 'b'], 'next')));
    expect(names(world)).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual(['/api/v1/pods?limit=500&resourceVersion=0', '/api/v1/pods?limit=500&continue=next']);
    expect(world.serverVersion).toBe('v1.36.3');
  });

  it('goes on with the token that an expired page offers, and gives nothing twice', async () => {
    const { world } = await worldFrom((url) => {
      const token = url.searchParams.get('continue');
      if (token === null) return page(['a', 'b'], 'old');
      return token === 'old' ? status(410, 'Expired', { continue: 'offered' }) : page(['b', 'c']);
    });
    expect(names(world)).toEqual(['a', 'b', 'c']);
  });

  it('begins anew where an expired page offers none', async () => {
    let expired = false;
    const { world } = await worldFrom((url) => {
      if (!url.searchParams.has('continue')) return expired ? page(['a', 'b', 'c']) : page(['a'], 'old');
      expired = true;
      return status(410, 'Expired');
    });
    expect(names(world)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [status(403, 'Forbidden'), 'forbidden'],
    [status(500, 'InternalError'), 'server-error'],
    [{ body: '{"items":[{"metadata"' }, 'bad-answer'],
    [{ body: '<html>a proxy</html>' }, 'bad-answer'],
  ] as const)('%j leaves it unread, and nothing of it is missing', async (answer, code) => {
    const { world } = await worldFrom((url) => (url.pathname.includes('secrets') ? answer : page(['a'])), ['Pod', 'Secret']);
    expect(names(world)).toEqual(['a']);
    expect(world.notRead.map((each) => `${each.kind} ${each.code}`)).toEqual([`Secret ${code}`]);
    expect(world.lookup('Secret', 'shop', 'a').type).toBe('unknown');
  });

  it('is tried namespace by namespace where all at once is refused', async () => {
    const { world } = await worldFrom((url) => {
      if (url.pathname === '/api/v1/namespaces')
        return { body: { items: [{ metadata: { name: 'shop' } }, { metadata: { name: 'other' } }] } };
      return url.pathname.includes('/namespaces/shop/') ? page(['a']) : status(403, 'Forbidden');
    });
    expect(names(world)).toEqual(['a']);
    expect(world.notRead.map(({ namespace }) => namespace)).toEqual(['home', 'other']);
    expect(world.lookup('Pod', 'shop', 'b').type).toBe('missing');
    expect(world.lookup('Pod', 'other', 'b').type).toBe('unknown');
    expect(world.canSee('Pod')).toBe(false);
  });

  it('does not ask for kinds that the server does not have', async () => {
    const { world, asked } = await worldFrom(() => page([]), ['Deployment']);
    expect(asked).toEqual([]);
    expect(world.notRead).toEqual([]);
    expect(world.lookup('Deployment', 'shop', 'a').type).toBe('missing');
  });

  it('keeps the names and keys of Secrets, and no value', async () => {
    const { world } = await worldFrom(
      () => ({
        body: {
          items: [
            {
              metadata: {
                name: 's',
                namespace: 'shop',
                annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'c2VjcmV0LXZhbHVl'.repeat(40) },
              },
              type: 'Opaque',
              data: { password: 'c2VjcmV0LXZhbHVl' },
              stringData: { other: 'c2VjcmV0LXZhbHVl' },
            },
          ],
        },
      }),
      ['Secret'],
    );
    expect(world.all('Secret')[0]?.body).toMatchObject({ type: 'Opaque', keys: ['password'] });
    expect(JSON.stringify(world.all('Secret'))).not.toContain('c2VjcmV0');
  });
});
