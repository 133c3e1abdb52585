import type { Condition } from '../condition.ts';
import { secretCertificate } from './config/certificate.ts';
import { configReferences } from './config/references.ts';
import { cronJobRuns } from './cron-job/runs.ts';
import { cronJobSchedule } from './cron-job/schedule-valid.ts';
import { daemonSetReady } from './daemon-set/ready.ts';
import { hpaLimits } from './hpa/limits.ts';
import { hpaMetrics } from './hpa/metrics.ts';
import { jobFailed } from './job/failed.ts';
import { jobSuspended } from './job/suspended.ts';
import { budgetDrain } from './pdb/drain.ts';
import { budgetSelection } from './pdb/selection.ts';
import { quotaExhausted } from './quota/exhausted.ts';
import { limitRangeRefuses } from './quota/limit-range.ts';
import { statefulSetNeeds } from './stateful-set/needs.ts';
import { statefulSetOrdinals } from './stateful-set/ordinals.ts';
import { claimPending } from './storage/claim-pending.ts';
import { claimState } from './storage/claim-state.ts';
import { storageClassDefaults } from './storage/default-class.ts';
import { volumeState } from './storage/volume-state.ts';
import { namespaceTerminating } from './terminating/namespace.ts';
import { configTerminating, storageTerminating, trafficTerminating, workloadTerminating } from './terminating/object.ts';

/** What is looked for in sets, batch work, storage, scaling, budgets, quotas and configuration, and in what is to be gone. */
export const operationConditions: readonly Condition[] = [
  jobFailed,
  jobSuspended,
  cronJobSchedule,
  cronJobRuns,
  claimPending,
  claimState,
  volumeState,
  storageClassDefaults,
  hpaMetrics,
  hpaLimits,
  budgetDrain,
  budgetSelection,
  quotaExhausted,
  limitRangeRefuses,
  statefulSetOrdinals,
  statefulSetNeeds,
  daemonSetReady,
  configReferences,
  secretCertificate,
  namespaceTerminating,
  storageTerminating,
  trafficTerminating,
  workloadTerminating,
  configTerminating,
];
