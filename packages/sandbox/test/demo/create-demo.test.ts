import { stat } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { manualClock } from '../../src/clock.ts';
import type { Demo } from '../../src/demo/create-demo.ts';
import { createDemo } from '../../src/demo/create-demo.ts';
import { asMaps, at } from '../../src/json.ts';
import type { JsonMap } from '../../src/json.ts';

describe('the demo', () => {
  let demo: Demo;
  afterEach(() => demo.close());

  const names = (): string[] => demo.api.list('pods', { namespace: 'shop' }).map(({ metadata }) => metadata.name ?? '');
  const pod = (app: string) => demo.api.list('pods', { namespace: 'shop', labelSelector: `app=${app}` })[0];
  const status = (app: string): JsonMap => asMaps(at(pod(app), 'status', 'containerStatuses'))[0] ?? {};
  const isReady = (app: string): boolean =>
    asMaps(at(pod(app), 'status', 'conditions')).some(({ type, status: value }) => type === 'Ready' && value === 'True');
  const log = (app: string, previous = false): string =>
    (demo.world.kubelet.logs(pod(app) ?? { apiVersion: 'v1', kind: 'Pod', metadata: {} }, app, { previous }) ?? [])
      .map(({ text }) => text)
      .join('\n');
  const endpoints = (service: string): JsonMap[] =>
    demo.api
      .list('endpointslices.discovery.k8s.io', { namespace: 'shop', labelSelector: `kubernetes.io/service-name=${service}` })
      .flatMap((slice) => asMaps(slice.endpoints));

  it('has seven broken workloads, each broken as it says', async () => {
    demo = await createDemo({ clock: manualClock() });
    expect(demo.problems).toHaveLength(7);
    expect(demo.api.list('deployments.apps', { namespace: 'shop' }).length + 2).toBe(11);
    for (const app of ['web', 'catalog', 'db', 'cart']) expect(isReady(app)).toBe(true);
    expect(at(pod('analytics'), 'status', 'conditions', 0, 'message')).toContain('2 Insufficient cpu');
    expect(endpoints('cart')).toEqual([]);
    expect(log('web')).toContain('upstream cart.shop.svc: no endpoints');
    expect(status('gateway')).toMatchObject({ ready: false, started: true });
    expect(log('gateway')).toContain('GET /ready 404');
    expect(at(status('notifier'), 'state', 'waiting')).toEqual({
      reason: 'CreateContainerConfigError',
      message: "couldn't find key SMTP_HOST in ConfigMap shop/notifier-settings",
    });
    expect(Number(status('payments').restartCount)).toBeGreaterThan(5);
    expect(log('payments', true)).toContain(':5433: connect: connection refused');
    expect(at(status('recommender'), 'lastState', 'terminated')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(at(status('search'), 'state', 'waiting', 'reason')).toBe('ImagePullBackOff');
  });

  it('looks lived in: ages, counted events, revisions to go back to', async () => {
    const clock = manualClock();
    demo = await createDemo({ clock });
    const age = (created: string | undefined): number => Math.round((clock.now() - Date.parse(created ?? '')) / 60_000);
    expect(age(pod('web')?.metadata.creationTimestamp)).toBe(47);
    expect(age(pod('search')?.metadata.creationTimestamp)).toBe(21);
    expect(demo.api.find('deployments.apps', 'search', 'shop')?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '2',
      'kubernetes.io/change-cause': 'search 3.0.1-rc9',
    });
    expect(Math.max(...demo.api.list('events', { namespace: 'shop' }).map(({ count }) => Number(count ?? 0)))).toBeGreaterThan(10);
  });

  it('is the same for the same seed', async () => {
    demo = await createDemo({ clock: manualClock() });
    const first = names();
    await demo.close();
    demo = await createDemo({ clock: manualClock() });
    expect(names()).toEqual(first);
  });

  it('has a kubeconfig of its own, for its owner only, with the namespace of the shop', async () => {
    demo = await createDemo();
    expect((await stat(demo.kubeconfigPath)).mode & 0o777).toBe(0o600);
    expect(await readFile(demo.kubeconfigPath, 'utf8')).toContain('namespace: shop');
    const path = demo.kubeconfigPath;
    await demo.close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  const strategic = (resource: string, name: string, body: JsonMap): void =>
    void demo.api.patch(resource, name, 'shop', { type: 'strategic', body });
  const container = (name: string, fields: JsonMap): JsonMap => ({ spec: { template: { spec: { containers: [{ name, ...fields }] } } } });
  const fixes: readonly (readonly [app: string, fix: () => void])[] = [
    ['analytics', () => strategic('deployments.apps', 'analytics', container('analytics', { resources: { requests: { cpu: '500m' } } }))],
    [
      'gateway',
      () =>
        strategic('deployments.apps', 'gateway', container('gateway', { readinessProbe: { httpGet: { path: '/readyz', port: 8080 } } })),
    ],
    ['notifier', () => strategic('configmaps', 'notifier-settings', { data: { SMTP_HOST: 'smtp.example.com' } })],
    [
      'payments',
      () =>
        strategic(
          'deployments.apps',
          'payments',
          container('payments', {
            env: [{ name: 'DATABASE_URL', value: 'postgres://payments@db.shop.svc:5432/payments', valueFrom: null }],
          }),
        ),
    ],
    [
      'recommender',
      () => strategic('deployments.apps', 'recommender', container('recommender', { resources: { limits: { memory: '512Mi' } } })),
    ],
    ['search', () => strategic('deployments.apps', 'search', container('search', { image: 'registry.example.com/shop/search:3.0.1' }))],
  ];

  it.each(fixes)('heals %s within a second of real time', async (app, fix) => {
    demo = await createDemo();
    expect(isReady(app)).toBe(false);
    const healed = new Promise<number>((resolve) => {
      const start = performance.now();
      demo.api.watch(() => isReady(app) && resolve(performance.now() - start));
    });
    fix();
    await demo.world.settle();
    expect(isReady(app)).toBe(true);
    expect(await healed).toBeLessThan(2000);
  });

  it('heals cart when the selector of its Service is corrected', async () => {
    demo = await createDemo();
    strategic('services', 'cart', { spec: { selector: { app: 'cart' } } });
    await demo.world.settle();
    expect(endpoints('cart')).toHaveLength(2);
  });
});
