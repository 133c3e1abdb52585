import type { KubeObject } from '../../api/object.ts';
import type { WorldContext } from '../context.ts';
import type { Behaviour } from './behaviour.ts';
import type { Container } from './container.ts';

/** The pod around a container, as its run sees it. */
export interface PodRun {
  readonly context: WorldContext;
  readonly rules: readonly Behaviour[];
  readonly images: NodeImages;
  /** The pod as it stands in the API. */
  pod(): KubeObject;
  ip(): string;
  /** Writes the status. */
  save(): void;
  /** A container has ended; whether and when it starts again is decided by the pod. */
  ended(container: Container, code: number, reason: string): void;
  /** A container was started for the first time, became ready or started: others may follow. */
  advanced(): void;
  event(container: Container | undefined, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** A line was written: followers hear it. */
  wrote(container: Container): void;
}

/** The images that nodes have pulled. */
export interface NodeImages {
  has(image: string): boolean;
  add(image: string): void;
}

/** Plans a task for the present run of a container. */
export function plan(
  { context }: PodRun,
  container: Container,
  { ms, background = false }: { readonly ms: number; readonly background?: boolean },
  task: () => void,
): void {
  const timers = context.timers;
  const cancel = (background ? timers.background : timers.after)(ms, () => {
    container.plans.delete(cancel);
    task();
  });
  container.plans.add(cancel);
}
