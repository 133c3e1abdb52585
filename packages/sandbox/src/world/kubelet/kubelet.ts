import type { KubeObject } from '../../api/object.ts';
import { namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Kubelet, LogLine } from '../../api/types.ts';
import { asMap, asMaps, asText } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { findKey, keyOf } from '../context.ts';
import { isEnded } from '../pods.ts';
import type { Behaviour } from './behaviour.ts';
import type { Container } from './container.ts';
import type { PodWorker } from './pod-worker.ts';
import { createPodWorker } from './pod-worker.ts';
import type { NodeImages } from './run.ts';

/** The simulated kubelets of all nodes: the part that follows pods and the part that answers for logs and usage. */
export interface Kubelets {
  readonly controller: Controller;
  readonly kubelet: Kubelet;
  /** Whose name stands in the lease of a node, and in its address; the node's own where it is left out. */
  readonly identity?: { readonly holder: (node: string) => string; readonly hostname: (node: string) => string };
  stop(): void;
}

type Listener = (line: LogLine) => void;

/** Kubelets whose containers behave by rules; the first rule that matches a container decides. */
export function createKubelets(context: WorldContext, rules: readonly Behaviour[]): Kubelets {
  const { api, cache } = context;
  const workers = new Map<string, PodWorker>();
  const images = new Map<string, Set<string>>();
  const addresses = new Map<string, number>();
  const followers = new Map<Container, Set<Listener>>();

  const imagesOf = (node: string): NodeImages => {
    const known = images.get(node) ?? new Set<string>();
    images.set(node, known);
    return { has: (image) => known.has(image), add: (image) => void known.add(image) };
  };
  const allocateIP = (node: string): string => {
    const range = asText(specOf(api.find('nodes', node) ?? { apiVersion: 'v1', kind: 'Node', metadata: {} }).podCIDR) || '10.244.0.0/24';
    const [a, b, c] = range.split('.');
    const next = (addresses.get(node) ?? 0) + 1;
    addresses.set(node, next);
    return `${a}.${b}.${Number(c) + Math.floor(next / 250)}.${(next % 250) + 1}`;
  };
  const hostIP = (node: string): string => {
    const found = api.find('nodes', node);
    const address = found && asMaps(statusOf(found).addresses).find(({ type }) => type === 'InternalIP');
    return asText(asMap(address).address);
  };
  const wrote = (_pod: KubeObject, container: Container): void => {
    const line = container.lines.at(-1);
    if (line) for (const listener of followers.get(container) ?? []) listener(line);
  };
  const workerOf = (pod: KubeObject): PodWorker => {
    const known = workers.get(keyOf(pod));
    if (known && known.uid === pod.metadata.uid) return known;
    known?.stop();
    const node = asText(specOf(pod).nodeName);
    const worker = createPodWorker(pod, {
      context,
      rules,
      images: imagesOf(node),
      hostIP: hostIP(node),
      allocateIP: () => allocateIP(node),
      wrote,
    });
    workers.set(keyOf(pod), worker);
    return worker;
  };
  const containerOf = (pod: KubeObject, name: string): Container | undefined => {
    const worker = workers.get(keyOf(pod));
    return worker?.uid === pod.metadata.uid ? worker?.containers.find((container) => container.name === name) : undefined;
  };

  const controller: Controller = {
    name: 'kubelet',
    *keys({ resource: { storage }, object }) {
      if (storage === 'pods' && (asText(specOf(object).nodeName) !== '' || workers.has(keyOf(object)))) yield keyOf(object);
      // What a pod waits for: its configuration and its claims.
      if (storage === 'configmaps' || storage === 'secrets' || storage === 'persistentvolumeclaims') {
        for (const pod of cache.inNamespace('pods', namespaceOf(object)))
          if (workers.has(keyOf(pod)) && statusOf(pod).phase === 'Pending') yield keyOf(pod);
      }
    },
    sync(key) {
      const pod = findKey(api, 'pods', key);
      if (!pod) {
        workers.get(key)?.stop();
        workers.delete(key);
        return;
      }
      const known = workers.has(key);
      if (!known && isEnded(pod) && !pod.metadata.deletionTimestamp) return;
      workerOf(pod).sync(pod);
    },
  };

  const kubelet: Kubelet = {
    logs(pod, name, { previous }) {
      const container = containerOf(pod, name);
      const now = api.clock.now();
      if (!container) return undefined;
      if (previous)
        return container.last ? (container.state.type === 'running' ? (container.previousLines ?? []) : container.lines) : undefined;
      return container.id === '' ? undefined : container.lines.filter(({ time }) => time <= now);
    },
    follow(pod, name, listener) {
      const container = containerOf(pod, name);
      if (!container) return () => {};
      const now = api.clock.now();
      // Lines of this run that are not written yet come when their time comes.
      const cancels = container.lines
        .filter(({ time }) => time > now)
        .map((line) => context.timers.background(line.time - now, () => container.lines.includes(line) && listener(line)));
      const listeners = followers.get(container) ?? new Set();
      followers.set(container, listeners.add(listener));
      return () => {
        for (const cancel of cancels) cancel();
        listeners.delete(listener);
        if (listeners.size === 0) followers.delete(container);
      };
    },
    usage(pod, name) {
      const container = containerOf(pod, name);
      if (container?.state.type !== 'running' || !container.behaviour) return undefined;
      return { cpuNanocores: container.behaviour.cpuNanocores, memoryBytes: container.behaviour.memoryBytes };
    },
  };
  return {
    controller,
    kubelet,
    stop() {
      for (const worker of workers.values()) worker.stop();
      workers.clear();
    },
  };
}
