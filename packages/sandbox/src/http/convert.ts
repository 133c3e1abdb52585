import type { KubeObject } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import { apiVersionOf } from '../api/registry.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asMaps, asText, at, clone, isMap } from '../json.ts';
import { normalize } from '../api/body.ts';

/** An object out of the store as another version of its resource shows it. */
export function toVersion(info: ResourceInfo, object: KubeObject): KubeObject {
  if (object.apiVersion === apiVersionOf(info)) return object;
  if (info.storage === 'horizontalpodautoscalers.autoscaling') return normalize(info, autoscalerV1(object));
  if (info.storage === 'events') return normalize(info, newEvent(object));
  return { ...object, apiVersion: apiVersionOf(info) };
}

/** A body of another version as the stored version would carry it. */
export function fromVersion(info: ResourceInfo, stored: ResourceInfo, body: JsonMap): JsonMap {
  if (info === stored) return body;
  if (info.storage === 'horizontalpodautoscalers.autoscaling') return autoscalerV2(body);
  if (info.storage === 'events') return oldEvent(body);
  return { ...body, apiVersion: apiVersionOf(stored) };
}

function autoscalerV1(object: KubeObject): KubeObject {
  const { metrics, behavior: _behavior, ...spec } = asMap(object.spec);
  const cpu = asMaps(metrics).find((metric) => at(metric, 'resource', 'name') === 'cpu');
  const target = at(cpu, 'resource', 'target', 'averageUtilization');
  const { conditions: _conditions, currentMetrics, ...status } = asMap(object.status);
  const current = asMaps(currentMetrics).find((metric) => at(metric, 'resource', 'name') === 'cpu');
  const used = at(current, 'resource', 'current', 'averageUtilization');
  const others = asMaps(metrics).filter((metric) => metric !== cpu);
  const metadata = clone(object.metadata);
  if (others.length > 0)
    metadata.annotations = { ...metadata.annotations, 'autoscaling.alpha.kubernetes.io/metrics': JSON.stringify(others) };
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { ...status, ...(used === undefined ? {} : { currentCPUUtilizationPercentage: used }) },
  };
}

function autoscalerV2(body: JsonMap): JsonMap {
  const { targetCPUUtilizationPercentage: target, ...spec } = asMap(body.spec);
  const { currentCPUUtilizationPercentage: _current, ...status } = asMap(body.status);
  const metrics: Json[] =
    typeof target === 'number'
      ? [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } }]
      : [];
  return { ...body, apiVersion: 'autoscaling/v2', spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}) }, status };
}

function newEvent(event: KubeObject): KubeObject {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = event;
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    reportingController: asText(reportingComponent) || undefined,
    deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? undefined,
    deprecatedLastTimestamp: lastTimestamp ?? undefined,
    deprecatedCount: count,
  };
}

function oldEvent(body: JsonMap): JsonMap {
  const {
    regarding,
    note,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    reportingController,
    ...rest
  } = body;
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: isMap(regarding) ? regarding : {},
    message: note,
    source: isMap(deprecatedSource) ? deprecatedSource : {},
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
    reportingComponent: reportingController,
  };
}
