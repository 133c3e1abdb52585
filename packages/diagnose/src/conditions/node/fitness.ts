import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { textAt } from '../../world/fields.ts';
import { showQuantity } from '../../world/quantity.ts';
import { roomFor } from '../../world/room.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Minor versions that a kubelet may be older than its API server: https://kubernetes.io/releases/version-skew-policy/ */
const maxSkew = 3;
/** Of its allocatable resources. */
const fullShare = 0.98;

/** A node whose kubelet does not fit the API server, or that has no room left. */
export const nodeFitness: Condition = {
  id: 'node-fitness',
  kinds: ['Node'],
  needs: ['Node'],
  uses: ['Pod'],
  *find(world) {
    for (const node of world.all('Node')) yield* skewOf(node, world);
    if (!world.canSee('Pod')) return;
    for (const resource of ['pods', 'cpu', 'memory']) {
      for (const { node, allocatable, free } of roomFor(resource, world)) {
        if (allocatable === 0 || free / allocatable > 1 - fullShare) continue;
        const used = showQuantity(resource, allocatable - free);
        yield {
          object: node,
          reason: resource === 'pods' ? 'NodeFullOfPods' : 'NodeFullyRequested',
          severity: resource === 'pods' ? 'warning' : 'info',
          summary: `its pods ask for ${used} of ${showQuantity(resource, allocatable)} ${resource}: there is no room for more`,
          evidence: [fieldEvidence(`status.allocatable.${resource}`, showQuantity(resource, allocatable))],
          fix: [`kubectl describe node ${node.name}`],
        };
      }
    }
  },
};

function* skewOf(node: WorldObject, { serverVersion = '' }: World): Generator<Fault> {
  const version = textAt(node.body, 'status.nodeInfo.kubeletVersion');
  const kubelet = minorOf(version);
  const server = minorOf(serverVersion);
  if (kubelet === undefined || server === undefined) return;
  const isNewer = kubelet > server;
  if (!isNewer && server - kubelet <= maxSkew) return;
  yield {
    object: node,
    reason: 'KubeletSkew',
    severity: 'warning',
    summary: isNewer
      ? `its kubelet ${version} is newer than the API server ${serverVersion}, which is not supported`
      : `its kubelet ${version} is ${server - kubelet} versions older than the API server ${serverVersion}; ${maxSkew} are supported`,
    evidence: [fieldEvidence('status.nodeInfo.kubeletVersion', version)],
    docs: 'https://kubernetes.io/releases/version-skew-policy/',
  };
}

function minorOf(version: string): number | undefined {
  const minor = /^v1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
