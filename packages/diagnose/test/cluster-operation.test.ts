import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeHost, openTarget } from '@kw/kube';
import type { OpenKubeTarget } from '@kw/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runDiagnosis } from '../src/diagnose.ts';
import { fieldsAt, isFields, textAt } from '../src/world/fields.ts';

const kubeconfig = process.env['KW_TEST_KUBECONFIG'];
const namespace = 'diagnose-operation';
/** Faults are given time; here a part of an hour has passed at once, which is less than CronJobs are given. */
const later = (): number => Date.now() + 20 * 60_000;

const resources: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'deployments'],
  ['HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
  ['PodDisruptionBudget', 'poddisruptionbudgets'],
  ['Pod', 'pods'],
  ['StatefulSet', 'statefulsets'],
  ['DaemonSet', 'daemonsets'],
  ['Job', 'jobs'],
  ['CronJob', 'cronjobs'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims'],
  ['ConfigMap', 'configmaps'],
]);

function resourceOf(object: unknown): { readonly group: string; readonly version: string; readonly resource: string } {
  const [version = '', group = ''] = textAt(object, 'apiVersion').split('/').toReversed();
  return { group, version, resource: resources.get(textAt(object, 'kind')) ?? '' };
}

const namespaces = { group: '', version: 'v1', resource: 'namespaces' } as const;
const held = { resource: { group: '', version: 'v1', resource: 'configmaps' }, namespace, name: 'held' } as const;

describe.skipIf(kubeconfig === undefined)('workloads, storage and budgets of a real control plane', () => {
  let open: OpenKubeTarget;

  beforeAll(async () => {
    open = await openTarget({ host: nodeHost(), kubeconfig });
    const options = { dryRun: 'none' } as const;
    await open.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options);
    const list: unknown = parse(readFileSync(fileURLToPath(new URL('cluster/operation.yaml', import.meta.url)), 'utf8'));
    for (const item of Array.isArray(list) ? list.filter(isFields) : []) {
      const metadata = { ...fieldsAt(item, 'metadata'), name: textAt(item, 'metadata.name'), namespace };
      await open.client.create(resourceOf(item), { ...item, metadata }, options);
    }
    await open.client.delete(held, options);
  });
  afterAll(async () => {
    const options = { dryRun: 'none' } as const;
    await open.client.patch(held, { type: 'merge', body: { metadata: { finalizers: null } } }, options);
    await open.client.delete({ resource: namespaces, name: namespace }, options);
    await open.close();
  });

  it('shows what is broken in them, and nothing of what is healthy', { timeout: 120_000 }, async () => {
    const found = async (): Promise<readonly string[]> =>
      (await runDiagnosis(open.client, { namespace, now: later, logs: false })).findings.map(({ id }) => id.replace(`/${namespace}`, ''));
    await expect
      .poll(found, { timeout: 100_000, interval: 2_000 })
      .toEqual(
        expect.arrayContaining([
          'ConfigMap/held:DeletionBlocked',
          'CronJob/mail:CronJobSuspended',
          'DaemonSet/agent:NotReadyOnAllNodes',
          'HorizontalPodAutoscaler/nothing:TargetMissing',
          'HorizontalPodAutoscaler/strange:TargetKindUnknown',
          'Job/migrate:JobBackoffLimitExceeded',
          'PersistentVolumeClaim/by-hand:NoMatchingVolume',
          'PersistentVolumeClaim/data-db-0:StorageClassMissing',
          'PodDisruptionBudget/bare:BudgetNotComputed',
          'PodDisruptionBudget/web:BlocksEveryDrain',
          'StatefulSet/db:GoverningServiceMissing',
          'StatefulSet/db:OrdinalNotReady',
          'StatefulSet/db:StorageClassMissing',
        ]),
      );
    await expect.poll(async () => (await found()).filter((id) => id.includes('/fine-')), { timeout: 20_000, interval: 1_000 }).toEqual([]);
  });
});
