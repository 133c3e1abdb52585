import type { KubectlCommand } from '../kubectl/parse-kubectl.ts';
import type { KubeObject } from './kube-object.ts';
import { isObject } from './kube-object.ts';

/** Kinds whose number of replicas is `spec.replicas`. */
const scalable = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController']);

/** What `kubectl scale` leaves of objects that its dry run printed: up to kubectl 1.35 it prints them as they were before. Undefined where that can't be known. */
export function scaled(command: KubectlCommand, printed: readonly KubeObject[]): readonly KubeObject[] | undefined {
  const replicas = Number(command.uses.findLast(({ spec }) => spec.name === 'replicas')?.value);
  if (!Number.isInteger(replicas) || !printed.every(({ kind }) => scalable.has(kind))) return undefined;
  return printed.map((object) => {
    const { spec } = object.content;
    return { ...object, content: { ...object.content, spec: { ...(isObject(spec) ? spec : {}), replicas } } };
  });
}
