import { setTimeout } from 'node:timers/promises';
import { isApiError } from '../api/errors.ts';
import type { Api, Kubelet } from '../api/types.ts';
import type { ManualClock } from '../clock.ts';
import { createCache } from './cache.ts';
import type { Controller, WorldContext } from './context.ts';
import { claims, volumes } from './controllers/claims.ts';
import { autoscaling } from './controllers/autoscaling.ts';
import { cronJobs } from './controllers/cron-job.ts';
import { daemonSets } from './controllers/daemon-set.ts';
import { deployments } from './controllers/deployment.ts';
import { disruption } from './controllers/disruption.ts';
import { endpoints } from './controllers/endpoints.ts';
import { garbageCollector } from './controllers/garbage.ts';
import { eventExpiry } from './controllers/event-expiry.ts';
import { jobs } from './controllers/job.ts';
import { namespaces } from './controllers/namespaces.ts';
import { nodes } from './controllers/nodes.ts';
import { quotas } from './controllers/quota.ts';
import { replicaSets, replicationControllers } from './controllers/replica-set.ts';
import { statefulSets } from './controllers/stateful-set.ts';
import { createEventRecorder } from './events.ts';
import type { Behaviour } from './kubelet/behaviour.ts';
import type { Kubelets } from './kubelet/kubelet.ts';
import { createKubelets } from './kubelet/kubelet.ts';
import { createWorkQueue } from './queue.ts';
import { scheduler } from './scheduler/scheduler.ts';
import { createTimers } from './timers.ts';

/** What a world may be given. */
export interface WorldOptions {
  /** How images behave; the first rule that matches decides, an image without one starts and stays. */
  readonly behaviours?: readonly Behaviour[];
  /** Other kubelets than the simulated ones. */
  readonly kubelets?: (context: WorldContext) => Kubelets;
  /** Runs a task soon, after what is going on now; default: `setImmediate`. */
  readonly defer?: (task: () => void) => void;
  /** Waits a while on the machine's clock, in milliseconds; default: `setTimeout`, which keeps the process alive. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** The controllers, the scheduler and the kubelets of a sandbox. */
export interface SimulatedWorld {
  readonly kubelet: Kubelet;
  /** Does all work that is due now. */
  run(): void;
  /**
   * Waits until nothing is under way any more: no work is due and no timer pends that leads to a new state. What only repeats
   * itself (back-offs, probes, retries) does not count. A manual clock is advanced from timer to timer.
   */
  settle(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Lets time pass on a manual clock, with the work done at the times when it is due. */
  advance(clock: ManualClock, ms: number): void;
  /** Ends it; nothing happens in the API by itself afterwards. */
  stop(): void;
}

/** Work done in one go before others get their turn. */
const slice = 25;

/** Brings the objects of an API to life. */
export function startWorld(
  api: Api,
  { behaviours = [], kubelets: customKubelets, defer = (task) => void setImmediate(task), pause = setTimeout }: WorldOptions = {},
): SimulatedWorld {
  const { clock } = api;
  const cache = createCache(api);
  const timers = createTimers(clock);
  const delayed = new Map<string, { readonly due: number; readonly cancel: () => void }>();
  let stopped = false;
  let woken = false;

  const wake = (): void => {
    if (woken || stopped) return;
    woken = true;
    defer(() => {
      woken = false;
      if (!stopped && queue.run(slice)) wake();
    });
  };
  const queue = createWorkQueue({
    clock,
    sync: (controller, key) => controllers.get(controller)?.sync(key),
    expected: isApiError,
    retry: (ms, task) => void timers.background(ms, task),
    wake,
  });
  const context: WorldContext = {
    api,
    cache,
    timers,
    events: createEventRecorder(api),
    enqueue: queue.add,
    later(controller, key, ms) {
      const id = `${controller} ${key}`;
      const due = clock.now() + ms;
      const known = delayed.get(id);
      if (known && known.due <= due) return;
      known?.cancel();
      const cancel = timers.background(ms, () => {
        delayed.delete(id);
        queue.add(controller, key);
      });
      delayed.set(id, { due, cancel });
    },
  };
  const kubelets = customKubelets ? customKubelets(context) : createKubelets(context, behaviours);
  const list: Controller[] = [
    namespaces(context),
    nodes(context, kubelets.identity),
    scheduler(context),
    kubelets.controller,
    replicaSets(context),
    replicationControllers(context),
    deployments(context),
    statefulSets(context),
    daemonSets(context),
    jobs(context),
    cronJobs(context),
    endpoints(context),
    claims(context),
    volumes(context),
    quotas(context),
    disruption(context),
    garbageCollector(context),
    autoscaling(context),
    eventExpiry(context),
  ];
  const controllers = new Map(list.map((controller) => [controller.name, controller]));

  const unwatch = api.watch((change) => {
    cache.take(change);
    for (const controller of list) for (const key of controller.keys(change)) queue.add(controller.name, key);
  });
  for (const info of new Set(api.registry.all().map(({ storage }) => storage))) {
    const resource = api.registry.resource(info);
    for (const object of api.list(info)) {
      const change = { type: 'added' as const, resource, object, previous: undefined, resourceVersion: 0 };
      for (const controller of list) for (const key of controller.keys(change)) queue.add(controller.name, key);
    }
  }

  const run = (): void => {
    while (!stopped && queue.run(Number.POSITIVE_INFINITY));
  };
  const busy = (): boolean => !stopped && (queue.size() > 0 || timers.pending() > 0);
  return {
    kubelet: kubelets.kubelet,
    run,
    async settle({ signal } = {}) {
      run();
      while (busy()) {
        signal?.throwIfAborted();
        const manual = manualOf(clock);
        if (manual) manual.advance(manual.next() ?? 0);
        else await pause(10);
        run();
      }
    },
    advance(manual, ms) {
      const end = manual.now() + ms;
      run();
      for (let next = manual.next(); next !== undefined && manual.now() + next <= end; next = manual.next()) {
        manual.advance(next);
        run();
      }
      manual.advance(end - manual.now());
      run();
    },
    stop() {
      stopped = true;
      unwatch();
      kubelets.stop();
      timers.stop();
    },
  };
}

function manualOf(clock: Api['clock']): ManualClock | undefined {
  if (!('advance' in clock) || !('next' in clock)) return undefined;
  if ('live' in clock && clock.live === true) return undefined;
  return isManual(clock) ? clock : undefined;
}

function isManual(clock: Api['clock']): clock is ManualClock {
  return 'advance' in clock && typeof clock.advance === 'function' && 'next' in clock && typeof clock.next === 'function';
}
