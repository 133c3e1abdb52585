import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { classOf } from '../../world/claims.ts';
import { dayMs, minuteMs, showDuration } from '../../world/durations.ts';
import { textAt, timeAt } from '../../world/fields.ts';
import { refTo, someOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** A provisioner deletes a volume within this time. */
const deletePatienceMs = 10 * minuteMs;
/** Who keeps a volume may want to look at it for a day. */
const keptMs = dayMs;

const docs = 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming';

/** Volumes that failed, that should be gone, or that nobody gets any more. */
export const volumeState: Condition = {
  id: 'volume-state',
  kinds: ['PersistentVolume', 'StorageClass'],
  needs: ['PersistentVolume'],
  uses: ['StorageClass', 'Event'],
  *find(world) {
    const kept: WorldObject[] = [];
    for (const volume of world.all('PersistentVolume')) {
      const phase = textAt(volume.body, 'status.phase');
      const since = timeAt(volume.body, 'status.lastPhaseTransitionTime');
      if (phase === 'Failed') yield failed(volume, since, world);
      if (phase !== 'Released') continue;
      if (textAt(volume.body, 'spec.persistentVolumeReclaimPolicy') === 'Delete') yield* undeleted(volume, since, world);
      else if (volume.deletedAt === undefined && world.now - (since ?? 0) > keptMs) kept.push(volume);
    }
    yield* ofKept(kept, world);
  },
};

function deleteEvent(volume: WorldObject, world: World): Fault['evidence'] {
  return world
    .events(volume)
    .filter(({ reason }) => reason === 'VolumeFailedDelete' || reason === 'VolumeFailedRecycle')
    .slice(-1)
    .map(eventEvidence);
}

function failed(volume: WorldObject, since: number | undefined, world: World): Fault {
  const message = textAt(volume.body, 'status.message') || textAt(volume.body, 'status.reason');
  return {
    object: volume,
    reason: 'VolumeFailed',
    severity: 'warning',
    summary: `its reclaiming failed${message === '' ? '' : `: ${message}`}; what lies behind it is still there`,
    evidence: [fieldEvidence('status.phase', message === '' ? 'Failed' : `Failed: ${message}`, since), ...deleteEvent(volume, world)],
    fix: [`kubectl describe pv ${volume.name}`],
    since,
    docs,
  };
}

function* undeleted(volume: WorldObject, since: number | undefined, world: World): Generator<Fault> {
  const told = deleteEvent(volume, world);
  const begin = since ?? volume.deletedAt;
  if (begin === undefined ? told.length === 0 : world.now - begin < deletePatienceMs) return;
  yield {
    object: volume,
    reason: 'VolumeNotDeleted',
    severity: 'warning',
    summary: `its claim is gone${begin === undefined ? '' : ` for ${showDuration(world.now - begin)}`}, and it should be deleted, but still is there`,
    evidence: [fieldEvidence('status.phase', 'Released', begin), ...told],
    fix: [`kubectl describe pv ${volume.name}`],
    since: begin,
    docs,
  };
}

/** One for all volumes of a class. */
function* ofKept(volumes: readonly WorldObject[], world: World): Generator<Fault> {
  for (const [name, same] of Map.groupBy(volumes, (volume) => classOf(volume) ?? '')) {
    const [first] = same;
    if (first === undefined) continue;
    yield {
      object:
        name === '' || world.lookup('StorageClass', undefined, name).type !== 'found' ? first : refTo('StorageClass', undefined, name),
      reason: 'VolumesKept',
      severity: 'info',
      summary: `${same.length === 1 ? 'a volume is' : `${same.length} volumes are`} kept after the end of ${same.length === 1 ? 'its claim' : 'their claims'} (policy Retain); no claim gets one before its claimRef is removed`,
      evidence: [
        fieldEvidence(
          'released volumes',
          someOf(
            same.map((volume) => volume.name),
            5,
          ),
        ),
      ],
      fix: ['kubectl get persistentvolumes'],
      docs,
    };
  }
}
