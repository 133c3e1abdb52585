import type { Condition } from '../condition.ts';
import { podConfig } from './pod/config.ts';
import { podCrashLoop } from './pod/crash-loop.ts';
import { podImage } from './pod/image.ts';
import { podProbes } from './pod/probes.ts';
import { podUnschedulable } from './pod/unschedulable.ts';
import { serviceEndpoints } from './service/endpoints.ts';

/** Everything that is looked for. */
export const conditions: readonly Condition[] = [podUnschedulable, podImage, podCrashLoop, podConfig, podProbes, serviceEndpoints];
