import { nodeHost, openTarget } from '@kw/kube';
import type { KubeClient, KubeObject, OpenKubeTarget } from '@kw/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDiagnosis } from '../src/diagnose.ts';

const kubeconfig = process.env['KW_TEST_KUBECONFIG'];
const namespace = 'diagnose';
/** Faults are given time; here some minutes have passed at once. */
const later = (): number => Date.now() + 5 * 60_000;
const core = (resource: string) => ({ group: '', version: 'v1', resource }) as const;
const apps = { group: 'apps', version: 'v1', resource: 'deployments' } as const;

/** A Deployment whose pods behave as kwok's stages say; ready where none is named. */
function deployment(name: string, behave: string | undefined, container: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, ...(behave === undefined ? {} : { annotations: { 'sandbox/behave': behave } }) },
        spec: { containers: [{ name, image: `registry.example.com/${name}:1`, ...container }] },
      },
    },
  };
}

function service(name: string, app: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app }, ports: [{ port: 80 }] } };
}

async function make(client: KubeClient): Promise<void> {
  const options = { dryRun: 'none' } as const;
  await client.create(core('namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options);
  await client.create(
    core('resourcequotas'),
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'pods', namespace },
      spec: { hard: { 'count/services': '9', 'requests.storage': '1Gi' } },
    },
    options,
  );
  await client.create(
    core('persistentvolumeclaims'),
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'standrad', resources: { requests: { storage: '1Gi' } } },
    },
    options,
  );
  for (const each of [
    deployment('fine', undefined),
    deployment('crashes', 'crashloop'),
    deployment('hungry', 'oom', { resources: { limits: { memory: '64Mi' } } }),
    deployment('typo', 'imagepull'),
    deployment('huge', undefined, { resources: { requests: { cpu: '640' } } }),
    deployment('homeless', undefined, { env: [] }),
  ])
    await client.create(apps, each, options);
  await client.patch(
    { resource: apps, namespace, name: 'homeless' },
    { type: 'merge', body: { spec: { template: { spec: { serviceAccountName: 'nobody' } } } } },
    options,
  );
  for (const each of [service('fine', 'fine'), service('fien', 'fien'), service('crashes', 'crashes')])
    await client.create(core('services'), each, options);
}

describe.skipIf(kubeconfig === undefined)('a real control plane', () => {
  let open: OpenKubeTarget;

  beforeAll(async () => {
    open = await openTarget({ host: nodeHost(), kubeconfig });
    await make(open.client);
  });
  afterAll(async () => {
    await open.client.delete({ resource: core('namespaces'), name: namespace }, { dryRun: 'none' });
    await open.close();
  });

  it('is told what is broken in it, cause by cause, and is quiet about the rest', { timeout: 120_000 }, async () => {
    const found = async (): Promise<readonly string[]> =>
      (await runDiagnosis(open.client, { namespace, now: later })).findings.map(({ id }) => id.replace(`/${namespace}`, '')).toSorted();
    await expect
      .poll(found, { timeout: 100_000, interval: 2_000 })
      .toEqual(
        expect.arrayContaining([
          'Deployment/crashes:CrashLoopBackOff',
          'Deployment/homeless:MissingServiceAccount',
          'Deployment/huge:UnschedulableInsufficientResources',
          'Deployment/hungry:OOMKilled',
          'Deployment/typo:ImageNotFound',
          'PersistentVolumeClaim/data:StorageClassMissing',
          'Service/fien:SelectorMismatch',
        ]),
      );
    expect((await found()).filter((id) => id.includes('/fine:'))).toEqual([]);
  });

  it('answers lists whole from its cache, and no kind of it is left unread', async () => {
    const { notChecked, serverVersion, objects } = await runDiagnosis(open.client);
    expect(notChecked).toEqual([]);
    expect(serverVersion).toMatch(/^v1\.\d+/);
    expect(objects).toBeGreaterThan(20);
  });
});
