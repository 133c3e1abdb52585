import type { Condition } from '../condition.ts';
import { apiServiceAvailable } from './api-service/available.ts';
import { argoApplication } from './argo/application.ts';
import { argoApplicationSet, argoRollout } from './argo/others.ts';
import { certManagerCertificate } from './cert-manager/certificate.ts';
import { certManagerIssuer } from './cert-manager/issuer.ts';
import { crdConversion } from './crd/conversion.ts';
import { crdState } from './crd/state.ts';
import { fluxReady } from './flux/ready.ts';
import { helmRelease } from './helm/release.ts';
import { kedaScaled } from './keda/scaled.ts';
import { kyvernoPolicy } from './kyverno/policy.ts';
import { clusterOperator } from './olm/cluster-operator.ts';
import { olmOperator } from './olm/operator.ts';
import { serviceAccountRefused } from './rbac/refused.ts';
import { rbacBindings, rbacWildcards } from './rbac/security.ts';
import { serviceAccountMissing } from './rbac/service-account.ts';
import { upgradePodSecurityPolicy, upgradeRemovedApi } from './upgrade/removed-api.ts';
import { webhookBackend } from './webhook/backend.ts';
import { webhookCertificate } from './webhook/certificate.ts';
import { webhookFailing } from './webhook/failing.ts';

/** What is looked for in what extends the API, in who may use it, and in what delivers to it. */
export const platformConditions: readonly Condition[] = [
  webhookBackend,
  webhookCertificate,
  webhookFailing,
  apiServiceAvailable,
  crdState,
  crdConversion,
  serviceAccountMissing,
  serviceAccountRefused,
  rbacBindings,
  rbacWildcards,
  upgradeRemovedApi,
  upgradePodSecurityPolicy,
  helmRelease,
  argoApplication,
  argoApplicationSet,
  argoRollout,
  fluxReady,
  certManagerCertificate,
  certManagerIssuer,
  olmOperator,
  clusterOperator,
  kedaScaled,
  kyvernoPolicy,
];
