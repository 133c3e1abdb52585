import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { hourMs, minuteMs, showDuration } from '../../world/durations.ts';
import { conditionOf, fieldsAt, textAt, timeAt } from '../../world/fields.ts';
import { quantityOf, showQuantity } from '../../world/quantity.ts';
import { refOf, refTo } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** The kubelet makes a file system larger within a minute. */
const resizePatienceMs = 10 * minuteMs;

/** A claim whose volume is gone, or does not become as large as it is to be. */
export const claimState: Condition = {
  id: 'claim-state',
  kinds: ['PersistentVolumeClaim'],
  needs: ['PersistentVolumeClaim'],
  uses: ['PersistentVolume', 'Pod', 'Event'],
  *find(world) {
    for (const claim of world.all('PersistentVolumeClaim')) {
      const phase = textAt(claim.body, 'status.phase');
      if (phase === 'Lost') yield lost(claim, world);
      else if (phase === 'Bound' && claim.deletedAt === undefined) yield* resize(claim, world);
    }
  },
};

function lost(claim: WorldObject, world: World): Fault {
  const volume = textAt(claim.body, 'spec.volumeName');
  const told = world
    .events(claim)
    .filter(({ reason }) => reason === 'ClaimLost' || reason === 'ClaimMisbound')
    .at(-1);
  const isThere = world.lookup('PersistentVolume', undefined, volume).type === 'found';
  return {
    object: claim,
    reason: 'ClaimLost',
    severity: 'critical',
    summary: isThere ? `its volume ${volume} belongs to another claim by now` : `its volume ${volume} is gone, and with it the data`,
    evidence: [
      fieldEvidence('status.phase', 'Lost'),
      fieldEvidence('spec.volumeName', volume),
      ...(told === undefined ? [] : [eventEvidence(told)]),
    ],
    fix: [`kubectl describe pvc ${claim.name} -n ${claim.namespace ?? 'default'}`],
    since: told?.firstAt,
    explains: world.pods.byClaim(claim).map(refOf),
    causedBy: [refTo('PersistentVolume', undefined, volume)],
    docs: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#phase',
  };
}

function* resize(claim: WorldObject, world: World): Generator<Fault> {
  const wanted = quantityOf(fieldsAt(claim.body, 'spec.resources.requests')['storage']);
  const has = quantityOf(fieldsAt(claim.body, 'status.capacity')['storage']);
  if (wanted === undefined || has === undefined || wanted <= has) return;
  const state = textAt(claim.body, 'status.allocatedResourceStatuses.storage');
  const error = ['ControllerResizeError', 'NodeResizeError']
    .map((type) => conditionOf(claim.body, type))
    .find((each) => each?.['status'] === 'True');
  const told = world
    .events(claim)
    .filter(
      ({ reason, lastAt = world.now }) => /^(?:VolumeResizeFailed|FileSystemResizeFailed)$/.test(reason) && world.now - lastAt < hourMs,
    )
    .at(-1);
  const sizes = `it has ${showQuantity('storage', has)} of ${showQuantity('storage', wanted)}`;
  const fix = [`kubectl describe pvc ${claim.name} -n ${claim.namespace ?? 'default'}`];
  const docs = 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims';
  if (/Infeasible$|Failed$/.test(state) || error !== undefined || told !== undefined) {
    yield {
      object: claim,
      reason: 'ResizeFailed',
      severity: 'warning',
      summary: `it can not be made larger: ${sizes}`,
      evidence: [
        ...(state === '' ? [] : [fieldEvidence('status.allocatedResourceStatuses.storage', state)]),
        ...(error === undefined ? [] : [fieldEvidence(`status.conditions[${textAt(error, 'type')}]`, textAt(error, 'message'))]),
        ...(told === undefined ? [] : [eventEvidence(told)]),
      ],
      fix,
      since: told?.firstAt ?? timeAt(error, 'lastTransitionTime'),
      docs,
    };
    return;
  }
  const pending = conditionOf(claim.body, 'FileSystemResizePending');
  const since = timeAt(pending, 'lastTransitionTime');
  if (pending?.['status'] !== 'True' || since === undefined || world.now - since < resizePatienceMs) return;
  // Without a pod there is nobody who could do it.
  const pods = world.pods.byClaim(claim);
  if (!pods.some((pod) => textAt(pod.body, 'status.phase') === 'Running')) return;
  yield {
    object: claim,
    reason: 'ResizeWaitsForPod',
    severity: 'warning',
    summary: `${sizes}: its file system waits for ${showDuration(world.now - since)} for a pod that mounts it anew`,
    evidence: [fieldEvidence('status.conditions[FileSystemResizePending]', textAt(pending, 'message'), since)],
    fix,
    since,
    docs,
  };
}
