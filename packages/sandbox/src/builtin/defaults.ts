import type { ResourceInfo } from '../api/registry.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, clone, isMap } from '../json.ts';
import { fillDefaults } from '../validation/schema-rules.ts';
import { child, defaultPod, defaultPodSpec, defaultTemplate, fill } from './pod-defaults.ts';

type Default = (object: JsonMap, spec: JsonMap) => void;

const rollingUpdate = (spec: JsonMap): void => {
  fill(spec, 'replicas', 1);
  const strategy = child(spec, 'strategy');
  fill(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = child(strategy, 'rollingUpdate');
    fill(rolling, 'maxUnavailable', '25%');
    fill(rolling, 'maxSurge', '25%');
  }
};

const claimSpec = (spec: JsonMap): void => fill(spec, 'volumeMode', 'Filesystem');

const job = (spec: JsonMap): void => {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  fill(spec, 'parallelism', 1);
  fill(spec, 'backoffLimit', 6);
  fill(spec, 'completionMode', 'NonIndexed');
  fill(spec, 'suspend', false);
  fill(spec, 'podReplacementPolicy', isMap(spec.podFailurePolicy) ? 'Failed' : 'TerminatingOrFailed');
  for (const rule of asMaps(at(spec, 'podFailurePolicy', 'rules')))
    for (const condition of asMaps(rule.onPodConditions)) fill(condition, 'status', 'True');
  defaultTemplate(child(spec, 'template'));
};

const ruleDefaults = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
};

const service: Default = (_object, spec) => {
  fill(spec, 'sessionAffinity', 'None');
  fill(spec, 'type', 'ClusterIP');
  if (spec.sessionAffinity === 'ClientIP') fill(child(child(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10800);
  for (const port of asMaps(spec.ports)) {
    fill(port, 'protocol', 'TCP');
    if (port.targetPort === undefined || port.targetPort === 0) port.targetPort = port.port;
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (external || asList(spec.externalIPs).length > 0) fill(spec, 'externalTrafficPolicy', 'Cluster');
  if (external || spec.type === 'ClusterIP') fill(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') fill(spec, 'allocateLoadBalancerNodePorts', true);
};

const subjects = (object: JsonMap): void => {
  const role = child(object, 'roleRef');
  fill(role, 'apiGroup', 'rbac.authorization.k8s.io');
  for (const subject of asMaps(object.subjects)) {
    if (subject.kind !== 'ServiceAccount') fill(subject, 'apiGroup', 'rbac.authorization.k8s.io');
  }
};

const networkPolicy: Default = (_object, spec) => {
  for (const rule of [...asMaps(spec.ingress), ...asMaps(spec.egress)])
    for (const port of asMaps(rule.ports)) fill(port, 'protocol', 'TCP');
  if (asList(spec.policyTypes).length === 0) spec.policyTypes = ['Ingress', ...(asList(spec.egress).length > 0 ? ['Egress'] : [])];
};

const limitRange: Default = (_object, spec) => {
  for (const limit of asMaps(spec.limits)) {
    if (limit.type !== 'Container') continue;
    const limits = child(limit, 'default');
    for (const [name, value] of Object.entries(asMap(limit.max))) fill(limits, name, value);
    const requests = child(limit, 'defaultRequest');
    for (const [name, value] of Object.entries(limits)) fill(requests, name, value);
    for (const [name, value] of Object.entries(asMap(limit.min))) fill(requests, name, value);
  }
};

const horizontalPodAutoscaler: Default = (_object, spec) => {
  fill(spec, 'minReplicas', 1);
  if (asList(spec.metrics).length === 0) {
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
  }
  if (!isMap(spec.behavior)) return;
  for (const [name, given] of Object.entries(ruleDefaults)) {
    const rules = child(spec.behavior, name);
    for (const [field, value] of Object.entries(given)) if (rules[field] === undefined) rules[field] = structuredClone(value);
  }
};

const definition: Default = (object, spec) => {
  const names = child(spec, 'names');
  fill(names, 'singular', asText(names.kind).toLowerCase());
  fill(names, 'listKind', `${asText(names.kind)}List`);
  const conversion = child(spec, 'conversion');
  fill(conversion, 'strategy', 'None');
  for (const version of asMaps(spec.versions))
    for (const column of asMaps(version.additionalPrinterColumns)) fill(column, 'priority', undefined);
  if (!isMap(object.status)) object.status = {};
};

const defaults = new Map<string, Default>([
  ['Pod', (object, spec) => [defaultPodSpec(spec), defaultPod(object)]],
  ['PodTemplate', (object) => defaultTemplate(child(object, 'template'))],
  [
    'Deployment',
    (_object, spec) => {
      rollingUpdate(spec);
      fill(spec, 'revisionHistoryLimit', 10);
      fill(spec, 'progressDeadlineSeconds', 600);
      defaultTemplate(child(spec, 'template'));
    },
  ],
  [
    'ReplicaSet',
    (_object, spec) => {
      fill(spec, 'replicas', 1);
      defaultTemplate(child(spec, 'template'));
    },
  ],
  [
    'ReplicationController',
    (object, spec) => {
      fill(spec, 'replicas', 1);
      const labels = at(spec, 'template', 'metadata', 'labels');
      if (isMap(labels) && spec.selector === undefined) spec.selector = clone(labels);
      if (isMap(labels) && at(object, 'metadata', 'labels') === undefined) child(object, 'metadata').labels = clone(labels);
      if (isMap(spec.template)) defaultTemplate(spec.template);
    },
  ],
  [
    'StatefulSet',
    (_object, spec) => {
      fill(spec, 'podManagementPolicy', 'OrderedReady');
      const strategy = child(spec, 'updateStrategy');
      fill(strategy, 'type', 'RollingUpdate');
      if (strategy.type === 'RollingUpdate') fill(child(strategy, 'rollingUpdate'), 'partition', 0);
      const retention = child(spec, 'persistentVolumeClaimRetentionPolicy');
      fill(retention, 'whenDeleted', 'Retain');
      fill(retention, 'whenScaled', 'Retain');
      fill(spec, 'replicas', 1);
      fill(spec, 'revisionHistoryLimit', 10);
      defaultTemplate(child(spec, 'template'));
      for (const claim of asMaps(spec.volumeClaimTemplates)) {
        claim.kind = 'PersistentVolumeClaim';
        claim.apiVersion = 'v1';
        claimSpec(child(claim, 'spec'));
        fill(child(claim, 'status'), 'phase', 'Pending');
      }
    },
  ],
  [
    'DaemonSet',
    (object, spec) => {
      fill(child(child(object, 'metadata'), 'annotations'), 'deprecated.daemonset.template.generation', '0');
      const strategy = child(spec, 'updateStrategy');
      fill(strategy, 'type', 'RollingUpdate');
      if (strategy.type === 'RollingUpdate') {
        const rolling = child(strategy, 'rollingUpdate');
        fill(rolling, 'maxUnavailable', 1);
        fill(rolling, 'maxSurge', 0);
      }
      fill(spec, 'revisionHistoryLimit', 10);
      defaultTemplate(child(spec, 'template'));
    },
  ],
  [
    'Job',
    (_object, spec) => {
      job(spec);
      fill(spec, 'manualSelector', false);
    },
  ],
  [
    'CronJob',
    (_object, spec) => {
      fill(spec, 'concurrencyPolicy', 'Allow');
      fill(spec, 'suspend', false);
      fill(spec, 'successfulJobsHistoryLimit', 3);
      fill(spec, 'failedJobsHistoryLimit', 1);
      const template = child(child(spec, 'jobTemplate'), 'spec');
      defaultTemplate(child(template, 'template'));
    },
  ],
  ['Service', service],
  [
    'Secret',
    (object) => {
      fill(object, 'type', 'Opaque');
      const text = asMap(object.stringData);
      delete object.stringData;
      for (const [key, value] of Object.entries(text)) child(object, 'data')[key] = Buffer.from(asText(value)).toString('base64');
    },
  ],
  [
    'Namespace',
    (object) => {
      fill(child(object, 'status'), 'phase', 'Active');
      const metadata = child(object, 'metadata');
      if (asText(metadata.name) !== '') child(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata.name;
    },
  ],
  [
    'PersistentVolumeClaim',
    (object, spec) => {
      claimSpec(spec);
      fill(child(object, 'status'), 'phase', 'Pending');
    },
  ],
  [
    'PersistentVolume',
    (object, spec) => {
      fill(spec, 'persistentVolumeReclaimPolicy', 'Retain');
      fill(spec, 'volumeMode', 'Filesystem');
      if (isMap(spec.hostPath) && spec.hostPath.type === undefined) spec.hostPath.type = '';
      fill(child(object, 'status'), 'phase', 'Pending');
    },
  ],
  ['NetworkPolicy', networkPolicy],
  ['RoleBinding', subjects],
  ['ClusterRoleBinding', subjects],
  [
    'StorageClass',
    (object) => {
      fill(object, 'reclaimPolicy', 'Delete');
      fill(object, 'volumeBindingMode', 'Immediate');
    },
  ],
  ['PriorityClass', (object) => fill(object, 'preemptionPolicy', 'PreemptLowerPriority')],
  ['LimitRange', limitRange],
  ['HorizontalPodAutoscaler', horizontalPodAutoscaler],
  ['CustomResourceDefinition', definition],
  [
    'CertificateSigningRequest',
    (_object, spec) => {
      if (asList(spec.usages).length === 0) spec.usages = ['digital signature', 'key encipherment'];
    },
  ],
  [
    'Endpoints',
    (object) => {
      for (const subset of asMaps(object.subsets)) for (const port of asMaps(subset.ports)) fill(port, 'protocol', 'TCP');
    },
  ],
  [
    'EndpointSlice',
    (object) => {
      for (const port of asMaps(object.ports)) {
        if (port.name === undefined) port.name = '';
        fill(port, 'protocol', 'TCP');
      }
    },
  ],
]);

/** Sets what the server sets where a request left it out. Edits the object. */
export function applyDefaults({ kind, custom }: Pick<ResourceInfo, 'kind' | 'custom'>, object: JsonMap): void {
  if (custom) {
    fillDefaults(custom, object);
    return;
  }
  const own = defaults.get(kind);
  if (!own) return;
  const withoutSpec = new Set([
    'Secret',
    'RoleBinding',
    'ClusterRoleBinding',
    'StorageClass',
    'PriorityClass',
    'Endpoints',
    'EndpointSlice',
    'PodTemplate',
    'Namespace',
  ]);
  own(object, withoutSpec.has(kind) ? {} : child(object, 'spec'));
}
