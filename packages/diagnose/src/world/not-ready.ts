import { containersOf } from './containers.ts';
import { conditionOf, numberAt, textAt } from './fields.ts';
import type { WorldObject } from './world-object.ts';

/** Why a pod is not ready, in a few words. */
export function whyNotReady(pod: WorldObject): string {
  const scheduled = conditionOf(pod.body, 'PodScheduled');
  if (scheduled?.['status'] === 'False') return textAt(scheduled, 'reason') || 'not scheduled';
  const containers = containersOf(pod);
  const waits =
    containers.find(({ waiting, isInit }) => waiting !== '' && (isInit || waiting !== 'PodInitializing')) ??
    containers.find(({ waiting }) => waiting !== '');
  if (waits !== undefined) return `container ${waits.name} ${waits.waiting}`;
  const ended = containers.find(({ status, isInit }) => !isInit && numberAt(status, 'state.terminated.exitCode') !== undefined);
  if (ended !== undefined)
    return `container ${ended.name} ended with exit code ${numberAt(ended.status, 'state.terminated.exitCode') ?? '?'}`;
  const unready = containers.find(({ ready, isInit }) => !ready && !isInit);
  return unready === undefined
    ? textAt(conditionOf(pod.body, 'Ready'), 'reason') || textAt(pod.body, 'status.phase') || 'not ready'
    : `container ${unready.name} is not ready`;
}
