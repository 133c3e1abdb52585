import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { microTimestamp, timestamp } from '../../clock.ts';
import { asMaps, asText } from '../../json.ts';
import { conditionOf } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { controllerManager, keyOf, unless, writeStatusAs } from '../context.ts';
import type { Kubelets } from '../kubelet/kubelet.ts';
import { untolerated } from '../scheduler/taints.ts';

const conditions = [
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['NetworkUnavailable', 'False', 'RouteCreated', 'RouteController created a route'],
] as const;

/** Nodes: the kubelet that joins, its lease, the taints of a node that is not ready, pods of a node that is gone or taints them away. */
export function nodes(context: WorldContext, identity: Kubelets['identity']): Controller {
  const { api, cache, events } = context;
  const registered = new Set<string>();
  return {
    name: 'node-controller',
    *keys({ resource: { storage }, object, type }) {
      if (storage === 'nodes') yield keyOf(object);
      if (
        storage === 'pods' &&
        type !== 'deleted' &&
        asText(specOf(object).nodeName) !== '' &&
        !api.find('nodes', asText(specOf(object).nodeName))
      )
        yield `/${asText(specOf(object).nodeName)}`;
    },
    sync(key) {
      const name = key.slice(1);
      const node = api.find('nodes', name);
      if (!node) {
        for (const pod of cache.onNode(name))
          unless(['NotFound'], () => api.delete('pods', nameOf(pod), namespaceOf(pod), { gracePeriodSeconds: 0 }));
        return;
      }
      if (!registered.has(node.metadata.uid ?? '')) {
        registered.add(node.metadata.uid ?? '');
        join(node);
        return;
      }
      for (const pod of cache.onNode(name)) {
        if (pod.metadata.deletionTimestamp || !untolerated(specOf(pod), node, ['NoExecute'])) continue;
        events.record({
          object: pod,
          type: 'Normal',
          reason: 'TaintManagerEviction',
          message: `Marking for deletion Pod ${keyOf(pod)}`,
          component: 'taint-eviction-controller',
        });
        unless(['NotFound'], () => api.delete('pods', nameOf(pod), namespaceOf(pod)));
      }
    },
  };

  function join(found: KubeObject): void {
    const name = nameOf(found);
    let node = found;
    const now = timestamp(api.clock.now());
    if (conditionOf(statusOf(node).conditions, 'Ready')?.status !== 'True') {
      const list = conditions.map(([type, status, reason, message]) => ({
        type,
        status,
        lastHeartbeatTime: now,
        lastTransitionTime: now,
        reason,
        message,
      }));
      const addresses = asMaps(statusOf(node).addresses);
      const fallback = [
        { address: '127.0.0.1', type: 'InternalIP' },
        { address: identity ? identity.hostname(name) : name, type: 'Hostname' },
      ];
      const status = {
        ...statusOf(node),
        phase: 'Running',
        conditions: list,
        addresses: addresses.length > 0 ? addresses : fallback,
        daemonEndpoints: { kubeletEndpoint: { Port: 10247 } },
      };
      node = writeStatusAs('kubelet', api, { resource: 'nodes', object: node, status });
    }
    const taints = asMaps(specOf(node).taints).filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
    const labels = { ...node.metadata.labels };
    for (const part of ['os', 'arch'])
      if (labels[`kubernetes.io/${part}`]) labels[`beta.kubernetes.io/${part}`] ??= labels[`kubernetes.io/${part}`];
    const { taints: _, ...spec } = specOf(node);
    api.update(
      'nodes',
      {
        ...node,
        metadata: { ...node.metadata, labels, annotations: { ...node.metadata.annotations, 'node.alpha.kubernetes.io/ttl': '0' } },
        spec: { ...spec, ...(taints.length > 0 ? { taints } : {}) },
      },
      { fieldManager: controllerManager },
    );
    events.record({
      object: node,
      type: 'Normal',
      reason: 'RegisteredNode',
      message: `Node ${name} event: Registered Node ${name} in Controller`,
      component: 'node-controller',
    });
    if (!api.find('namespaces', 'kube-node-lease') || api.find('leases.coordination.k8s.io', name, 'kube-node-lease')) return;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '' }];
    const lease = {
      holderIdentity: identity ? identity.holder(name) : name,
      leaseDurationSeconds: 40,
      renewTime: microTimestamp(api.clock.now()),
    };
    api.create(
      'leases.coordination.k8s.io',
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'kube-node-lease', ownerReferences },
        spec: lease,
      },
      { fieldManager: 'kubelet' },
    );
  }
}
