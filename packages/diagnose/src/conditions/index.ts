import type { Condition } from '../condition.ts';
import { deploymentOverlap } from './deployment/overlap.ts';
import { deploymentProgress } from './deployment/progress.ts';
import { nodeFitness } from './node/fitness.ts';
import { nodeState } from './node/state.ts';
import { platformConditions } from './platform.ts';
import { operationConditions } from './operation.ts';
import { podConfig } from './pod/config.ts';
import { podCrashLoop } from './pod/crash-loop.ts';
import { podFailed } from './pod/failed.ts';
import { podImage } from './pod/image.ts';
import { podProbes } from './pod/probes.ts';
import { podRestarts } from './pod/restarts.ts';
import { podStart } from './pod/start.ts';
import { podTerminating } from './pod/terminating.ts';
import { podUnschedulable } from './pod/unschedulable.ts';
import { podVolumes } from './pod/volumes.ts';
import { podWaiting } from './pod/waiting.ts';
import { createFailure } from './replica-set/create-failure.ts';
import { serviceEndpoints } from './service/endpoints.ts';
import { servicePorts } from './service/ports.ts';
import { trafficConditions } from './traffic.ts';

/** Everything that is looked for. */
export const conditions: readonly Condition[] = [
  podUnschedulable,
  podImage,
  podCrashLoop,
  podConfig,
  podStart,
  podVolumes,
  podProbes,
  podRestarts,
  podTerminating,
  podFailed,
  podWaiting,
  deploymentProgress,
  deploymentOverlap,
  createFailure,
  nodeState,
  nodeFitness,
  serviceEndpoints,
  servicePorts,
  ...trafficConditions,
  ...platformConditions,
  ...operationConditions,
];
