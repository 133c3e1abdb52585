import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { text } from './respond.ts';

/** The checks that there are, as the real server's are called; here all of them are this process. */
const checks: readonly string[] = (
  'ping log etcd etcd-readiness informer-sync poststarthook/start-apiserver-admission-initializer ' +
  'poststarthook/generic-apiserver-start-informers poststarthook/priority-and-fairness-config-consumer ' +
  'poststarthook/priority-and-fairness-filter poststarthook/storage-object-count-tracker-hook ' +
  'poststarthook/start-apiextensions-informers poststarthook/start-apiextensions-controllers ' +
  'poststarthook/crd-informer-synced poststarthook/start-system-namespaces-controller ' +
  'poststarthook/peer-endpoint-reconciler-controller poststarthook/start-cluster-authentication-info-controller ' +
  'poststarthook/start-kube-apiserver-identity-lease-controller ' +
  'poststarthook/start-kube-apiserver-identity-lease-garbage-collector poststarthook/storage-readiness ' +
  'poststarthook/start-legacy-token-tracking-controller poststarthook/start-service-ip-repair-controllers ' +
  'poststarthook/rbac/bootstrap-roles poststarthook/scheduling/bootstrap-system-priority-classes ' +
  'poststarthook/priority-and-fairness-config-producer poststarthook/bootstrap-controller ' +
  'poststarthook/start-kubernetes-service-cidr-controller poststarthook/aggregator-reload-proxy-client-cert ' +
  'poststarthook/start-kube-aggregator-informers poststarthook/apiservice-status-local-available-controller ' +
  'poststarthook/apiservice-status-remote-available-controller poststarthook/apiservice-registration-controller ' +
  'poststarthook/apiservice-discovery-controller poststarthook/kube-apiserver-autoregistration autoregister-completion ' +
  'poststarthook/apiservice-openapi-controller poststarthook/apiservice-openapiv3-controller'
).split(' ');

const readinessOnly = new Set(['etcd-readiness', 'informer-sync']);

/** Answers /healthz, /livez and /readyz and their checks. */
export function handleHealth(call: Call, name: string, check: string): ApiResponse | undefined {
  if (check !== '') return checks.includes(check) ? text(200, 'ok') : undefined;
  if (!call.request.query.has('verbose')) return text(200, 'ok');
  const own = name === 'readyz' ? [...checks, 'shutdown'] : checks.filter((entry) => !readinessOnly.has(entry));
  return text(200, `${own.map((entry) => `[+]${entry} ok\n`).join('')}${name} check passed\n`);
}
