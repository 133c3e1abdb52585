import type { FieldError } from '../api/field-errors.ts';
import { duplicate, forbiddenField, invalid } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText } from '../json.ts';
import { parseQuantity } from '../schema/quantity.ts';
import { qualifiedNameErrors } from './names.ts';

const computed = ['cpu', 'memory', 'ephemeral-storage'];
const counted = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const quotaNames = new Set([
  ...computed,
  ...computed.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
  ...counted,
]);
const standardNames = new Set([...quotaNames, 'storage']);

function resourceNameErrors(name: string, field: string): FieldError[] {
  const errors = qualifiedNameErrors(name).map((error) => invalid(field, name, error));
  if (errors.length > 0 || name.includes('/') || standardNames.has(name) || name.startsWith('hugepages-')) return errors;
  return [invalid(field, name, 'must be a standard resource type or fully qualified')];
}

/** Errors of the name of a resource that a container asks for. */
export function containerResourceErrors(name: string, field: string): FieldError[] {
  const errors = resourceNameErrors(name, field);
  if (name.includes('/') || computed.includes(name) || name.startsWith('hugepages-')) return errors;
  return [...errors, invalid(field, name, 'must be a standard resource for containers')];
}

/** Whether more of a resource may be promised than there is: not for resources of extensions and huge pages. */
export function mayOvercommit(name: string): boolean {
  return (!name.includes('/') || name.includes('kubernetes.io/')) && !name.startsWith('hugepages-');
}

/** Errors of a ResourceQuota. */
export function quotaErrors(object: KubeObject): FieldError[] {
  return Object.entries(asMap(specOf(object).hard)).flatMap(([name, value]) => {
    const field = `spec.hard[${name}]`;
    const unknown = !name.includes('/') && !quotaNames.has(name) && !/^(requests\.)?hugepages-/.test(name);
    return [
      ...resourceNameErrors(name, field),
      ...(unknown ? [invalid(field, name, 'must be a standard resource for quota')] : []),
      ...((parseQuantity(asText(value)) ?? 0n) < 0n ? [invalid(field, value, 'must be greater than or equal to 0')] : []),
    ];
  });
}

const amount = (value: JsonMap[string]): bigint => parseQuantity(asText(value)) ?? 0n;

/** Errors of one resource of a LimitRange: what must not be more than what. The server shows some of them the wrong way round. */
function orderErrors(limit: JsonMap, name: string, field: string): FieldError[] {
  const [least, most] = [asMap(limit.min)[name], asMap(limit.max)[name]];
  const [request, given] = [asMap(limit.defaultRequest)[name], asMap(limit.default)[name]];
  const ordered = [
    { low: least, high: most, at: 'min', shown: least, words: ['min', 'max'] },
    { low: least, high: request, at: 'defaultRequest', shown: request, words: ['min', 'default request'] },
    { low: request, high: most, at: 'defaultRequest', shown: request, words: ['default request', 'max'] },
    { low: request, high: given, at: 'defaultRequest', shown: request, words: ['default request', 'default limit'] },
    { low: least, high: given, at: 'default', shown: least, words: ['min', 'default'] },
    { low: given, high: most, at: 'default', shown: most, words: ['default', 'max'] },
  ];
  return ordered.flatMap(({ low, high, at, shown, words: [lower, higher] }) =>
    low !== undefined && high !== undefined && amount(low) > amount(high)
      ? [invalid(`${field}.${at}[${name}]`, shown, `${lower} value ${asText(low)} is greater than ${higher} value ${asText(high)}`)]
      : [],
  );
}

/** Errors of a LimitRange. */
export function limitRangeErrors(object: KubeObject): FieldError[] {
  const seen = new Set<string>();
  return asMaps(specOf(object).limits).flatMap((limit, index) => {
    const field = `spec.limits[${index}]`;
    const type = asText(limit.type);
    const errors = qualifiedNameErrors(type).map((error) => invalid(`${field}.type`, type, error));
    if (errors.length === 0 && !type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
      errors.push(invalid(`${field}.type`, type, 'must be a standard limit type or fully qualified'));
    if (seen.has(type)) errors.push(duplicate(`${field}.type`, type));
    seen.add(type);
    if (type === 'Pod')
      for (const part of ['default', 'defaultRequest'])
        if (Object.keys(asMap(limit[part])).length > 0)
          errors.push(forbiddenField(`${field}.${part}`, "may not be specified when `type` is 'Pod'"));
    const names = new Set<string>();
    const check = type === 'Pod' || type === 'Container' ? containerResourceErrors : resourceNameErrors;
    for (const part of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']) {
      for (const name of Object.keys(asMap(limit[part]))) {
        names.add(name);
        errors.push(...check(name, `${field}.${part}[${name}]`));
      }
    }
    return [...errors, ...[...names].flatMap((name) => orderErrors(limit, name, field))];
  });
}

const systemClasses = new Map([
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
]);
const highestPriority = 1_000_000_000;

/** Errors of a PriorityClass. */
export function priorityClassErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const name = object.metadata.name ?? '';
  const value = asNumber(object.value);
  const errors: FieldError[] = [];
  if (name.startsWith('system-') && !systemClasses.has(name)) {
    const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`;
    errors.push(forbiddenField('metadata.name', detail));
  } else if (!systemClasses.has(name) && value > highestPriority)
    errors.push(forbiddenField('value', `maximum allowed value of a user defined priority is ${highestPriority}`));
  if (old && asNumber(old.value) !== value) errors.push(forbiddenField('value', 'may not be changed in an update.'));
  return errors;
}
