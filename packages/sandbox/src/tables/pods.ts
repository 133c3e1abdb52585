import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asNumber, asText, at, isMap } from '../json.ts';
import { age, condition, orElse, since } from './format.ts';

interface Tally {
  ready: number;
  restarts: number;
  last: string;
  reason: string;
}

const later = (a: string, b: string): string => (a > b ? a : b);
const finished = (status: JsonMap): string => asText(at(status, 'lastState', 'terminated', 'finishedAt'));

/** Why a container ended. */
function endReason(terminated: JsonMap, prefix = ''): string {
  if (asText(terminated.reason) !== '') return `${prefix}${asText(terminated.reason)}`;
  return asNumber(terminated.signal) !== 0
    ? `${prefix}Signal:${asNumber(terminated.signal)}`
    : `${prefix}ExitCode:${asNumber(terminated.exitCode)}`;
}

/** What the column STATUS says about a pod, and its restarts and ready containers. */
export function podSummary(pod: KubeObject): {
  readonly reason: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly lastRestart: string;
} {
  const spec = specOf(pod);
  const status = statusOf(pod);
  const phase = asText(status.phase);
  const restartable = new Set(
    asMaps(spec.initContainers)
      .filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(({ name }) => name),
  );
  const total = asList(spec.containers).length + restartable.size;
  const tally: Tally = { ready: 0, restarts: 0, last: '', reason: orElse(status.reason, phase) };
  if (condition(pod, 'PodScheduled')?.reason === 'SchedulingGated') tally.reason = 'SchedulingGated';
  const sidecars: Tally = { ready: 0, restarts: 0, last: '', reason: '' };
  const initializing = countInit(asMaps(status.initContainerStatuses), { spec, restartable, tally, sidecars });
  if (!initializing || condition(pod, 'Initialized')?.status === 'True') {
    tally.restarts = sidecars.restarts;
    tally.last = sidecars.last;
    countContainers(pod, asMaps(status.containerStatuses), tally);
  }
  if (pod.metadata.deletionTimestamp && status.reason === 'NodeLost') tally.reason = 'Unknown';
  else if (pod.metadata.deletionTimestamp && phase !== 'Succeeded' && phase !== 'Failed') tally.reason = 'Terminating';
  return { reason: tally.reason, ready: tally.ready, total, restarts: tally.restarts, lastRestart: tally.last };
}

function countInit(
  statuses: readonly JsonMap[],
  {
    spec,
    restartable,
    tally,
    sidecars,
  }: { readonly spec: JsonMap; readonly restartable: ReadonlySet<Json | undefined>; readonly tally: Tally; readonly sidecars: Tally },
): boolean {
  for (const [index, status] of statuses.entries()) {
    tally.restarts += asNumber(status.restartCount);
    tally.last = later(tally.last, finished(status));
    const sidecar = restartable.has(status.name);
    if (sidecar) {
      sidecars.restarts += asNumber(status.restartCount);
      sidecars.last = later(sidecars.last, finished(status));
    }
    const terminated = at(status, 'state', 'terminated');
    const waiting = asText(at(status, 'state', 'waiting', 'reason'));
    if (isMap(terminated) && asNumber(terminated.exitCode) === 0) continue;
    if (sidecar && status.started === true) {
      if (status.ready === true) tally.ready++;
      continue;
    }
    if (isMap(terminated)) tally.reason = endReason(terminated, 'Init:');
    else if (waiting !== '' && waiting !== 'PodInitializing') tally.reason = `Init:${waiting}`;
    else tally.reason = `Init:${index}/${asList(spec.initContainers).length}`;
    return true;
  }
  return false;
}

function countContainers(pod: KubeObject, statuses: readonly JsonMap[], tally: Tally): void {
  let running = false;
  let error = '';
  for (const status of statuses.toReversed()) {
    tally.restarts += asNumber(status.restartCount);
    tally.last = later(tally.last, finished(status));
    const terminated = at(status, 'state', 'terminated');
    const waiting = asText(at(status, 'state', 'waiting', 'reason'));
    if (waiting !== '') tally.reason = waiting;
    else if (isMap(terminated)) {
      tally.reason = endReason(terminated);
      if (asNumber(terminated.exitCode) !== 0) error = tally.reason;
    } else if (status.ready === true && isMap(at(status, 'state', 'running'))) {
      running = true;
      tally.ready++;
    }
  }
  if (tally.reason !== 'Completed') return;
  if (running && condition(pod, 'Ready')?.status === 'True') tally.reason = 'Running';
  else if (error !== '') tally.reason = error;
  else if (running) tally.reason = 'NotReady';
}

/** The cells of a pod. */
export function podCells(pod: KubeObject, now: number): Json[] {
  const { reason, ready, total, restarts, lastRestart } = podSummary(pod);
  const gates = asMaps(specOf(pod).readinessGates);
  const passed = gates.filter(({ conditionType }) => condition(pod, asText(conditionType))?.status === 'True').length;
  return [
    pod.metadata.name ?? '',
    `${ready}/${total}`,
    reason,
    restarts !== 0 && lastRestart !== '' ? `${restarts} (${since(lastRestart, now)} ago)` : String(restarts),
    age(pod, now),
    orElse(at(asMap(pod.status), 'podIPs', 0, 'ip'), '<none>'),
    orElse(specOf(pod).nodeName, '<none>'),
    orElse(statusOf(pod).nominatedNodeName, '<none>'),
    gates.length === 0 ? '<none>' : `${passed}/${gates.length}`,
  ];
}
