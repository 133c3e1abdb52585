import type { Condition } from '../condition.ts';
import { gatewayState } from './gateway/gateway.ts';
import { gatewayRouteBackend } from './gateway/route-backends.ts';
import { gatewayRoute } from './gateway/route.ts';
import { ingressBackend } from './ingress/backend.ts';
import { ingressClass } from './ingress/class.ts';
import { ingressDuplicate } from './ingress/duplicate.ts';
import { ingressRefused } from './ingress/refused.ts';
import { ingressTls } from './ingress/tls.ts';
import { networkPolicyBlocks } from './network-policy/blocks.ts';
import { networkPolicySelectsNone } from './network-policy/selects-none.ts';

/** What is looked for on the ways into the cluster and between its pods. */
export const trafficConditions: readonly Condition[] = [
  ingressClass,
  ingressBackend,
  ingressTls,
  ingressDuplicate,
  ingressRefused,
  gatewayState,
  gatewayRoute,
  gatewayRouteBackend,
  networkPolicySelectsNone,
  networkPolicyBlocks,
];
