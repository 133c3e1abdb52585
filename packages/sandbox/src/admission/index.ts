import type { AdmissionPlugin } from '../api/types.ts';
import { certificateRequestor } from './certificates.ts';
import { limitRanger } from './limit-range.ts';
import { namespaceLifecycle } from './namespaces.ts';
import { notActedUpon } from './not-acted-upon.ts';
import { podSecurity } from './pod-security.ts';
import { defaultTolerations, priority, runtimeClass, serviceAccount, topologyLabels } from './pods.ts';
import { resourceQuota } from './quota.ts';
import { serviceAddresses } from './services.ts';
import { claimResize, defaultIngressClass, defaultStorageClass, storageProtection } from './storage.ts';
import { usageWarnings } from './warnings.ts';

/** The plugins of the server, in the order in which they run. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  certificateRequestor,
  limitRanger,
  serviceAccount,
  priority,
  defaultTolerations,
  runtimeClass,
  topologyLabels,
  defaultStorageClass,
  defaultIngressClass,
  storageProtection,
  claimResize,
  podSecurity,
  serviceAddresses,
  notActedUpon,
  usageWarnings,
  resourceQuota,
];
