import { normalize } from '../api/body.ts';
import type { Engine } from '../api/engine.ts';
import { isObject } from '../api/object.ts';
import { bootstrapTable } from '../data.ts';
import { timestamp } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asText, clone } from '../json.ts';

/** The API server itself, as a manager of fields. */
const manager = { fieldManager: 'kube-apiserver' };

/** The metrics API is registered as if metrics-server were behind it. */
const metricsService: JsonMap = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  spec: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { name: 'metrics-server', namespace: 'kube-system', port: 443 },
  },
  status: { conditions: [{ type: 'Available', status: 'True', reason: 'Passed', message: 'all checks passed', lastTransitionTime: null }] },
};

/** Makes what a fresh API server makes: its namespaces, roles, priorities and its own Service. */
export function bootstrapCluster(engine: Engine): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    engine.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, manager);
  }
  for (const object of [...bootstrapTable(), clone(metricsService)]) storeAsIs(engine, object);
  engine.create(
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }] },
    },
    manager,
  );
}

/** These were valid when they were recorded, and their statuses belong to them: they are not judged again. */
function storeAsIs(engine: Engine, object: JsonMap): void {
  const info = engine.registry.findKind(asText(object.apiVersion), asText(object.kind));
  if (!info) return;
  const metadata = {
    ...asMap(object.metadata),
    uid: engine.random.uid(),
    creationTimestamp: timestamp(engine.clock.now()),
  };
  const complete = { ...object, metadata };
  if (isObject(complete)) engine.store.put(info, normalize(info, complete));
}
