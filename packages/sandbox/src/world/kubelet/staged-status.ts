import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Json, JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, asText } from '../../json.ts';

/** What a stage writes into a pod's status. */
export type StatusPatch = (pod: KubeObject, now: string) => JsonMap;

const annotation = (pod: KubeObject, name: string): string => pod.metadata.annotations?.[name] ?? '';

/** The behaviour that a pod's annotation chooses, "" for none. */
export function behave(pod: KubeObject): string {
  return annotation(pod, 'sandbox/behave');
}

function conditions(pod: KubeObject, changes: readonly JsonMap[]): JsonMap[] {
  const old = asMaps(statusOf(pod).conditions);
  const changed = changes.map((change): JsonMap => ({ ...change, lastProbeTime: null }));
  const kept = old.map((condition) => changed.find(({ type }) => type === condition.type) ?? condition);
  return [...changed.filter(({ type }) => !old.some((condition) => condition.type === type)), ...kept];
}

const status = (container: JsonMap, ready: boolean, started: boolean, state: JsonMap): JsonMap => ({
  image: asText(container.image),
  imageID: '',
  lastState: {},
  name: asText(container.name),
  ready,
  restartCount: 0,
  started,
  state,
});
const containers = (pod: KubeObject): JsonMap[] => asMaps(specOf(pod).containers);
const first = (pod: KubeObject): JsonMap => asMaps(statusOf(pod).containerStatuses)[0] ?? {};
const others = (pod: KubeObject): JsonMap[] => asMaps(statusOf(pod).containerStatuses).slice(1);
const unready = (names: readonly string[], now: string): JsonMap[] =>
  ['Ready', 'ContainersReady'].map((type) => ({
    type,
    status: 'False',
    lastTransitionTime: now,
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names.join(' ')}]`,
  }));
const ready = (now: string): JsonMap[] => ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True', lastTransitionTime: now }));

const waiting = (pod: KubeObject, reason: string, message: (image: string) => string): JsonMap => ({
  containerStatuses: containers(pod).map((container) =>
    status(container, false, false, { waiting: { reason, message: message(asText(container.image)) } }),
  ),
});
const notFound = (image: string): string =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;

/** The pod has come to its node. */
export const created = (pod: KubeObject, now: string, addresses: { readonly host: string; readonly pod: string }): JsonMap => ({
  conditions: conditions(pod, [
    { type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: now },
    { type: 'Initialized', status: 'True', lastTransitionTime: now },
    ...unready(
      containers(pod).map(({ name }) => asText(name)),
      now,
    ),
  ]),
  ...(asMaps(specOf(pod).initContainers).length > 0
    ? {
        initContainerStatuses: asMaps(specOf(pod).initContainers).map((container) =>
          status(container, true, false, { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }),
        ),
      }
    : {}),
  containerStatuses: containers(pod).map((container) => status(container, false, false, { waiting: { reason: 'ContainerCreating' } })),
  hostIP: addresses.host,
  podIP: addresses.pod,
  podIPs: [{ ip: addresses.pod }],
  startTime: now,
  phase: 'Pending',
});

/** All containers run and are ready. */
export const running: StatusPatch = (pod, now) => ({
  conditions: conditions(pod, ready(now)),
  containerStatuses: containers(pod).map((container) => status(container, true, true, { running: { startedAt: now } })),
  phase: 'Running',
});

/** All containers run, none is ready. */
export const notReady: StatusPatch = (pod, now) => ({
  containerStatuses: containers(pod).map((container) => status(container, false, true, { running: { startedAt: now } })),
  phase: 'Running',
});

const backOffs = ['10s', '20s', '40s', '1m20s', '2m40s'];

/** The first container ends and waits. */
export const crashed: StatusPatch = (pod, now) => {
  const container = containers(pod)[0] ?? {};
  const before = first(pod);
  const count = asNumber(before.restartCount);
  const oom = behave(pod) === 'oom';
  const message = `back-off ${backOffs[count] ?? '5m0s'} restarting failed container=${asText(container.name)} pod=${nameOf(pod)}_${namespaceOf(pod)}(${pod.metadata.uid ?? ''})`;
  const startedAt: Json | undefined = asMap(asMap(before.state).running).startedAt;
  return {
    conditions: conditions(pod, unready([asText(container.name)], now)),
    containerStatuses: [
      {
        ...status(container, false, false, { waiting: { reason: 'CrashLoopBackOff', message } }),
        restartCount: count + 1,
        lastState: { terminated: { exitCode: oom ? 137 : 1, reason: oom ? 'OOMKilled' : 'Error', startedAt, finishedAt: now } },
      },
      ...others(pod),
    ],
  };
};

/** The first container runs again. */
export const restarted: StatusPatch = (pod, now) => ({
  conditions: conditions(pod, ready(now)),
  containerStatuses: [{ ...first(pod), ready: true, started: true, state: { running: { startedAt: now } } }, ...others(pod)],
  phase: 'Running',
});

/** The images can't be pulled. */
export const pullFailed: StatusPatch = (pod) => waiting(pod, 'ErrImagePull', notFound);

/** And are tried again later. */
export const pullBackedOff: StatusPatch = (pod) =>
  waiting(pod, 'ImagePullBackOff', (image) => `Back-off pulling image "${image}": ErrImagePull: ${notFound(image)}`);

/** The containers can't be made. */
export const configFailed: StatusPatch = (pod) => waiting(pod, 'CreateContainerConfigError', () => annotation(pod, 'sandbox/message'));

/** All containers have ended. */
export const completed: StatusPatch = (pod, now) => {
  const failed = behave(pod) === 'jobfail';
  const reason = failed ? 'PodFailed' : 'PodCompleted';
  return {
    conditions: conditions(
      pod,
      ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'False', lastTransitionTime: now, reason })),
    ),
    containerStatuses: asMaps(statusOf(pod).containerStatuses).map((container) => ({
      image: container.image,
      imageID: '',
      lastState: {},
      name: container.name,
      ready: false,
      started: false,
      restartCount: container.restartCount,
      state: {
        terminated: {
          exitCode: failed ? 1 : 0,
          reason: failed ? 'Error' : 'Completed',
          startedAt: asMap(asMap(container.state).running).startedAt,
          finishedAt: now,
        },
      },
    })),
    phase: failed ? 'Failed' : 'Succeeded',
  };
};
