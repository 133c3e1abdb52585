import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { cutLine } from '../../world/cut.ts';
import { nearestOf } from '../../world/alike.ts';
import { classOf, isDefaultClass, selectedNode } from '../../world/claims.ts';
import { hourMs, minuteMs, showDuration } from '../../world/durations.ts';
import type { WorldEvent } from '../../world/event.ts';
import { conditionOf, textAt } from '../../world/fields.ts';
import { refOf, refTo, someOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { fitsOf, misfitsOf } from './volume-fit.ts';
import type { Misfit } from './volume-fit.ts';

/** Making a volume takes its time. */
const patienceMs = 2 * minuteMs;
/** A provisioner that says nothing for so long does not run. */
const silenceMs = 5 * minuteMs;
/** One that says that it works is given longer. */
const workMs = 30 * minuteMs;

const byHand = 'kubernetes.io/no-provisioner';

/** A claim that has no volume, by cause. One that waits for its first consumer, or for its pod to be scheduled, has no fault. */
export const claimPending: Condition = {
  id: 'claim-pending',
  kinds: ['PersistentVolumeClaim'],
  needs: ['PersistentVolumeClaim'],
  uses: ['PersistentVolume', 'StorageClass', 'CSIDriver', 'Pod', 'Event'],
  *find(world) {
    for (const claim of world.all('PersistentVolumeClaim')) {
      if (claim.deletedAt !== undefined || textAt(claim.body, 'status.phase') !== 'Pending') continue;
      if (world.now - (claim.createdAt ?? 0) < patienceMs) continue;
      const cause = causeOf(claim, world) ?? asTold(claim, world);
      if (cause !== undefined) yield toFault(claim, cause, world);
    }
  },
};

interface Cause extends Pick<Fault, 'reason' | 'summary' | 'evidence' | 'causedBy'> {
  readonly fix?: string;
}

function toFault(claim: WorldObject, { fix, ...cause }: Cause, world: World): Fault {
  const consumers = world.pods.byClaim(claim);
  return {
    object: claim,
    ...cause,
    severity: consumers.length > 0 ? 'critical' : 'warning',
    evidence: [
      ...cause.evidence,
      ...(consumers.length === 0 ? [] : [fieldEvidence('pods that wait for it', someOf(consumers.map(({ name }) => name)))]),
    ],
    fix: [fix ?? `kubectl describe pvc ${claim.name} -n ${claim.namespace ?? 'default'}`],
    since: claim.createdAt,
    explains: consumers.map(refOf),
    docs: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding',
  };
}

function causeOf(claim: WorldObject, world: World): Cause | undefined {
  const volume = textAt(claim.body, 'spec.volumeName');
  if (volume !== '') return ofNamedVolume(claim, volume, world);
  const name = classOf(claim);
  if (name === undefined) return withoutClass(claim, world);
  if (name === '') return noVolume(claim, world);
  const found = world.lookup('StorageClass', undefined, name);
  if (found.type === 'found') return ofClass(claim, found.object, world);
  const failed = provisioningFailed(claim, world);
  // Volumes that are made by hand may have a class that is but a name.
  if (found.type === 'missing') return fitsOf(claim, world).length > 0 ? noVolume(claim, world) : classMissing(claim, name, world);
  if (failed === undefined) return undefined;
  return /storageclass\S* "[^"]*" not found/i.test(failed.message) ? classMissing(claim, name, world) : ofFailure(failed);
}

/** Where classes or volumes may not be read, what the controller said last; that it waits for a consumer is no fault. */
function asTold(claim: WorldObject, world: World): Cause | undefined {
  if (world.canSee('StorageClass') && world.canSee('PersistentVolume')) return undefined;
  const told = world
    .events(claim)
    .filter(({ reason }) => /^(?:WaitFor\w+|FailedBinding|ExternalProvisioning)$/.test(reason))
    .at(-1);
  if (told === undefined || told.reason.startsWith('WaitFor') || world.now - (claim.createdAt ?? 0) < silenceMs) return undefined;
  return { reason: 'ClaimPending', summary: `it has no volume: ${cutLine(told.message, 300)}`, evidence: [eventEvidence(told)] };
}

function ofNamedVolume(claim: WorldObject, name: string, world: World): Cause | undefined {
  const found = world.lookup('PersistentVolume', undefined, name);
  const evidence = [fieldEvidence('spec.volumeName', name)];
  if (found.type === 'unknown') return undefined;
  if (found.type === 'missing') return { reason: 'VolumeMissing', summary: `the volume ${name} that it asks for does not exist`, evidence };
  const misfits = misfitsOf(claim, found.object);
  if (misfits.length === 0) return undefined;
  return {
    reason: 'VolumeDoesNotFit',
    summary: `the volume ${name} that it asks for ${misfits.map(({ says }) => says).join(', ')}`,
    evidence,
    causedBy: [refOf(found.object)],
  };
}

function withoutClass(claim: WorldObject, world: World): Cause | undefined {
  if (!world.canSee('StorageClass') || world.all('StorageClass').some(isDefaultClass)) return undefined;
  const classes = world.all('StorageClass').map(({ name }) => name);
  return {
    reason: 'NoDefaultStorageClass',
    summary: `it names no storage class, and the cluster has no default one${classes.length === 0 ? ' (nor any other)' : `; there are ${someOf(classes, 5)}`}`,
    evidence: [fieldEvidence('spec.storageClassName', 'not set'), ...misfitEvidence(claim, world)],
  };
}

function classMissing(claim: WorldObject, name: string, world: World): Cause {
  const classes = world.all('StorageClass').map((each) => each.name);
  const near = nearestOf(name, classes);
  const others = classes.length === 0 ? 'there is none' : `there are ${someOf(classes, 5)}`;
  return {
    reason: 'StorageClassMissing',
    summary: `its storage class ${name} does not exist${near === undefined ? (world.canSee('StorageClass') ? `: ${others}` : '') : `: is ${near} meant?`}`,
    evidence: [fieldEvidence('spec.storageClassName', name)],
    fix: 'kubectl get storageclasses',
    causedBy: [refTo('StorageClass', undefined, name)],
  };
}

function ofClass(claim: WorldObject, storageClass: WorldObject, world: World): Cause | undefined {
  const failed = provisioningFailed(claim, world);
  if (failed !== undefined) return ofFailure(failed);
  const provisioner = textAt(storageClass.body, 'provisioner');
  const node = claim.annotations[selectedNode];
  if (textAt(storageClass.body, 'volumeBindingMode') === 'WaitForFirstConsumer' && node === undefined) {
    const isWanted = world.pods
      .byClaim(claim)
      .some((pod) => /find available persistent volumes/.test(textAt(conditionOf(pod.body, 'PodScheduled'), 'message')));
    return provisioner === byHand && isWanted ? noVolume(claim, world) : undefined;
  }
  if (provisioner === byHand) return noVolume(claim, world);
  // Importers and other populators fill a volume first, which may take hours.
  if (!/^(?:|PersistentVolumeClaim|VolumeSnapshot)$/.test(textAt(claim.body, 'spec.dataSourceRef.kind'))) return undefined;
  const last = (name: string): WorldEvent | undefined =>
    world
      .events(claim)
      .filter(({ reason }) => reason === name)
      .at(-1);
  const [working, waiting] = [last('Provisioning'), last('ExternalProvisioning')];
  const told = working ?? waiting;
  // Without its events it is not known when the node was chosen.
  const since = node === undefined ? claim.createdAt : told?.firstAt;
  if (since === undefined || world.now - since < (working === undefined ? silenceMs : workMs)) return undefined;
  const age = showDuration(world.now - since);
  return {
    reason: working === undefined ? 'ProvisionerSilent' : 'ProvisioningSlow',
    summary:
      working === undefined
        ? `the provisioner ${provisioner} of its class ${storageClass.name} has made no volume for ${age} and tells no error: ${isInstalled(provisioner, world) ? 'does it run?' : 'there is no CSI driver of that name'}`
        : `the provisioner ${provisioner} of its class ${storageClass.name} works on its volume for ${age} and tells no error`,
    evidence: [
      fieldEvidence(`storageclass/${storageClass.name} provisioner`, provisioner),
      ...(told === undefined ? [] : [eventEvidence(told)]),
    ],
  };
}

/** Drivers of CSI register under the name of their provisioner; other provisioners need not. */
function isInstalled(provisioner: string, world: World): boolean {
  return !/\bcsi\b/.test(provisioner) || world.lookup('CSIDriver', undefined, provisioner).type !== 'missing';
}

function provisioningFailed(claim: WorldObject, world: World): WorldEvent | undefined {
  return world
    .events(claim)
    .filter(({ reason, lastAt = world.now }) => reason === 'ProvisioningFailed' && world.now - lastAt < hourMs)
    .at(-1);
}

/** What provisioners say, by cause; the first that fits. */
const failures: readonly (readonly [string, RegExp, string])[] = [
  [
    'StorageAccessModeUnsupported',
    /access ?modes?|volume capabilit|MultiNode|multi-?node|ReadWriteMany|ReadOnlyMany/i,
    'its access mode is not supported by the provisioner',
  ],
  [
    'StorageExhausted',
    /ResourceExhausted|insufficient|no space|not enough|out of capacity|quota|limit exceeded/i,
    'the storage behind its class has no room for it',
  ],
  [
    'StorageDenied',
    /unauthorized|accessdenied|access denied|forbidden|permission|credential/i,
    'the provisioner is not allowed to make its volume',
  ],
  [
    'StorageSourceMissing',
    /snapshot.*not found|source.*not found|error getting handle for DataSource/i,
    'what it is to be made from does not exist',
  ],
];

function ofFailure(event: WorldEvent): Cause {
  const [reason, , says] = failures.find(([, matches]) => matches.test(event.message)) ?? [
    'ProvisioningFailed',
    undefined,
    'its volume can not be made',
  ];
  return { reason, summary: `${says}: ${cutLine(event.message, 300)}`, evidence: [eventEvidence(event)] };
}

const misfitReasons: ReadonlyMap<Misfit['type'], string> = new Map([
  ['capacity', 'NoVolumeLargeEnough'],
  ['access-mode', 'NoVolumeWithAccessMode'],
  ['released', 'VolumeReleased'],
]);

/** No volume that was made by hand fits. */
function noVolume(claim: WorldObject, world: World): Cause | undefined {
  if (!world.canSee('PersistentVolume')) return undefined;
  const [near] = fitsOf(claim, world);
  const [only] = near?.misfits.length === 1 ? near.misfits : [];
  if (near !== undefined && near.misfits.length === 0) return undefined; // is being bound
  const isNear = near !== undefined && !near.misfits.some(({ type }) => type === 'taken');
  const name = classOf(claim) ?? '';
  return {
    reason: (only === undefined ? undefined : misfitReasons.get(only.type)) ?? 'NoMatchingVolume',
    summary: `no volume fits it, and nobody makes one for ${name === '' ? 'a claim without a class' : `the class ${name}`}${isNear ? `; the nearest, ${near.volume.name}, ${near.misfits.map(({ says }) => says).join(', ')}` : ''}`,
    evidence: [
      fieldEvidence('spec.resources.requests.storage', textAt(claim.body, 'spec.resources.requests.storage')),
      ...misfitEvidence(claim, world),
    ],
    fix: 'kubectl get persistentvolumes',
    causedBy: isNear ? [refOf(near.volume)] : [],
  };
}

function misfitEvidence(claim: WorldObject, world: World): Fault['evidence'] {
  return fitsOf(claim, world)
    .slice(0, 3)
    .map(({ volume, misfits }) => fieldEvidence(`persistentvolume/${volume.name}`, misfits.map(({ says }) => says).join(', ')));
}
