import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/api/object.ts';
import type { ManualClock } from '../../src/clock.ts';
import { manualClock } from '../../src/clock.ts';
import type { JsonMap } from '../../src/json.ts';
import { isMap, written } from '../../src/json.ts';
import type { Sandbox } from '../../src/sandbox.ts';
import { createSandbox } from '../../src/sandbox.ts';
import { parseBehaviours } from '../../src/world/kubelet/behaviour.ts';
import type { SimulatedWorld } from '../../src/world/world.ts';
import { startWorld } from '../../src/world/world.ts';

/** A cluster of two workers on a clock that stands until it is moved. */
export interface Cluster {
  readonly sandbox: Sandbox;
  readonly world: SimulatedWorld;
  readonly clock: ManualClock;
  /** Creates the objects of a YAML text and waits until nothing is under way. */
  apply(yaml: string): Promise<void>;
  /** Changes an object by a strategic merge patch and waits. */
  patch(resource: string, name: string, body: JsonMap): Promise<void>;
  settle(): Promise<void>;
  advance(ms: number): void;
  get(resource: string, name: string, namespace?: string): KubeObject;
  pods(labelSelector: string): KubeObject[];
  /** `reason: message` of the events of an object, oldest first, with counts above one in front. */
  events(kind: string, name: string): string[];
  close(): Promise<void>;
}

const nodes = `
apiVersion: v1
kind: Node
metadata: {name: control, labels: {kubernetes.io/hostname: control}}
spec: {podCIDR: 10.244.0.0/24, taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}
status: {capacity: {cpu: "4", memory: 8Gi, pods: "110"}, allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
---
apiVersion: v1
kind: Node
metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1, topology.kubernetes.io/zone: a}}
spec: {podCIDR: 10.244.1.0/24}
status: {capacity: {cpu: "4", memory: 8Gi, pods: "110"}, allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
---
apiVersion: v1
kind: Node
metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2, topology.kubernetes.io/zone: b}}
spec: {podCIDR: 10.244.2.0/24}
status: {capacity: {cpu: "4", memory: 8Gi, pods: "110"}, allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: example.com/volumes
volumeBindingMode: WaitForFirstConsumer
`;

/** Starts a cluster; the behaviours are those of a behaviours file. */
export async function startCluster(behaviours = 'behaviours: []', start?: (api: Sandbox['api']) => SimulatedWorld): Promise<Cluster> {
  const clock = manualClock();
  const worlds: SimulatedWorld[] = [];
  const sandbox = await createSandbox({
    clock,
    manifests: [nodes],
    world(api) {
      const world = start ? start(api) : startWorld(api, { behaviours: parseBehaviours(behaviours) });
      worlds.push(world);
      return world;
    },
  });
  const [world] = worlds;
  if (!world) throw new Error('no world');
  const { api } = sandbox;
  await world.settle();
  const get = (resource: string, name: string, namespace = 'default'): KubeObject => {
    const found = api.find(resource, name, api.registry.resource(resource).namespaced ? namespace : '');
    if (!found) throw new Error(`no ${resource} ${name}`);
    return found;
  };
  return {
    sandbox,
    world,
    clock,
    get,
    settle: () => world.settle(),
    advance: (ms) => world.advance(clock, ms),
    async apply(yaml) {
      for (const document of parseAllDocuments(yaml)) {
        const object: unknown = document.toJS();
        if (!isMap(object)) continue;
        const info = api.registry.findKind(written(object.apiVersion), written(object.kind));
        if (!info) throw new Error(`no kind ${written(object.kind)}`);
        const metadata = isMap(object.metadata) ? object.metadata : {};
        api.create(info.storage, info.namespaced ? { ...object, metadata: { namespace: 'default', ...metadata } } : object);
      }
      await world.settle();
    },
    async patch(resource, name, body) {
      api.patch(resource, name, 'default', { type: 'strategic', body });
      await world.settle();
    },
    pods: (labelSelector) => api.list('pods', { namespace: 'default', labelSelector }),
    events: (kind, name) =>
      api
        .list('events')
        .filter(({ involvedObject }) => isMap(involvedObject) && involvedObject.kind === kind && involvedObject.name === name)
        .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map(
          ({ count, reason, message }) =>
            `${typeof count === 'number' && count > 1 ? `${count}x ` : ''}${written(reason)}: ${written(message)}`,
        ),
    close: () => sandbox.close(),
  };
}

/** A Deployment of one container. */
export function deployment(name: string, replicas: number, more = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  ${more}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: ${name}, image: "example.com/${name}:1"}]}
`;
}
