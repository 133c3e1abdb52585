import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText, isMap } from '../json.ts';
import { atMostAll, intOrPercent, selectorErrors } from './common.ts';

/** Errors of a PodDisruptionBudget. */
export function disruptionBudgetErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: spec.minAvailable,
      Selector: spec.selector ?? null,
      MaxUnavailable: spec.maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    errors.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const field of ['minAvailable', 'maxUnavailable'])
    errors.push(...intOrPercent(spec[field], `spec.${field}`), ...atMostAll(spec[field], `spec.${field}`));
  errors.push(...selectorErrors(spec.selector, 'spec.selector'));
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  const policy = spec.unhealthyPodEvictionPolicy;
  if (policy !== undefined && !policies.includes(asText(policy)))
    errors.push(unsupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  return errors;
}

/** The field of each type of metric. */
const sources = new Map([
  ['ContainerResource', 'containerResource'],
  ['External', 'external'],
  ['Object', 'object'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
]);

function metricErrors(metric: JsonMap, field: string): FieldError[] {
  const type = asText(metric.type);
  const expected = sources.get(type);
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${field}.type`, 'must specify a metric source type'));
  const unknown = unsupported(`${field}.type`, type, [...sources.keys()]);
  // The server looks at the type twice, and says so twice.
  if (expected === undefined) errors.push(unknown, unknown);
  else if (!isMap(metric[expected])) errors.push(required(`${field}.${expected}`, 'must populate information for the given metric source'));
  const resource = metric[expected ?? ''];
  if (isMap(resource) && (expected === 'resource' || expected === 'containerResource'))
    errors.push(...resourceMetricErrors(resource, `${field}.${expected}`));
  const present = [...sources.values()].filter((name) => isMap(metric[name]) && name !== expected);
  return [...errors, ...present.map((name) => forbiddenField(`${field}.${name}`, 'must populate the given metric source only'))];
}

function resourceMetricErrors({ name, target }: JsonMap, field: string): FieldError[] {
  const { type, averageUtilization, averageValue } = asMap(target);
  const errors: FieldError[] = [];
  if (asText(name) === '') errors.push(required(`${field}.name`, 'must specify a resource name'));
  if (asText(type) === '') errors.push(required(`${field}.target.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(asText(type)))
    errors.push(invalid(`${field}.target.type`, asText(type), 'must be either Utilization, Value, or AverageValue'));
  if (typeof averageUtilization === 'number' && averageUtilization < 1)
    errors.push(invalid(`${field}.target.averageUtilization`, averageUtilization, 'must be greater than 0'));
  if (averageUtilization === undefined && averageValue === undefined)
    errors.push(required(`${field}.target.averageUtilization`, 'must set either a target raw value or a target utilization'));
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.push(forbiddenField(`${field}.target.averageValue`, 'may not set both a target raw value and a target utilization'));
  return errors;
}

/** Errors of a HorizontalPodAutoscaler. */
export function autoscalerErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = [];
  const least = typeof spec.minReplicas === 'number' ? spec.minReplicas : 1;
  const most = asNumber(spec.maxReplicas);
  if (least < 1) errors.push(invalid('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if (most === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  if (most < 0) errors.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to 1'));
  if (most < least) errors.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  const target = asMap(spec.scaleTargetRef);
  const version = asText(target.apiVersion);
  if (asText(target.kind) === '') errors.push(required('spec.scaleTargetRef.kind'));
  if (asText(target.name) === '') errors.push(required('spec.scaleTargetRef.name'));
  if (!version.includes('/') && !(version === 'v1' && target.kind === 'ReplicationController'))
    errors.push(invalid('spec.scaleTargetRef.apiVersion', version, 'apiVersion must specify API group'));
  const metrics = asMaps(spec.metrics);
  for (const [index, metric] of metrics.entries()) errors.push(...metricErrors(metric, `spec.metrics[${index}]`));
  if (least === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.push(forbiddenField('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'));
  return errors;
}
