import { ApiError, badRequest, conflict, notFound, notImplemented } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import { matchesSelector } from '../api/selectors.ts';
import { timestamp } from '../clock.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText, at, clone } from '../json.ts';
import { readBody } from './body.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { deleteOptions, writeOptions } from './objects.ts';
import { respond } from './respond.ts';

const pods = { group: '', resource: 'pods' };

function podOf(call: Call): KubeObject {
  const pod = call.server.engine.find('pods', call.info.name, call.info.namespace);
  if (!pod) throw notFound(pods, call.info.name);
  return pod;
}

/** Answers POST of a binding: the pod goes to a node. */
export function handleBinding(call: Call): ApiResponse {
  const { value } = readBody(call.request, 'Binding');
  const name = call.info.subresource === 'binding' ? call.info.name : asText(at(value, 'metadata', 'name'));
  const pod = call.server.engine.find('pods', name, call.info.namespace);
  if (!pod) throw notFound(pods, name);
  const node = asText(at(value, 'target', 'name'));
  if (node === '')
    throw new ApiError(422, 'Invalid', `Binding ${JSON.stringify(name)} is invalid: target.name: Required value`, {
      name,
      kind: 'Binding',
    });
  const assigned = asText(specOf(pod).nodeName);
  if (assigned !== '')
    throw conflict({ group: '', resource: 'pods/binding' }, name, `pod ${name} is already assigned to node ${JSON.stringify(assigned)}`);
  bindPod(call, pod, node);
  return respond(call.request, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function bindPod(call: Call, pod: KubeObject, node: string): void {
  const bound = clone(pod);
  bound.spec = { ...specOf(bound), nodeName: node };
  const conditions = asMaps(statusOf(bound).conditions).filter(({ type }) => type !== 'PodScheduled');
  bound.status = {
    ...statusOf(bound),
    conditions: [...conditions, { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(call.server.engine.clock.now()) }],
  };
  call.server.engine.update('pods', bound, { ...writeOptions(call, 'CreateOptions'), fieldValidation: 'Ignore', subresource: 'binding' });
}

/** Answers POST of an eviction: a deletion that asks the disruption budgets. */
export function handleEviction(call: Call): ApiResponse {
  const { engine } = call.server;
  const { value } = readBody(call.request, 'Eviction');
  const named = asText(at(value, 'metadata', 'name'));
  if (named !== '' && named !== call.info.name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = podOf(call);
  const options = {
    ...deleteOptions({ ...call, request: { ...call.request, body: new Uint8Array() } }),
    ...evictionOptions(asMap(value.deleteOptions)),
  };
  const phase = statusOf(pod).phase;
  const ended = phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined;
  const budgets = ended
    ? []
    : engine
        .list('poddisruptionbudgets.policy', { namespace: call.info.namespace })
        .filter((budget) => matchesSelector(pod.metadata.labels, specOf(budget).selector));
  if (budgets.length > 1)
    throw new ApiError(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  const [budget] = budgets;
  if (budget) takeDisruption(call, budget, pod, options.dryRun ?? false);
  engine.delete('pods', call.info.name, call.info.namespace, options);
  return respond(call.request, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function evictionOptions(options: JsonMap): JsonMap {
  return {
    ...(typeof options.gracePeriodSeconds === 'number' ? { gracePeriodSeconds: options.gracePeriodSeconds } : {}),
    ...(Array.isArray(options.dryRun) && options.dryRun.length > 0 ? { dryRun: true } : {}),
  };
}

function takeDisruption(call: Call, budget: KubeObject, pod: KubeObject, dryRun: boolean): void {
  const { engine } = call.server;
  const status = statusOf(budget);
  const allowed = asNumber(status.disruptionsAllowed);
  const name = budget.metadata.name ?? '';
  if (allowed <= 0) {
    throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${name} needs ${asNumber(status.desiredHealthy)} healthy pods and has ${asNumber(status.currentHealthy)} currently`,
        },
      ],
    });
  }
  if (dryRun) return;
  const next = clone(budget);
  next.status = {
    ...status,
    disruptionsAllowed: allowed - 1,
    disruptedPods: { ...asMap(status.disruptedPods), [pod.metadata.name ?? '']: timestamp(engine.clock.now()) },
  };
  engine.update('poddisruptionbudgets.policy', next, { subresource: 'status', fieldManager: 'kube-apiserver' });
}

/** Answers exec, attach, port-forward and proxy: the pod must be there, and then the sandbox says what it lacks. */
export function handleConnect(call: Call): ApiResponse {
  const pod = podOf(call);
  const { subresource, name } = call.info;
  if (subresource !== 'proxy' && asText(specOf(pod).nodeName) === '') throw badRequest(`pod ${name} does not have a host assigned`);
  throw notImplemented(
    `${subresource} on pods: its containers are simulated, nothing runs in them; read them with logs, describe and events instead`,
  );
}
