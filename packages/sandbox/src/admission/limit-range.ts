import { forbidden } from '../api/errors.ts';
import { specOf } from '../api/object.ts';
import type { AdmissionPlugin, AdmissionRequest, Api } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asText, isMap } from '../json.ts';
import { formatQuantity, isBinaryQuantity, parseQuantity } from '../schema/quantity.ts';

/** LimitRanges give containers their defaults and refuse what is too large or too small. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  mutate(request, api) {
    if (!applies(request)) return;
    for (const limit of limitsOf(request, api)) if (limit.type === 'Container') fillDefaults(request, limit);
  },
  validate(request, api) {
    if (request.resource.storage === 'persistentvolumeclaims' && request.operation === 'create') return checkClaim(request, api);
    if (!applies(request)) return;
    const problems = limitsOf(request, api).flatMap((limit) => podProblems(asMap(request.object.spec), limit));
    if (problems.length > 0)
      throw forbidden(request.resource, request.name, problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`);
  },
};

function applies({ operation, resource, subresource }: AdmissionRequest): boolean {
  return operation === 'create' && resource.storage === 'pods' && subresource === undefined;
}

function limitsOf({ namespace }: AdmissionRequest, api: Api): JsonMap[] {
  return api.list('limitranges', { namespace }).flatMap((range) => asMaps(specOf(range).limits));
}

function fillDefaults({ object }: AdmissionRequest, limit: JsonMap): void {
  const changes: string[] = [];
  const spec = asMap(object.spec);
  for (const kind of ['containers', 'initContainers'] as const) {
    for (const container of asMaps(spec[kind])) {
      const resources = isMap(container.resources) ? container.resources : (container.resources = {});
      const label = kind === 'containers' ? 'container' : 'init container';
      const fill = (part: 'requests' | 'limits', defaults: JsonMap): void => {
        const missing = Object.keys(defaults).filter((name) => asMap(resources[part])[name] === undefined);
        if (missing.length === 0) return;
        const target = { ...asMap(resources[part]) };
        for (const name of missing) target[name] = defaults[name];
        resources[part] = target;
        changes.push(`${missing.join(', ')} ${part === 'requests' ? 'request' : 'limit'} for ${label} ${asText(container.name)}`);
      };
      fill('requests', asMap(limit.defaultRequest));
      fill('limits', asMap(limit.default));
    }
  }
  if (changes.length > 0)
    object.metadata.annotations = {
      ...object.metadata.annotations,
      'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${changes.join('; ')}`,
    };
}

const amount = (value: JsonMap[string]): bigint | undefined => (typeof value === 'string' ? parseQuantity(value) : undefined);

function podProblems(spec: JsonMap, limit: JsonMap): string[] {
  if (limit.type === 'Container') {
    return [...asMaps(spec.containers), ...asMaps(spec.initContainers)].flatMap((container) =>
      problemsOf(asMap(container.resources), limit, 'Container'),
    );
  }
  if (limit.type !== 'Pod') return [];
  const total = (part: string): JsonMap => {
    const sums = new Map<string, { sum: bigint; binary: boolean }>();
    for (const container of asMaps(spec.containers)) {
      for (const [name, value] of Object.entries(asMap(asMap(container.resources)[part]))) {
        const before = sums.get(name) ?? { sum: 0n, binary: false };
        sums.set(name, { sum: before.sum + (amount(value) ?? 0n), binary: before.binary || isBinaryQuantity(asText(value)) });
      }
    }
    return Object.fromEntries([...sums].map(([name, { sum, binary }]) => [name, formatQuantity(sum, binary ? 'binary' : 'decimal')]));
  };
  return problemsOf({ requests: total('requests'), limits: total('limits') }, limit, 'Pod');
}

function problemsOf(resources: JsonMap, limit: JsonMap, type: string): string[] {
  const requests = asMap(resources.requests);
  const limits = asMap(resources.limits);
  const problems: string[] = [];
  const each = (part: string, test: (name: string, bound: JsonMap[string]) => string | undefined): void => {
    for (const [name, bound] of Object.entries(asMap(limit[part]))) {
      const problem = test(name, bound);
      if (problem) problems.push(problem);
    }
  };
  each('min', (name, bound) => {
    const [request, upper, least] = [amount(requests[name]), amount(limits[name]), amount(bound) ?? 0n];
    if (request === undefined) return `minimum ${name} usage per ${type} is ${asText(bound)}.  No request is specified`;
    if (request < least) return `minimum ${name} usage per ${type} is ${asText(bound)}, but request is ${asText(requests[name])}`;
    return upper !== undefined && upper < least
      ? `minimum ${name} usage per ${type} is ${asText(bound)}, but limit is ${asText(limits[name])}`
      : undefined;
  });
  each('max', (name, bound) => {
    const [request, upper, most] = [amount(requests[name]), amount(limits[name]), amount(bound) ?? 0n];
    if (upper === undefined) return `maximum ${name} usage per ${type} is ${asText(bound)}.  No limit is specified`;
    if (upper > most) return `maximum ${name} usage per ${type} is ${asText(bound)}, but limit is ${asText(limits[name])}`;
    return request !== undefined && request > most
      ? `maximum ${name} usage per ${type} is ${asText(bound)}, but request is ${asText(requests[name])}`
      : undefined;
  });
  each('maxLimitRequestRatio', (name, bound) => {
    const [request, upper, ratio] = [amount(requests[name]), amount(limits[name]), amount(bound) ?? 0n];
    if (!request || upper === undefined)
      return `${name} max limit to request ratio per ${type} is ${asText(bound)}, but no request is specified or request is 0`;
    const shown = Number((upper * 1_000_000n) / request) / 1_000_000;
    return upper * 1_000_000_000n > ratio * request
      ? `${name} max limit to request ratio per ${type} is ${asText(bound)}, but provided ratio is ${shown.toFixed(6)}`
      : undefined;
  });
  return problems;
}

function checkClaim(request: AdmissionRequest, api: Api): void {
  const resources = { requests: asMap(asMap(asMap(request.object.spec).resources).requests), limits: {} };
  const problems = limitsOf(request, api)
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((limit) => {
      const storage = amount(resources.requests.storage);
      const [least, most] = [amount(asMap(limit.min).storage), amount(asMap(limit.max).storage)];
      if (storage === undefined) return [];
      if (least !== undefined && storage < least)
        return [
          `minimum storage usage per PersistentVolumeClaim is ${asText(asMap(limit.min).storage)}, but request is ${asText(resources.requests.storage)}`,
        ];
      return most !== undefined && storage > most
        ? [
            `maximum storage usage per PersistentVolumeClaim is ${asText(asMap(limit.max).storage)}, but request is ${asText(resources.requests.storage)}`,
          ]
        : [];
    });
  if (problems.length > 0) throw forbidden(request.resource, request.name, problems.join(', '));
}
