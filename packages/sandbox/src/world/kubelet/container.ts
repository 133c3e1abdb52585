import { createHash } from 'node:crypto';
import type { LogLine } from '../../api/types.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asText } from '../../json.ts';
import type { Behaviour } from './behaviour.ts';

/** What a container is in its pod. */
export type ContainerRole = 'init' | 'sidecar' | 'main' | 'ephemeral';

/** A container that has ended. */
interface Terminated {
  readonly type: 'terminated';
  readonly code: number;
  readonly reason: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly id: string;
}

/** The state of a container. */
type ContainerState =
  | { readonly type: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly type: 'running'; readonly startedAt: number }
  | Terminated;

/** What the kubelet knows of a container. */
export interface Container {
  readonly name: string;
  readonly role: ContainerRole;
  spec: JsonMap;
  state: ContainerState;
  last: Terminated | undefined;
  restarts: number;
  ready: boolean;
  started: boolean;
  id: string;
  /** The next back-off; 0 before the first restart. */
  backoffMs: number;
  behaviour: Behaviour | undefined;
  env: ReadonlyMap<string, string>;
  /** Lines of this run; those with a time to come are not written yet. */
  lines: LogLine[];
  previousLines: readonly LogLine[] | undefined;
  /** Cancels what is planned for this run. */
  readonly plans: Set<() => void>;
}

/** A container that was not started yet. */
export function newContainer(spec: JsonMap, role: ContainerRole, waiting: string): Container {
  return {
    name: asText(spec.name),
    role,
    spec,
    state: { type: 'waiting', reason: waiting },
    last: undefined,
    restarts: 0,
    ready: false,
    started: false,
    id: '',
    backoffMs: 0,
    behaviour: undefined,
    env: new Map(),
    lines: [],
    previousLines: undefined,
    plans: new Set(),
  };
}

/** Drops everything that is planned for the present run. */
export function dropPlans(container: Container): void {
  for (const cancel of container.plans) cancel();
  container.plans.clear();
}

/** A digest of a text, for identifiers that look like those of a container runtime. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const terminated = ({ code, reason, startedAt, finishedAt, id }: Terminated): JsonMap => ({
  terminated: {
    exitCode: code,
    reason,
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
    containerID: `containerd://${id}`,
  },
});

function stateOf(state: ContainerState): JsonMap {
  switch (state.type) {
    case 'waiting':
      return { waiting: { reason: state.reason, ...(state.message === undefined ? {} : { message: state.message }) } };
    case 'running':
      return { running: { startedAt: timestamp(state.startedAt) } };
    case 'terminated':
      return terminated(state);
  }
}

/** The status of a container as a kubelet writes it. */
export function containerStatus(container: Container): JsonMap {
  const image = asText(container.spec.image);
  const pulled = container.id !== '';
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return {
    name: container.name,
    state: stateOf(container.state),
    lastState: container.last ? terminated(container.last) : {},
    ready: container.ready,
    restartCount: container.restarts,
    image,
    imageID: pulled ? `${repository}@sha256:${digest(image)}` : '',
    ...(pulled ? { containerID: `containerd://${container.id}` } : {}),
    started: container.started,
  };
}
