import type { JsonMap } from '../../json.ts';
import { asMap, asText, isMap } from '../../json.ts';
import type { Behaviour } from './behaviour.ts';
import { matchesGlob, namedPort } from './match.ts';

/** The three probes. */
export type ProbeKind = 'startup' | 'readiness' | 'liveness';

/** A probe with the numbers that time it, in milliseconds. */
export interface Probe {
  readonly kind: ProbeKind;
  readonly handler: JsonMap;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly failureThreshold: number;
}

const seconds = (value: JsonMap[string], fallback: number): number => (typeof value === 'number' ? value : fallback) * 1000;

/** A container's probe, undefined where it has none of that kind. */
export function probeOf(container: JsonMap, kind: ProbeKind): Probe | undefined {
  const handler = container[`${kind}Probe`];
  if (!isMap(handler)) return undefined;
  return {
    kind,
    handler,
    initialDelayMs: seconds(handler.initialDelaySeconds, 0),
    periodMs: Math.max(1000, seconds(handler.periodSeconds, 10)),
    failureThreshold: typeof handler.failureThreshold === 'number' ? handler.failureThreshold : 3,
  };
}

/** Why a probe fails, in the kubelet's words; undefined where it succeeds. */
export function probeFailure({ handler }: Probe, container: JsonMap, behaviour: Behaviour, ip: string): string | undefined {
  const { serves } = behaviour;
  if (!serves) return undefined;
  if (isMap(handler.httpGet)) {
    const port = namedPort(container, handler.httpGet.port);
    const path = asText(handler.httpGet.path) || '/';
    const paths = serves.get(port);
    const scheme = (asText(handler.httpGet.scheme) || 'HTTP').toLowerCase();
    const host = asText(handler.httpGet.host) || ip;
    if (!paths) return `Get "${scheme}://${host}:${port}${path}": dial tcp ${host}:${port}: connect: connection refused`;
    return paths.some((served) => matchesGlob(served, path)) ? undefined : 'HTTP probe failed with statuscode: 404';
  }
  const target = isMap(handler.tcpSocket) ? handler.tcpSocket : isMap(handler.grpc) ? handler.grpc : undefined;
  if (!target) return undefined;
  const port = namedPort(container, asMap(target).port);
  return serves.has(port) ? undefined : `dial tcp ${ip}:${port}: connect: connection refused`;
}

/** `Readiness`, as it stands in events. */
export function probeTitle(kind: ProbeKind): string {
  return `${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}`;
}
