import type { FieldError } from '../api/field-errors.ts';
import { invalid } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import * as autoscaling from './autoscaling.ts';
import * as config from './config.ts';
import { customErrors } from './custom.ts';
import { definitionErrors } from './definitions.ts';
import { validateMeta, validateMetaUpdate } from './meta.ts';
import * as jobs from './jobs.ts';
import * as limits from './limits.ts';
import * as network from './network.ts';
import { newPodErrors, podUpdateErrors } from './pods.ts';
import * as services from './services.ts';
import { statefulSetErrors } from './stateful-sets.ts';
import * as storage from './storage.ts';
import * as workloads from './workloads.ts';

type Rule = (object: KubeObject, old: KubeObject | undefined) => FieldError[];

const rules = new Map<string, Rule>([
  ['Deployment', workloads.deploymentErrors],
  ['ReplicaSet', workloads.replicaSetErrors],
  ['ReplicationController', workloads.replicationControllerErrors],
  ['StatefulSet', statefulSetErrors],
  ['DaemonSet', workloads.daemonSetErrors],
  ['Job', jobs.jobErrors],
  ['CronJob', jobs.cronJobErrors],
  ['Service', services.serviceErrors],
  ['Ingress', network.ingressErrors],
  ['NetworkPolicy', network.networkPolicyErrors],
  ['PodDisruptionBudget', autoscaling.disruptionBudgetErrors],
  ['HorizontalPodAutoscaler', autoscaling.autoscalerErrors],
  ['Namespace', namespaceErrors],
  ['ConfigMap', config.configMapErrors],
  ['Secret', config.secretErrors],
  ['PersistentVolumeClaim', storage.claimErrors],
  ['PersistentVolume', storage.volumeErrors],
  ['ResourceQuota', limits.quotaErrors],
  ['LimitRange', limits.limitRangeErrors],
  ['PriorityClass', limits.priorityClassErrors],
  ['StorageClass', storage.storageClassErrors],
  ['Role', config.roleErrors],
  ['ClusterRole', config.roleErrors],
  ['RoleBinding', config.bindingErrors],
  ['ClusterRoleBinding', config.bindingErrors],
  ['CustomResourceDefinition', definitionErrors],
]);

const levels = ['privileged', 'baseline', 'restricted'];

function namespaceErrors({ metadata: { labels = {} } }: KubeObject): FieldError[] {
  return ['enforce', 'audit', 'warn'].flatMap((mode) => {
    const label = `pod-security.kubernetes.io/${mode}`;
    const level = labels[label];
    return level === undefined || levels.includes(level)
      ? []
      : [invalid(`metadata.labels[${label}]`, level, `must be one of ${levels.join(', ')}`)];
  });
}

const statusRules = new Map<string, (object: KubeObject) => FieldError[]>([
  ['Deployment', workloads.deploymentStatusErrors],
  ['Service', services.serviceStatusErrors],
]);

/** Everything that is wrong with an object, or with the change of it. */
export function validateObject(
  info: ResourceInfo,
  object: KubeObject,
  old: KubeObject | undefined,
  subresource: string | undefined,
): FieldError[] {
  const meta = old ? [...validateMetaUpdate(object, old), ...validateMeta(info, object)] : validateMeta(info, object);
  if (info.custom) return [...meta, ...customErrors(info, object, old)];
  if (info.kind === 'Pod') return [...meta, ...(old ? podUpdateErrors(object, old, subresource) : newPodErrors(specOf(object)))];
  if (subresource === 'status') return [...meta, ...(statusRules.get(info.kind)?.(object) ?? [])];
  return [...meta, ...(rules.get(info.kind)?.(object, old) ?? [])];
}
