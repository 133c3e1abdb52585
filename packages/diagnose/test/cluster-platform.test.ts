import { nodeHost, openTarget } from '@kw/kube';
import type { GroupVersionResource, KubeObject, OpenKubeTarget } from '@kw/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDiagnosis } from '../src/diagnose.ts';

const kubeconfig = process.env['KW_TEST_KUBECONFIG'];
const namespace = 'diagnose-traffic';
/** Faults are given time; here some minutes have passed at once. */
const later = (): number => Date.now() + 5 * 60_000;

const namespaces = { group: '', version: 'v1', resource: 'namespaces' } as const;
const services = { group: '', version: 'v1', resource: 'services' } as const;
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' } as const;
const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' } as const;
const policies = { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' } as const;
const webhooks = { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingwebhookconfigurations' } as const;
const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' } as const;

function deployment(name: string, env: readonly object[] = []): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `registry.example.com/${name}:1`, env }] } },
    },
  };
}

function definition(plural: string): KubeObject {
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.diagnose.example.com` },
    spec: { group: 'diagnose.example.com', scope: 'Namespaced', names: { kind: 'Thing', plural }, versions },
  };
}

const made: readonly (readonly [GroupVersionResource, KubeObject])[] = [
  [namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
  [definitions, definition('things')],
  [definitions, definition('others')],
  [
    webhooks,
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'diagnose-guard' },
      webhooks: [
        {
          name: 'guard.diagnose.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          clientConfig: { service: { name: 'guard', namespace } },
          objectSelector: { matchLabels: { app: 'guarded' } },
          rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        },
      ],
    },
  ],
  [deployments, deployment('guarded')],
  [deployments, deployment('db')],
  [deployments, deployment('web', [{ name: 'DB_URL', value: `postgres://web@db.${namespace}.svc:5432/shop` }])],
  [
    services,
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace }, spec: { selector: { app: 'db' }, ports: [{ port: 5432 }] } },
  ],
  [
    policies,
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'db', namespace },
      spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
    },
  ],
  [
    ingresses,
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace },
      spec: { defaultBackend: { service: { name: 'wep', port: { number: 80 } } } },
    },
  ],
];

describe.skipIf(kubeconfig === undefined)('a real control plane', () => {
  let open: OpenKubeTarget;

  beforeAll(async () => {
    open = await openTarget({ host: nodeHost(), kubeconfig });
    for (const [resource, object] of made) await open.client.create(resource, object, { dryRun: 'none' });
  });
  afterAll(async () => {
    for (const [resource, { metadata }] of made.filter(([, object]) => object.metadata?.namespace === undefined))
      await open.client.delete({ resource, name: metadata?.name ?? '' }, { dryRun: 'none' });
    await open.close();
  });

  it('is told what is broken on the ways between pods and in what extends the API', { timeout: 120_000 }, async () => {
    const found = async (): Promise<readonly string[]> =>
      (await runDiagnosis(open.client, { now: later, logs: false })).findings
        .filter(({ id }) => id.includes(namespace) || id.includes('diagnose'))
        .map(({ id, cause }) => `${id.replace(`/${namespace}`, '')}${cause === undefined ? '' : ` by ${cause}`}`);
    await expect
      .poll(found, { timeout: 100_000, interval: 2_000 })
      .toEqual(
        expect.arrayContaining([
          'Ingress/web:BackendServiceMissing',
          'NetworkPolicy/db:PolicyBlocksService',
          'CustomResourceDefinition/others.diagnose.example.com:CRDNameConflict',
          'ValidatingWebhookConfiguration/diagnose-guard:WebhookServiceMissing',
          'Deployment/guarded:WebhookUnavailable by ValidatingWebhookConfiguration/diagnose-guard:WebhookServiceMissing',
        ]),
      );
    expect((await found()).filter((id) => id.includes('/web:') && !id.startsWith('Ingress'))).toEqual([]);
  });
});
