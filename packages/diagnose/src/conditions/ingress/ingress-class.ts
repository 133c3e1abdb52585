import { listAt, textAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** The class that an Ingress names, in its spec or, as of old, in an annotation; empty where it names none. */
export function classNameOf(ingress: WorldObject): string {
  return textAt(ingress.body, 'spec.ingressClassName') || (ingress.annotations['kubernetes.io/ingress.class'] ?? '');
}

/** The controller of an Ingress's class, such as `k8s.io/ingress-nginx`; empty where it is not known. */
export function controllerOf(ingress: WorldObject, world: World): string {
  const found = world.lookup('IngressClass', undefined, classNameOf(ingress));
  return found.type === 'found' ? textAt(found.object.body, 'spec.controller') : '';
}

/** The addresses that a controller gave an Ingress. */
export function addressesOf(ingress: WorldObject): readonly string[] {
  return listAt(ingress.body, 'status.loadBalancer.ingress').map((each) => textAt(each, 'ip') || textAt(each, 'hostname'));
}

/** Controllers that make a load balancer of its own for each Ingress, and take certificates and actions from annotations. */
export function isCloudController(ingress: WorldObject, world: World): boolean {
  return (
    /(?:^|-)alb(?:-|$)|^gce|application-gateway/.test(classNameOf(ingress)) ||
    /ingress\.k8s\.aws|ingress-gce|application-gateway|eks\.amazonaws\.com/.test(controllerOf(ingress, world)) ||
    Object.keys(ingress.annotations).some((name) => name.startsWith('alb.ingress.kubernetes.io/'))
  );
}
