import { forbidden } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { AdmissionPlugin, AdmissionRequest, Api } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asMap, at } from '../json.ts';
import { podViolations } from './pod-security-checks.ts';

type Level = 'privileged' | 'baseline' | 'restricted';

/** The levels of a namespace's labels. */
function levelOf(namespace: KubeObject | undefined, mode: string): Level {
  const label = namespace?.metadata.labels?.[`pod-security.kubernetes.io/${mode}`];
  return label === 'baseline' || label === 'restricted' ? label : 'privileged';
}

const templates = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'podtemplates',
]);

/** Refuses pods that a namespace's security level does not allow, and warns of templates of such pods. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(request, api) {
    if (request.operation === 'delete' || request.subresource !== undefined) return;
    if (request.operation === 'update' && request.resource.storage === 'pods') return;
    if (request.resource.storage === 'pods') checkPod(request, api);
    else if (templates.has(request.resource.storage))
      warnOf(
        request,
        api,
        asMap(at(request.object, ...(request.resource.storage === 'podtemplates' ? ['template'] : ['spec', 'template']))),
      );
    else if (request.resource.storage === 'cronjobs.batch')
      warnOf(request, api, asMap(at(request.object, 'spec', 'jobTemplate', 'spec', 'template')));
  },
};

function checkPod(request: AdmissionRequest, api: Api): void {
  const namespace = api.find('namespaces', request.namespace);
  const pod = { metadata: request.object.metadata, spec: specOf(request.object) };
  const enforce = levelOf(namespace, 'enforce');
  const violations = enforce === 'privileged' ? [] : podViolations(pod, enforce);
  if (violations.length > 0)
    throw forbidden(request.resource, request.name, `violates PodSecurity "${enforce}:latest": ${violations.join(', ')}`);
  warn(request, levelOf(namespace, 'warn'), pod);
}

function warnOf(request: AdmissionRequest, api: Api, template: JsonMap): void {
  const namespace = api.find('namespaces', request.namespace);
  const pod = { metadata: asMap(template.metadata), spec: asMap(template.spec) };
  const level = levelOf(namespace, 'warn');
  const enforce = levelOf(namespace, 'enforce');
  warn(request, level === 'privileged' ? enforce : level, pod);
}

function warn(request: AdmissionRequest, level: Level, pod: { readonly metadata: JsonMap; readonly spec: JsonMap }): void {
  if (level === 'privileged') return;
  const violations = podViolations(pod, level);
  if (violations.length > 0) request.warn(`would violate PodSecurity "${level}:latest": ${violations.join(', ')}`);
}
