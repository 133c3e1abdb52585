import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf } from '../../api/object.ts';
import { asNumber } from '../../json.ts';
import type { WorldContext } from '../context.ts';
import { controllerManager, keyOf, unless } from '../context.ts';
import { podOf } from '../pods.ts';

/** Who speaks in a Job's events; also the name of the controller. */
export const component = 'job-controller';
/** Holds a pod until it is counted. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
/** Carries the index of an indexed Job's pod. */
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
/** The wait after the first failed pod; it doubles up to ten minutes. */
const firstBackoffMs = 10_000;
const longestBackoffMs = 600_000;

/** What the pods of a Job have come to. */
export interface Tally {
  readonly active: readonly KubeObject[];
  readonly succeeded: number;
  readonly failed: number;
  readonly indexes: readonly number[];
}

/** Deletes pods of a Job, with an event for each. */
export function stopPods({ api, events }: WorldContext, job: KubeObject, pods: readonly KubeObject[]): void {
  for (const pod of pods) {
    unless(['NotFound'], () => api.delete('pods', nameOf(pod), namespaceOf(pod)));
    events.record({ object: job, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${nameOf(pod)}`, component });
  }
}

/** Starts as many pods as may run at once; after a failure it waits. The number started. */
export function startPods(
  context: WorldContext,
  job: KubeObject,
  { active, succeeded, failed, indexes }: Tally,
  failedAt: number | undefined,
): number {
  const { api, events } = context;
  const spec = specOf(job);
  const parallelism = asNumber(spec.parallelism, 1);
  const completions = typeof spec.completions === 'number' ? spec.completions : undefined;
  const wanted = completions === undefined ? (succeeded > 0 ? active.length : parallelism) : Math.min(parallelism, completions - succeeded);
  if (typeof spec.activeDeadlineSeconds === 'number') context.later(component, keyOf(job), spec.activeDeadlineSeconds * 1000 + 1);
  if (active.length > wanted) {
    stopPods(context, job, active.slice(wanted));
    return wanted - active.length;
  }
  if (failedAt !== undefined && failed > 0 && wanted > active.length) {
    const wait = failedAt + Math.min(firstBackoffMs * 2 ** (failed - 1), longestBackoffMs) - api.clock.now();
    if (wait > 0) {
      context.later(component, keyOf(job), wait);
      return 0;
    }
  }
  const taken = new Set([...indexes, ...active.map((pod) => Number(pod.metadata.annotations?.[indexAnnotation] ?? -1))]);
  let next = 0;
  for (let index = active.length; index < wanted; index++) {
    while (taken.has(next)) next++;
    taken.add(next);
    const indexed = spec.completionMode === 'Indexed';
    const pod = podOf(
      job,
      spec.template,
      indexed
        ? {
            generateName: `${nameOf(job)}-${next}-`,
            annotations: { [indexAnnotation]: String(next) },
            labels: { [indexAnnotation]: String(next) },
          }
        : {},
    );
    const made = api.create(
      'pods',
      { ...pod, metadata: { ...pod.metadata, finalizers: [trackingFinalizer] } },
      { fieldManager: controllerManager },
    );
    events.record({ object: job, type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${nameOf(made)}`, component });
  }
  return wanted - active.length;
}

/** Indexes as a Job writes them: `0,2-4`. */
export function ranges(indexes: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const index of [...new Set(indexes)].toSorted((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else parts.push([index, index]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : to === from + 1 ? `${from},${to}` : `${from}-${to}`)).join(',');
}
