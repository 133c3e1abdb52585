import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { JsonMap } from '../../json.ts';
import { asMaps, asText } from '../../json.ts';
import type { WorldContext } from '../context.ts';
import { unless, writeStatusAs } from '../context.ts';
import type { Behaviour } from './behaviour.ts';
import type { Container, ContainerRole } from './container.ts';
import { dropPlans, newContainer } from './container.ts';
import { volumeTrouble } from './environment.ts';
import { podStatus, restarts } from './pod-status.ts';
import type { NodeImages, PodRun } from './run.ts';
import { plan } from './run.ts';
import { createContainer, startContainer } from './start.ts';

/** One pod on its node. */
export interface PodWorker {
  readonly uid: string;
  readonly containers: readonly Container[];
  /** The pod has changed, or something that it may wait for. */
  sync(pod: KubeObject): void;
  stop(): void;
}

/** What a worker is given. */
export interface PodWorkerOptions {
  readonly context: WorldContext;
  readonly rules: readonly Behaviour[];
  readonly images: NodeImages;
  readonly hostIP: string;
  readonly allocateIP: () => string;
  readonly wrote: (pod: KubeObject, container: Container) => void;
}

const sandboxMs = 50;
const terminateMs = 300;
const volumeRetryMs = 30_000;
const firstBackoffMs = 10_000;
const longestBackoffMs = 300_000;
/** A back-off in progress is told again this often. */
const tellAgainMs = 14_000;

/** Runs a pod that was bound to a node. */
export function createPodWorker(found: KubeObject, { context, rules, images, hostIP, allocateIP, wrote }: PodWorkerOptions): PodWorker {
  const { api, timers, events } = context;
  let pod = found;
  let ip = '';
  let phase: 'new' | 'mounting' | 'running' | 'ending' | 'stopped' = 'new';
  const startedAt = api.clock.now();
  const spec = specOf(found);
  const node = asText(spec.nodeName);
  const hasInit = asMaps(spec.initContainers).length > 0;
  const containers: Container[] = [
    ...asMaps(spec.initContainers).map((each) =>
      newContainer(each, each.restartPolicy === 'Always' ? 'sidecar' : 'init', 'PodInitializing'),
    ),
    ...asMaps(spec.containers).map((each) => newContainer(each, 'main', hasInit ? 'PodInitializing' : 'ContainerCreating')),
  ];
  let cancelMount = (): void => {};

  const fieldPath = ({ name, role }: Container): string =>
    `spec.${role === 'main' ? 'containers' : role === 'ephemeral' ? 'ephemeralContainers' : 'initContainers'}{${name}}`;
  const run: PodRun = {
    context,
    rules,
    images,
    pod: () => pod,
    ip: () => ip,
    save,
    ended,
    advanced: proceed,
    event(container, type, reason, message) {
      events.record({
        object: pod,
        type,
        reason,
        message,
        component: 'kubelet',
        host: node,
        ...(container ? { fieldPath: fieldPath(container) } : {}),
      });
    },
    wrote: (container) => wrote(pod, container),
  };

  function save(): void {
    if (phase === 'stopped') return;
    const live = api.find('pods', nameOf(pod), namespaceOf(pod));
    if (!live || live.metadata.uid !== pod.metadata.uid) return;
    const status = podStatus(live, { containers, ip, hostIP, startedAt, now: api.clock.now() });
    pod =
      unless(['Conflict', 'NotFound'], () =>
        writeStatusAs('kubelet', api, { resource: 'pods', object: live, status: keepForeign(live, status) }),
      ) ?? live;
  }

  function begin(): void {
    phase = 'mounting';
    save();
    cancelMount = timers.after(sandboxMs, mount);
  }

  function mount(): void {
    if (phase !== 'mounting') return;
    const trouble = volumeTrouble(api, pod);
    if (trouble) {
      if (trouble.message !== undefined)
        run.event(undefined, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${trouble.volume}" : ${trouble.message}`);
      cancelMount = timers.background(volumeRetryMs, mount);
      return;
    }
    phase = 'running';
    ip = spec.hostNetwork === true ? hostIP : allocateIP();
    proceed();
  }

  /** Starts what may start now: init containers one by one, then all others. */
  function proceed(): void {
    if (phase !== 'running') return;
    for (const container of containers) {
      if (container.role === 'init' && !(container.state.type === 'terminated' && container.state.code === 0))
        return begun(container) ? undefined : first(container);
      if (container.role === 'sidecar' && !container.started) return begun(container) ? undefined : first(container);
    }
    for (const container of containers) if (!begun(container)) first(container);
  }
  function begun(container: Container): boolean {
    return (
      container.plans.size > 0 ||
      container.id !== '' ||
      container.state.type !== 'waiting' ||
      !['PodInitializing', 'ContainerCreating'].includes(container.state.reason)
    );
  }
  function first(container: Container): void {
    startContainer(run, container);
  }

  function ended(container: Container, code: number, reason: string): void {
    dropPlans(container);
    const now = api.clock.now();
    const begunAt = container.state.type === 'running' ? container.state.startedAt : now;
    const ending = { type: 'terminated' as const, code, reason, startedAt: begunAt, finishedAt: now, id: container.id };
    container.lines = container.lines.filter(({ time }) => time <= now);
    container.ready = container.role === 'init' && code === 0;
    container.started = false;
    container.state = ending;
    if (phase !== 'running') return;
    if (!restarts(pod, container, code)) {
      save();
      proceed();
      return;
    }
    if (now - begunAt > 2 * longestBackoffMs) container.backoffMs = 0;
    container.last = ending;
    if (container.backoffMs === 0) {
      save();
      container.backoffMs = firstBackoffMs;
      plan(run, container, { ms: 400 }, () => again(container));
      return;
    }
    backOff(container);
  }

  function backOff(container: Container): void {
    const wait = container.backoffMs;
    const text = wait < 60_000 ? `${wait / 1000}s` : `${Math.floor(wait / 60_000)}m${(wait % 60_000) / 1000}s`;
    const who = `${nameOf(pod)}_${namespaceOf(pod)}(${pod.metadata.uid ?? ''})`;
    container.state = {
      type: 'waiting',
      reason: 'CrashLoopBackOff',
      message: `back-off ${text} restarting failed container=${container.name} pod=${who}`,
    };
    save();
    const tell = (): void => {
      run.event(container, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${who}`);
      plan(run, container, { ms: tellAgainMs, background: true }, tell);
    };
    tell();
    container.backoffMs = Math.min(wait * 2, longestBackoffMs);
    plan(run, container, { ms: wait, background: true }, () => again(container));
  }

  function again(container: Container): void {
    dropPlans(container);
    container.restarts++;
    startContainer(run, container);
  }

  function end(): void {
    phase = 'ending';
    cancelMount();
    for (const container of containers) {
      dropPlans(container);
      if (container.state.type === 'running') run.event(container, 'Normal', 'Killing', `Stopping container ${container.name}`);
    }
    timers.after(Math.min(terminateMs, (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000), () => {
      const now = api.clock.now();
      for (const container of containers) {
        if (container.state.type === 'terminated') continue;
        const begunAt = container.state.type === 'running' ? container.state.startedAt : now;
        container.state = {
          type: 'terminated',
          code: container.state.type === 'running' ? 0 : 137,
          reason: container.state.type === 'running' ? 'Completed' : 'ContainerStatusUnknown',
          startedAt: begunAt,
          finishedAt: now,
          id: container.id,
        };
        container.ready = false;
        container.started = false;
      }
      if ((pod.metadata.finalizers ?? []).length > 0) save();
      phase = 'stopped';
      unless(['NotFound', 'Conflict'], () =>
        api.delete('pods', nameOf(pod), namespaceOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid ?? '' } }),
      );
    });
  }

  /** Takes in new containers to debug with, and images that were changed in place. */
  function adopt(): void {
    for (const each of asMaps(specOf(pod).ephemeralContainers)) {
      if (containers.some(({ name }) => name === each.name)) continue;
      const container = newContainer(each, 'ephemeral' satisfies ContainerRole, 'ContainerCreating');
      containers.push(container);
      if (phase === 'running') first(container);
    }
    for (const each of [...asMaps(specOf(pod).containers), ...asMaps(specOf(pod).initContainers)]) {
      const container = containers.find(({ name }) => name === each.name);
      if (!container || container.spec.image === each.image) continue;
      container.spec = each;
      if (container.state.type === 'running') {
        run.event(container, 'Normal', 'Killing', `Container ${container.name} definition changed, will be restarted`);
        dropPlans(container);
        container.backoffMs = 0;
        plan(run, container, { ms: 100 }, () => ended(container, 137, 'Error'));
      } else if (container.state.type === 'waiting' && phase === 'running' && begun(container)) {
        dropPlans(container);
        startContainer(run, container);
      }
    }
  }

  return {
    uid: found.metadata.uid ?? '',
    containers,
    sync(next) {
      pod = next;
      if (phase === 'stopped') return;
      if (next.metadata.deletionTimestamp) {
        if (phase !== 'ending') end();
        return;
      }
      if (phase === 'new') return begin();
      adopt();
      if (phase === 'mounting' && !volumeTrouble(api, pod)) {
        cancelMount();
        cancelMount = timers.after(sandboxMs, mount);
      }
      for (const container of containers) {
        if (container.state.type !== 'waiting' || container.state.reason !== 'CreateContainerConfigError') continue;
        dropPlans(container);
        plan(run, container, { ms: 200 }, () => createContainer(run, container));
      }
    },
    stop() {
      phase = 'stopped';
      cancelMount();
      for (const container of containers) dropPlans(container);
    },
  };
}

/** What others wrote into the status stays. */
function keepForeign(pod: KubeObject, status: JsonMap): JsonMap {
  const { nominatedNodeName, resize } = statusOf(pod);
  return { ...status, ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }), ...(resize === undefined ? {} : { resize }) };
}
