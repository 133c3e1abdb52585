import { fieldsAt, isTrueAt, listAt, numberAt, textAt } from './fields.ts';
import type { Fields } from './fields.ts';
import type { WorldObject } from './world-object.ts';

/** A container of a pod: what is wanted and what became of it. */
export interface PodContainer {
  readonly name: string;
  readonly isInit: boolean;
  readonly spec: Fields;
  /** Empty where the kubelet has not said anything yet. */
  readonly status: Fields;
  /** Where the spec stands, such as `spec.containers[web]`. */
  readonly path: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** The reason why it waits; empty where it does not. */
  readonly waiting: string;
  readonly waitingMessage: string;
}

/** The containers of a pod, those that run before the others first. */
export function containersOf(pod: WorldObject): readonly PodContainer[] {
  const lists = [
    ['spec.initContainers', 'status.initContainerStatuses', true],
    ['spec.containers', 'status.containerStatuses', false],
  ] as const;
  return lists.flatMap(([specs, statuses, isInit]) =>
    listAt(pod.body, specs).map((spec) => {
      const name = textAt(spec, 'name');
      const status = listAt(pod.body, statuses).find((each) => each['name'] === name) ?? {};
      const waiting = fieldsAt(status, 'state.waiting');
      return {
        name,
        isInit,
        spec,
        status,
        path: `${specs}[${name}]`,
        ready: isTrueAt(status, 'ready'),
        restarts: numberAt(status, 'restartCount') ?? 0,
        waiting: textAt(waiting, 'reason'),
        waitingMessage: textAt(waiting, 'message'),
      };
    }),
  );
}

/** Where a container waits, such as `status.containerStatuses[web].state.waiting`. */
export function waitingPath({ name, isInit }: PodContainer): string {
  return `status.${isInit ? 'initContainerStatuses' : 'containerStatuses'}[${name}].state.waiting`;
}

/** Whether a pod has ended, well or not. */
export function hasEnded(pod: WorldObject): boolean {
  return /^(?:Succeeded|Failed)$/.test(textAt(pod.body, 'status.phase'));
}

/** Whether a pod counts as Ready. */
export function isReady(pod: WorldObject): boolean {
  return listAt(pod.body, 'status.conditions').some(({ type, status }) => type === 'Ready' && status === 'True');
}
