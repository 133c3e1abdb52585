import type { KubeObject } from '../api/object.ts';
import type { Random } from '../random.ts';

/** The range of node ports. */
export const nodePorts: { readonly first: number; readonly last: number } = { first: 30000, last: 32767 };

/** The range of the addresses of Services. */
export const serviceNetwork: { readonly prefix: string; readonly cidr: string } = { prefix: '10.96.', cidr: '10.96.0.0/16' };

/** A free address out of the range of Services. */
export function clusterAddress(random: Random, used: ReadonlySet<string>): string {
  for (;;) {
    const address = `${serviceNetwork.prefix}${random.below(256)}.${1 + random.below(254)}`;
    if (!used.has(address)) return address;
  }
}

/** The name of a Service for errors before it has one. */
export function serviceName(object: KubeObject): string {
  return object.metadata.name ?? '';
}
