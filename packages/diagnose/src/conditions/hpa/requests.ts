import { fieldsAt, listAt, numberAt, textAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { runningContainers, templateSpecOf } from '../../world/workload.ts';

/** A container that does not say how much it asks for of what its autoscaler measures in percent of that. */
export interface MissingRequest {
  readonly container: string;
  readonly resource: string;
}

interface Measured {
  readonly resource: string;
  /** Empty: all containers. */
  readonly container: string;
}

/** The metrics of an autoscaler that are a part of the requests. */
function measuredOf(hpa: WorldObject): readonly Measured[] {
  const metrics = listAt(hpa.body, 'spec.metrics').flatMap((metric) =>
    ['resource', 'containerResource'].flatMap((source) => {
      const isPercent = numberAt(metric, `${source}.target.averageUtilization`) !== undefined;
      return isPercent ? [{ resource: textAt(metric, `${source}.name`), container: textAt(metric, `${source}.container`) }] : [];
    }),
  );
  // The first version of the API has but this.
  return numberAt(hpa.body, 'spec.targetCPUUtilizationPercentage') === undefined
    ? metrics
    : [...metrics, { resource: 'cpu', container: '' }];
}

/** Whose requests are missing: as the pods have them where there are pods, else as the template would make them. */
export function missingRequests(hpa: WorldObject, target: WorldObject, world: World): readonly MissingRequest[] {
  const pods = world.pods.bySelector(target);
  const specs = pods.length > 0 ? pods.map(({ body }) => fieldsAt(body, 'spec')) : [templateSpecOf(target)];
  const missing = measuredOf(hpa).flatMap(({ resource, container: only }) => {
    const isDefaulted = pods.length === 0 && hasDefault(resource, target, world);
    return specs.flatMap((spec) =>
      runningContainers(spec)
        .filter((container) => only === '' || container['name'] === only)
        .filter((container) => !isDefaulted && !hasRequest(container, resource))
        .map((container) => ({ container: textAt(container, 'name'), resource })),
    );
  });
  return [...new Map(missing.map((each) => [`${each.container} ${each.resource}`, each])).values()];
}

/** A limit without a request is a request too. */
function hasRequest(container: unknown, resource: string): boolean {
  return ['resources.requests', 'resources.limits'].some((path) => fieldsAt(container, path)[resource] !== undefined);
}

/** Whether a LimitRange of the namespace fills in what is missing. */
function hasDefault(resource: string, { namespace }: WorldObject, world: World): boolean {
  return world
    .inNamespace('LimitRange', namespace)
    .flatMap(({ body }) => listAt(body, 'spec.limits'))
    .some(
      (limit) =>
        limit['type'] === 'Container' && ['defaultRequest', 'default'].some((path) => fieldsAt(limit, path)[resource] !== undefined),
    );
}
