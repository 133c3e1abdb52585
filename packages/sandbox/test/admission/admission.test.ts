import { afterEach, describe, expect, it } from 'vitest';
import type { JsonMap } from '../../src/json.ts';
import { asMaps, at, written } from '../../src/json.ts';
import type { Started } from '../start.ts';
import { configMap, deployment, start } from '../start.ts';

let started: Started | undefined;
afterEach(async () => started?.sandbox.close());

const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string, spec: JsonMap = {}, container: JsonMap = {}): JsonMap => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx:1.25', ...container }], ...spec },
});

describe('a new pod', () => {
  it('gets its defaults, a service account with a token, a priority and tolerations', async () => {
    started = await start();
    const { body } = await started.ask('POST', pods, { body: pod('p') });
    expect(body.spec).toMatchObject({
      serviceAccountName: 'default',
      priority: 0,
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
    });
    expect(asMaps(at(body, 'spec', 'tolerations')).map(({ key }) => key)).toEqual([
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
    ]);
    expect(at(body, 'spec', 'containers', 0, 'volumeMounts', 0, 'mountPath')).toBe('/var/run/secrets/kubernetes.io/serviceaccount');
    expect(body.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  it('must be in a namespace, and of an account and a priority, that are there', async () => {
    started = await start();
    const { ask } = started;
    expect((await ask('POST', '/api/v1/namespaces/nowhere/pods', { body: pod('p') })).body.message).toBe('namespaces "nowhere" not found');
    expect((await ask('POST', pods, { body: pod('p', { serviceAccountName: 'nobody' }) })).body.message).toBe(
      'pods "p" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    );
    expect((await ask('POST', pods, { body: pod('p', { priorityClassName: 'top' }) })).body.message).toBe(
      'pods "p" is forbidden: no PriorityClass with name top was found',
    );
  });

  it('keeps within the limits of its namespace', async () => {
    started = await start();
    const { ask } = started;
    const limits = [{ type: 'Container', default: { memory: '256Mi' }, defaultRequest: { memory: '64Mi' }, max: { memory: '1Gi' } }];
    await ask('POST', '/api/v1/namespaces/default/limitranges', {
      body: { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' }, spec: { limits } },
    });
    expect(at((await ask('POST', pods, { body: pod('p') })).body, 'spec', 'containers', 0, 'resources')).toEqual({
      limits: { memory: '256Mi' },
      requests: { memory: '64Mi' },
    });
    expect((await ask('POST', pods, { body: pod('big', {}, { resources: { limits: { memory: '2Gi' } } }) })).body.message).toBe(
      'pods "big" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
    );
  });

  it('counts in the quota', async () => {
    started = await start();
    const { ask, sandbox } = started;
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q', namespace: 'default' },
      spec: { hard: { pods: '1', 'requests.memory': '1Gi' } },
      status: { hard: { pods: '1', 'requests.memory': '1Gi' }, used: { pods: '0', 'requests.memory': '0' } },
    };
    sandbox.api.create('resourcequotas', quota);
    sandbox.api.update('resourcequotas', { ...quota }, { subresource: 'status' });
    expect((await ask('POST', pods, { body: pod('p') })).body.message).toBe(
      'pods "p" is forbidden: failed quota: q: must specify requests.memory for: c',
    );
    const sized = (name: string): JsonMap => pod(name, {}, { resources: { requests: { memory: '64Mi' } } });
    expect((await ask('POST', pods, { body: sized('p') })).status).toBe(201);
    expect((await ask('POST', pods, { body: sized('p2') })).body.message).toBe(
      'pods "p2" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    );
  });

  it('must be as safe as its namespace demands', async () => {
    started = await start();
    const { ask } = started;
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
    };
    await ask('POST', '/api/v1/namespaces', { body: namespace });
    const refused = await ask('POST', '/api/v1/namespaces/strict/pods', {
      body: pod('p', { hostNetwork: true }, { securityContext: { privileged: true } }),
    });
    expect(refused.body.message).toBe(
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), privileged (container "c" must not set securityContext.privileged=true)',
    );
  });
});

describe('a Service', () => {
  const service = (name: string, spec: JsonMap): JsonMap => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
  const services = '/api/v1/namespaces/default/services';

  it('gets an address, and a port of the nodes that nobody else has', async () => {
    started = await start();
    const { ask } = started;
    const { body } = await ask('POST', services, { body: service('a', { type: 'NodePort', ports: [{ port: 80 }] }) });
    expect(at(body, 'spec', 'clusterIP')).toMatch(/^10\.96\.\d+\.\d+$/);
    const port = at(body, 'spec', 'ports', 0, 'nodePort');
    expect(port).toBeGreaterThanOrEqual(30000);
    const taken = await ask('POST', services, { body: service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: port }] }) });
    expect(taken.body.message).toBe(
      `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${written(port)}: provided port is already allocated`,
    );
  });

  it('keeps its address', async () => {
    started = await start();
    const { ask } = started;
    await ask('POST', services, { body: service('a', { ports: [{ port: 80 }] }) });
    const changed = await ask('PATCH', `${services}/a`, {
      body: { spec: { clusterIP: '10.96.7.7' } },
      type: 'application/merge-patch+json',
    });
    expect(changed.body.message).toBe('Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.7.7"]: may not change once set');
  });
});

describe('validation', () => {
  it('refuses a Deployment whose selector does not fit its template, or that changes it', async () => {
    started = await start();
    const { ask } = started;
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const wrong = await ask('POST', path, { body: deployment('web', { replicas: -1, selector: { matchLabels: { app: 'other' } } }) });
    expect(wrong.body.message).toBe(
      'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`]',
    );
    await ask('POST', path, { body: deployment('web') });
    expect(
      (
        await ask('PATCH', `${path}/web`, {
          body: { spec: { selector: { matchLabels: { app: 'x' } } } },
          type: 'application/merge-patch+json',
        })
      ).status,
    ).toBe(422);
  });

  it('knows what may not change', async () => {
    started = await start();
    const { ask } = started;
    const path = '/api/v1/namespaces/default/configmaps';
    await ask('POST', path, { body: { ...configMap('frozen', { a: 'b' }), immutable: true } });
    const changed = await ask('PATCH', `${path}/frozen`, { body: { data: { a: 'c' } }, type: 'application/merge-patch+json' });
    expect(changed.body.message).toBe('ConfigMap "frozen" is invalid: data: Forbidden: field is immutable when `immutable` is set');
  });

  it('counts the generations of a spec and leaves those of a status alone', async () => {
    started = await start();
    const { ask } = started;
    const path = '/apis/apps/v1/namespaces/default/deployments/web';
    await ask('POST', '/apis/apps/v1/namespaces/default/deployments', { body: deployment('web') });
    const merge = { type: 'application/merge-patch+json' };
    expect(at((await ask('PATCH', path, { body: { spec: { replicas: 3 } }, ...merge })).body, 'metadata', 'generation')).toBe(2);
    const status = await ask('PATCH', `${path}/status`, { body: { spec: { replicas: 9 }, status: { observedGeneration: 2 } }, ...merge });
    expect(status.body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 }, status: { observedGeneration: 2 } });
  });
});
