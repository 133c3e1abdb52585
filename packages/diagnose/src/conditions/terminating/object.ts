import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { textAt } from '../../world/fields.ts';
import { holderOf } from '../../world/finalizers.ts';
import { refOf, refTo, someOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** What a finalizer has to do first takes minutes where a cloud is involved. */
const patienceMs = 15 * minuteMs;
const docs = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/';

/** Claims and volumes that are to be gone. */
export const storageTerminating: Condition = terminating(
  'storage-terminating',
  ['PersistentVolumeClaim', 'PersistentVolume'],
  ['Pod', 'ReplicaSet'],
);
/** Services and Ingresses that are to be gone. */
export const trafficTerminating: Condition = terminating('traffic-terminating', ['Service', 'Ingress']);
/** Workloads that are to be gone. */
export const workloadTerminating: Condition = terminating(
  'workload-terminating',
  ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet'],
  ['Pod'],
);
/** ConfigMaps, Secrets and accounts that are to be gone. */
export const configTerminating: Condition = terminating('config-terminating', ['ConfigMap', 'Secret', 'ServiceAccount']);

/** Objects of these kinds that a finalizer holds for long after they were deleted. */
function terminating(id: string, kinds: readonly string[], uses: readonly string[] = []): Condition {
  return {
    id,
    kinds,
    needs: kinds,
    uses,
    *find(world) {
      for (const kind of kinds) for (const object of world.all(kind)) yield* ofObject(object, world);
    },
  };
}

function* ofObject(object: WorldObject, world: World): Generator<Fault> {
  const { deletedAt, finalizers } = object;
  if (deletedAt === undefined || finalizers.length === 0 || world.now - deletedAt < patienceMs) return;
  // That a released volume is not deleted is told with the provisioner's reasons.
  if (object.kind === 'PersistentVolume' && /^(?:Released|Failed)$/.test(textAt(object.body, 'status.phase'))) return;
  const inUse = object.kind === 'PersistentVolumeClaim' ? world.pods.byClaim(object) : [];
  const owned = finalizers.includes('foregroundDeletion') ? world.ownedBy(object, 'Pod') : [];
  const waits = [...inUse, ...owned];
  const age = showDuration(world.now - deletedAt);
  yield {
    object,
    reason: waits.length > 0 ? 'DeletionWaits' : 'DeletionBlocked',
    severity: waits.length > 0 ? 'info' : 'warning',
    summary:
      waits.length > 0
        ? `it was deleted ${age} ago and goes once ${someOf(waits.map(({ name }) => `pod/${name}`))} ${waits.length === 1 ? 'is' : 'are'} gone`
        : `it was deleted ${age} ago, but ${someOf(finalizers)} holds it: ${[...new Set(finalizers.map(holderOf))].join('; ')} has to take that away`,
    evidence: [
      fieldEvidence('metadata.deletionTimestamp', new Date(deletedAt).toISOString()),
      fieldEvidence('metadata.finalizers', finalizers.join(', ')),
    ],
    fix: [
      `kubectl get ${object.kind.toLowerCase()} ${object.name}${object.namespace === undefined ? '' : ` -n ${object.namespace}`} -o yaml`,
    ],
    since: deletedAt,
    causedBy: waits.map(refOf),
    explains: object.namespace === undefined ? [] : [refTo('Namespace', undefined, object.namespace)],
    rollsUp: false,
    docs,
  };
}
