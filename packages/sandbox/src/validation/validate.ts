import type { FieldError } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import * as config from './config.ts';
import { customErrors } from './custom.ts';
import { definitionErrors } from './definitions.ts';
import { validateMeta, validateMetaUpdate } from './meta.ts';
import { podSpecErrors, podUpdateErrors } from './pods.ts';
import * as services from './services.ts';
import * as workloads from './workloads.ts';

type Rule = (object: KubeObject, old: KubeObject | undefined) => FieldError[];

const rules = new Map<string, Rule>([
  ['Deployment', workloads.deploymentErrors],
  ['ReplicaSet', workloads.replicaSetErrors],
  ['ReplicationController', workloads.replicationControllerErrors],
  ['StatefulSet', workloads.statefulSetErrors],
  ['DaemonSet', workloads.daemonSetErrors],
  ['Job', workloads.jobErrors],
  ['CronJob', workloads.cronJobErrors],
  ['Service', services.serviceErrors],
  ['Ingress', services.ingressErrors],
  ['NetworkPolicy', services.networkPolicyErrors],
  ['PodDisruptionBudget', services.disruptionBudgetErrors],
  ['HorizontalPodAutoscaler', services.autoscalerErrors],
  ['ConfigMap', config.configMapErrors],
  ['Secret', config.secretErrors],
  ['PersistentVolumeClaim', config.claimErrors],
  ['PersistentVolume', config.volumeErrors],
  ['ResourceQuota', config.quotaErrors],
  ['Role', config.roleErrors],
  ['ClusterRole', config.roleErrors],
  ['RoleBinding', config.bindingErrors],
  ['ClusterRoleBinding', config.bindingErrors],
  ['CustomResourceDefinition', definitionErrors],
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
  if (info.kind === 'Pod') return [...meta, ...(old ? podUpdateErrors(object, old, subresource) : podSpecErrors(specOf(object), 'spec'))];
  if (subresource === 'status') return meta;
  return [...meta, ...(rules.get(info.kind)?.(object, old) ?? [])];
}
