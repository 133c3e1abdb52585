import type { KubeObject } from '../../api/object.ts';
import { specOf, statusOf } from '../../api/object.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asMaps, asText } from '../../json.ts';
import { conditionOf, withCondition } from '../conditions.ts';
import type { Container } from './container.ts';
import { containerStatus } from './container.ts';

/** What is known of a running pod. */
export interface PodFacts {
  readonly containers: readonly Container[];
  readonly ip: string;
  readonly hostIP: string;
  readonly startedAt: number;
  readonly now: number;
}

/** Whether a container starts again after it ended. */
export function restarts(pod: KubeObject, container: Container, code: number): boolean {
  if (container.role === 'ephemeral') return false;
  if (container.role === 'sidecar') return true;
  const policy = specOf(pod).restartPolicy;
  if (container.role === 'init') return code !== 0 && policy !== 'Never';
  return policy === 'Always' || (policy === 'OnFailure' && code !== 0);
}

/** The phase that follows from the containers. */
function phaseOf(pod: KubeObject, containers: readonly Container[]): string {
  const failedInit = containers.some(
    ({ role, state }) => role === 'init' && state.type === 'terminated' && state.code !== 0 && specOf(pod).restartPolicy === 'Never',
  );
  if (failedInit) return 'Failed';
  const main = containers.filter(({ role }) => role === 'main');
  const ended = main.filter((container) => container.state.type === 'terminated' && !restarts(pod, container, container.state.code));
  if (main.length > 0 && ended.length === main.length)
    return ended.every(({ state }) => state.type === 'terminated' && state.code === 0) ? 'Succeeded' : 'Failed';
  const begun = main.some(({ state, last }) => state.type !== 'waiting' || last !== undefined);
  return begun ? 'Running' : 'Pending';
}

/** The status of a pod as its kubelet writes it. */
export function podStatus(pod: KubeObject, { containers, ip, hostIP, startedAt, now }: PodFacts): JsonMap {
  const time = timestamp(now);
  const phase = phaseOf(pod, containers);
  const init = containers.filter(({ role }) => role === 'init' || role === 'sidecar');
  const main = containers.filter(({ role }) => role === 'main');
  const debug = containers.filter(({ role }) => role === 'ephemeral');
  const initialized = init.every((container) =>
    container.role === 'sidecar' ? container.started : container.state.type === 'terminated' && container.state.code === 0,
  );
  const unready = [...init.filter(({ role }) => role === 'sidecar'), ...main].filter(({ ready }) => !ready).map(({ name }) => name);
  const uninitialized = init
    .filter((container) => container.role === 'init' && !(container.state.type === 'terminated' && container.state.code === 0))
    .map(({ name }) => name);
  const ended = phase === 'Succeeded' || phase === 'Failed';
  const generation = pod.metadata.generation ?? 1;
  const gates = asMaps(specOf(pod).readinessGates).map(({ conditionType }) => asText(conditionType));
  const gated = gates.find((gate) => conditionOf(statusOf(pod).conditions, gate)?.status !== 'True');

  let conditions: JsonMap[] = [];
  for (const type of ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']) {
    const old = conditionOf(statusOf(pod).conditions, type);
    if (old) conditions.push(old);
  }
  for (const old of asMaps(statusOf(pod).conditions)) if (!conditions.includes(old)) conditions.push(old);
  const set = (type: string, good: boolean, reason?: string, message?: string): void => {
    const condition = {
      type,
      status: good ? ('True' as const) : ('False' as const),
      ...(good || reason === undefined ? {} : { reason }),
      ...(good || message === undefined ? {} : { message }),
    };
    conditions = withCondition(conditions, condition, time).map((each) =>
      each.type === type ? { ...each, lastProbeTime: null, observedGeneration: generation } : each,
    );
  };
  set('PodReadyToStartContainers', ip !== '' && !ended);
  if (ended && phase === 'Succeeded') set('Initialized', true);
  else set('Initialized', initialized, 'ContainersNotInitialized', `containers with incomplete status: [${uninitialized.join(' ')}]`);
  const reason = ended ? (phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed') : 'ContainersNotReady';
  const message = ended ? undefined : `containers with unready status: [${unready.join(' ')}]`;
  const containersReady = !ended && unready.length === 0;
  if (containersReady && gated)
    set('Ready', false, 'ReadinessGatesNotReady', `corresponding condition of pod readiness gate "${gated}" does not exist.`);
  else set('Ready', containersReady, reason, message);
  set('ContainersReady', containersReady, reason, message);
  const order = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  conditions = [
    ...order.map((type) => conditionOf(conditions, type)).filter((each) => each !== undefined),
    ...conditions.filter(({ type }) => !order.includes(asText(type))),
  ];

  return {
    observedGeneration: generation,
    phase,
    conditions,
    ...(hostIP === '' ? {} : { hostIP, hostIPs: [{ ip: hostIP }] }),
    ...(ip === '' ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: timestamp(startedAt),
    ...(init.length > 0 ? { initContainerStatuses: init.map(containerStatus) } : {}),
    containerStatuses: main.map(containerStatus),
    ...(debug.length > 0 ? { ephemeralContainerStatuses: debug.map(containerStatus) } : {}),
    qosClass: statusOf(pod).qosClass,
  };
}
