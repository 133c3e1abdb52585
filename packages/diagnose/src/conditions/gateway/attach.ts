import { fieldsAt, listAt, textAt, textsAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { hostsMeet } from '../../world/host-names.ts';
import { matchesSelector } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Why a route can't be attached to a Gateway. */
export interface Obstacle {
  readonly reason: 'NoSuchListener' | 'RouteNamespaceNotAllowed' | 'RouteHostnameMismatch';
  readonly says: string;
  /** Field and value. */
  readonly evidence: readonly (readonly [string, string])[];
}

/** What stands in the way of a route at a Gateway by their specs; undefined where nothing does, or that can't be told. */
export function obstacleOf(
  route: WorldObject,
  parent: Fields,
  context: { readonly gateway: WorldObject; readonly world: World },
): Obstacle | undefined {
  const { gateway, world } = context;
  const all = listAt(gateway.body, 'spec.listeners');
  const section = textAt(parent, 'sectionName');
  const meant = all.filter(
    (each) => (section === '' || each['name'] === section) && (parent['port'] === undefined || each['port'] === parent['port']),
  );
  if (meant.length === 0) {
    const wanted = section === '' ? `on port ${String(parent['port'])}` : section;
    const names = all.map((each) => `${textAt(each, 'name')} (port ${String(each['port'])})`).join(', ');
    return {
      reason: 'NoSuchListener',
      says: `the Gateway ${gateway.name} has no listener ${wanted}; it has ${names}`,
      evidence: [['spec.parentRefs', `${gateway.name}/${wanted}`]],
    };
  }
  const open = meant.filter((listener) => allowsNamespace(listener, route, context) !== false);
  if (open.length === 0) return namespaceObstacle(route, meant, context);
  const hostnames = textsAt(route.body, 'spec.hostnames');
  const meets = (listener: Fields): boolean =>
    hostnames.length === 0 || hostnames.some((name) => hostsMeet(textAt(listener, 'hostname'), name));
  if (world.canSee('Gateway', gateway.namespace) && !open.some(meets)) {
    const names = open.map((listener) => `${textAt(listener, 'name')} ${textAt(listener, 'hostname')}`).join(', ');
    return {
      reason: 'RouteHostnameMismatch',
      says: `its hosts ${hostnames.join(', ')} fit no listener of the Gateway ${gateway.name}: ${names}`,
      evidence: [['spec.hostnames', hostnames.join(', ')]],
    };
  }
  return undefined;
}

function namespaceObstacle(
  route: WorldObject,
  listeners: readonly Fields[],
  { gateway, world }: { readonly gateway: WorldObject; readonly world: World },
): Obstacle {
  const namespace = route.namespace ?? '';
  const rules = listeners.map((listener) => `${textAt(listener, 'name')}: ${showRule(listener)}`);
  const labels = Object.entries(world.find({ kind: 'Namespace', name: namespace })?.labels ?? {}).map(
    ([name, value]) => `${name}=${value}`,
  );
  const bySelector = listeners.some((listener) => fromOf(listener) === 'Selector');
  return {
    reason: 'RouteNamespaceNotAllowed',
    says: `the Gateway ${gateway.namespace ?? ''}/${gateway.name} takes no routes from namespace ${namespace} (${rules.join('; ')})`,
    evidence: [
      ...rules.map((rule) => [`allowedRoutes of gateway/${gateway.name}`, rule] as const),
      ...(bySelector ? [[`labels of namespace/${namespace}`, labels.join(', ') || 'none'] as const] : []),
    ],
  };
}

function fromOf(listener: Fields): string {
  return textAt(listener, 'allowedRoutes.namespaces.from') || 'Same';
}

function showRule(listener: Fields): string {
  const from = fromOf(listener);
  if (from !== 'Selector') return from === 'Same' ? 'only its own namespace' : `namespaces from ${from}`;
  return `namespaces with ${JSON.stringify(fieldsAt(listener, 'allowedRoutes.namespaces.selector'))}`;
}

/** Namespaces are chosen by the labels of the Namespace; undefined where these are not known. */
function allowsNamespace(
  listener: Fields,
  route: WorldObject,
  { gateway, world }: { readonly gateway: WorldObject; readonly world: World },
): boolean | undefined {
  const from = fromOf(listener);
  if (from === 'All') return true;
  if (from === 'Same') return route.namespace === gateway.namespace;
  if (from === 'None') return false;
  const namespace = world.find({ kind: 'Namespace', name: route.namespace ?? '' });
  if (from !== 'Selector' || namespace === undefined) return undefined;
  return matchesSelector(namespace.labels, fieldsAt(listener, 'allowedRoutes.namespaces.selector'));
}
