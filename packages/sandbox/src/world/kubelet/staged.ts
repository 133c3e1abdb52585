import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Kubelet, LogLine } from '../../api/types.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asNumber, asText, isMap } from '../../json.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import type { WorldContext } from '../context.ts';
import { findKey, keyOf, unless, writeStatusAs } from '../context.ts';
import type { Kubelets } from './kubelet.ts';
import type { StatusPatch } from './staged-status.ts';
import {
  behave,
  completed,
  configFailed,
  crashed,
  created,
  notReady,
  pullBackedOff,
  pullFailed,
  restarted,
  running,
} from './staged-status.ts';

/** The log of every container of a name. */
export interface StagedLog {
  readonly lines: readonly LogLine[];
  /** Whether it is also that of the run before. */
  readonly previous: boolean;
}

interface Stage {
  readonly name: string;
  readonly delayMs: number;
  readonly applies: (pod: KubeObject) => boolean;
  readonly patch: StatusPatch;
  readonly event?: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string };
}

const manager = 'kwok';
const component = 'kwok_controller';

const reasons = (pod: KubeObject): string[] =>
  asMaps(statusOf(pod).containerStatuses).map(({ state }) => asText(asMap(asMap(state).waiting).reason));
const creating = (pod: KubeObject): boolean => reasons(pod).includes('ContainerCreating');
const firstStatus = (pod: KubeObject): JsonMap => asMaps(statusOf(pod).containerStatuses)[0] ?? {};
const ofJob = (pod: KubeObject): boolean => (pod.metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job');

/** The stages of a pod in the order in which they are asked. */
const stages: readonly Stage[] = [
  {
    name: 'ready',
    delayMs: 300,
    applies: (pod) => creating(pod) && !['imagepull', 'configerror', 'notready', 'pending'].includes(behave(pod)),
    patch: running,
    event: { type: 'Normal', reason: 'Started', message: 'Container started' },
  },
  {
    name: 'notready',
    delayMs: 300,
    applies: (pod) => creating(pod) && behave(pod) === 'notready',
    patch: notReady,
    event: { type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 404' },
  },
  {
    name: 'crash',
    delayMs: 400,
    applies: (pod) => ['crashloop', 'oom'].includes(behave(pod)) && isMap(asMap(firstStatus(pod).state).running),
    patch: crashed,
    event: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  },
  {
    name: 'restart',
    delayMs: 400,
    applies: (pod) => reasons(pod)[0] === 'CrashLoopBackOff' && asNumber(firstStatus(pod).restartCount) < (behave(pod) === 'oom' ? 4 : 5),
    patch: restarted,
  },
  {
    name: 'pull-fails',
    delayMs: 300,
    applies: (pod) => creating(pod) && behave(pod) === 'imagepull',
    patch: pullFailed,
    event: { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
  },
  {
    name: 'pull-backs-off',
    delayMs: 300,
    applies: (pod) => reasons(pod).includes('ErrImagePull') && behave(pod) === 'imagepull',
    patch: pullBackedOff,
    event: { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  },
  {
    name: 'config-error',
    delayMs: 300,
    applies: (pod) => creating(pod) && behave(pod) === 'configerror',
    patch: configFailed,
    event: { type: 'Warning', reason: 'Failed', message: 'Error: CreateContainerConfigError' },
  },
  {
    name: 'complete',
    delayMs: 1000,
    applies: (pod) =>
      statusOf(pod).phase === 'Running' && (behave(pod) === '' ? ofJob(pod) : ['complete', 'jobfail'].includes(behave(pod))),
    patch: completed,
  },
];

/** Lines of a container runtime's log file: time, stream, flag and text. */
export function parseRuntimeLog(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [time = '', , , ...words] = line.split(' ');
      return { time: Date.parse(time), text: words.join(' ') };
    });
}

/**
 * Kubelets that bring a pod through fixed stages, chosen by its annotation `sandbox/behave`, with fixed texts: the ones beside
 * which the answers of the conformance suite were recorded. Logs are by the container's name, `*` for all others.
 */
export function createStagedKubelets(context: WorldContext, logs: ReadonlyMap<string, StagedLog> = new Map()): Kubelets {
  const { api, timers, events } = context;
  const pending = new Map<string, { readonly uid: string; readonly stage: string; readonly cancel: () => void }>();
  const addresses = new Map<string, number>();
  const holder = `kwok_${api.random.uid()}`;

  const address = (node: string): string => {
    const range = asText(specOf(api.find('nodes', node) ?? { apiVersion: 'v1', kind: 'Node', metadata: {} }).podCIDR) || '10.244.0.0/24';
    const next = (addresses.get(node) ?? 0) + 1;
    addresses.set(node, next);
    const [a, b, c] = range.split('.');
    return `${a}.${b}.${Number(c) + Math.floor(next / 255)}.${next % 255}`;
  };
  const plan = (pod: KubeObject, stage: string, delayMs: number, act: (live: KubeObject) => void): void => {
    const key = keyOf(pod);
    const uid = pod.metadata.uid ?? '';
    const planned = pending.get(key);
    if (planned && planned.uid === uid && planned.stage === stage) return;
    planned?.cancel();
    const cancel = timers.after(delayMs, () => {
      pending.delete(key);
      const live = findKey(api, 'pods', key);
      if (live && live.metadata.uid === uid) act(live);
    });
    pending.set(key, { uid, stage, cancel });
  };
  const write = (pod: KubeObject, patch: JsonMap): void =>
    void writeStatusAs(manager, api, { resource: 'pods', object: pod, status: { ...statusOf(pod), ...patch } });

  function sync(key: string): void {
    const pod = findKey(api, 'pods', key);
    if (!pod || asText(specOf(pod).nodeName) === '') {
      pending.get(key)?.cancel();
      pending.delete(key);
      return;
    }
    if (pod.metadata.deletionTimestamp) {
      if ((pod.metadata.finalizers ?? []).length === 0) {
        plan(
          pod,
          'delete',
          300,
          (live) => void unless(['NotFound'], () => api.delete('pods', nameOf(live), namespaceOf(live), { gracePeriodSeconds: 0 })),
        );
      }
      return;
    }
    if (asMaps(statusOf(pod).containerStatuses).length === 0) {
      plan(pod, 'create', 200, (live) => {
        const now = timestamp(api.clock.now());
        const host = '127.0.0.1';
        write(live, created(live, now, { host, pod: specOf(live).hostNetwork === true ? host : address(asText(specOf(live).nodeName)) }));
      });
      return;
    }
    const stage = stages.find(({ applies }) => applies(pod));
    if (!stage) {
      pending.get(key)?.cancel();
      pending.delete(key);
      return;
    }
    plan(pod, stage.name, stage.delayMs, (live) => {
      if (live.metadata.deletionTimestamp || !stage.applies(live)) return;
      if (stage.event) events.record({ object: live, ...stage.event, component });
      write(live, stage.patch(live, timestamp(api.clock.now())));
    });
  }

  const kubelet: Kubelet = {
    logs(_pod, container, { previous }) {
      const log = logs.get(container) ?? logs.get('*');
      return log && (!previous || log.previous) ? log.lines : undefined;
    },
    follow: () => () => {},
    usage(pod) {
      const amount = (name: string, fallback: string): number => Number(parseQuantity(pod.metadata.annotations?.[name] ?? fallback) ?? 0n);
      return { cpuNanocores: amount('sandbox/cpu', '5m'), memoryBytes: amount('sandbox/memory', '24Mi') / 1e9 };
    },
  };
  return {
    controller: {
      name: 'kubelet',
      *keys({ resource, object }) {
        if (resource.storage === 'pods' && (asText(specOf(object).nodeName) !== '' || pending.has(keyOf(object)))) yield keyOf(object);
      },
      sync,
    },
    kubelet,
    identity: { holder: () => holder, hostname: () => '' },
    stop() {
      for (const { cancel } of pending.values()) cancel();
      pending.clear();
    },
  };
}
