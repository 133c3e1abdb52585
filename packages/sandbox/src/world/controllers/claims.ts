import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Change } from '../../api/types.ts';
import { timestamp } from '../../clock.ts';
import { asMap, asMaps, asText } from '../../json.ts';
import type { Controller, WorldContext } from '../context.ts';
import { controllerManager, findKey, keyOf, unless, write, writeStatus } from '../context.ts';
import { isEnded, texts } from '../pods.ts';
import { bind, fittingVolume, provision } from './volumes.ts';

const component = 'persistentvolume-controller';
/** How often a claim that can't be bound is looked at again (the binder's resync period). */
const resyncMs = 15_000;
const protection = 'kubernetes.io/pvc-protection';

/** Binds claims to volumes that fit, and provisions volumes for the classes whose provisioner the sandbox simulates. */
export function claims(context: WorldContext): Controller {
  const { api } = context;
  return {
    name: component,
    keys: (change) => keysFor(context, change),
    sync(key) {
      const claim = findKey(api, 'persistentvolumeclaims', key);
      if (!claim) return;
      if (claim.metadata.deletionTimestamp) return unprotect(context, claim);
      if (statusOf(claim).phase !== 'Bound') bindOrWait(context, claim);
    },
  };
}

function* keysFor({ cache }: WorldContext, { type, resource: { storage }, object }: Change): Iterable<string> {
  if (storage === 'persistentvolumeclaims') yield keyOf(object);
  if (storage === 'pods' && (type === 'deleted' || isEnded(object)))
    for (const name of claimsOfPod(object)) yield `${namespaceOf(object)}/${name}`;
  if (storage === 'persistentvolumes' || (storage === 'storageclasses.storage.k8s.io' && type === 'added')) {
    for (const claim of cache.all('persistentvolumeclaims')) if (statusOf(claim).phase !== 'Bound') yield keyOf(claim);
  }
}

/** The names of the claims that a pod mounts. */
function claimsOfPod(pod: KubeObject): string[] {
  return asMaps(specOf(pod).volumes).flatMap((volume) => {
    const name = asText(asMap(volume.persistentVolumeClaim).claimName);
    return name === '' ? [] : [name];
  });
}

/** A claim that is being deleted goes when no pod uses it any more. */
function unprotect({ api, cache }: WorldContext, claim: KubeObject): void {
  if (!claim.metadata.finalizers?.includes(protection)) return;
  const used = cache
    .inNamespace('pods', namespaceOf(claim))
    .some((pod) => !isEnded(pod) && asText(specOf(pod).nodeName) !== '' && claimsOfPod(pod).includes(nameOf(claim)));
  if (used) return;
  const finalizers = claim.metadata.finalizers.filter((finalizer) => finalizer !== protection);
  write(api, 'persistentvolumeclaims', { ...claim, metadata: { ...claim.metadata, finalizers } });
}

function bindOrWait(context: WorldContext, claim: KubeObject): void {
  const { api, events } = context;
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void => {
    events.record({ object: claim, type, reason, message, component });
    context.later(component, keyOf(claim), resyncMs);
  };
  const className = specOf(claim).storageClassName;
  const storageClass = typeof className === 'string' && className !== '' ? api.find('storageclasses.storage.k8s.io', className) : undefined;
  const waits =
    storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.metadata.annotations?.['volume.kubernetes.io/selected-node'];
  if (waits && !asText(specOf(claim).volumeName))
    return say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  const volume = fittingVolume(context, claim);
  if (volume) return bind(context, claim, volume);
  if (asText(specOf(claim).volumeName) !== '') return;
  if (typeof className !== 'string' || className === '')
    return say('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  if (!storageClass) return say('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`);
  const provisioner = asText(storageClass.provisioner);
  if (provisioner === 'kubernetes.io/no-provisioner')
    return say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  const annotations = {
    ...texts(claim.metadata.annotations),
    'volume.kubernetes.io/storage-provisioner': provisioner,
    'volume.beta.kubernetes.io/storage-provisioner': provisioner,
  };
  const marked = write(api, 'persistentvolumeclaims', { ...claim, metadata: { ...claim.metadata, annotations } });
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  events.record({ object: claim, type: 'Normal', reason: 'ExternalProvisioning', message, component });
  provision(context, marked, storageClass);
}

/** Volumes: their protection, what is released, what is deleted with its claim. */
export function volumes(context: WorldContext): Controller {
  const { api } = context;
  return {
    name: 'volume-controller',
    *keys({ type, resource: { storage }, object }) {
      if (storage === 'persistentvolumes' && type !== 'deleted') yield keyOf(object);
      const name = storage === 'persistentvolumeclaims' ? asText(specOf(object).volumeName) : '';
      if (name !== '') yield `/${name}`;
    },
    sync(key) {
      const volume = findKey(api, 'persistentvolumes', key);
      if (!volume) return;
      const claimRef = asMap(specOf(volume).claimRef);
      const claim = api.find('persistentvolumeclaims', asText(claimRef.name), asText(claimRef.namespace));
      const held = claim && (claimRef.uid === undefined || claim.metadata.uid === claimRef.uid);
      if (volume.metadata.deletionTimestamp) {
        const finalizers = (volume.metadata.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes.io/pv-protection');
        if (!held)
          unless(['NotFound'], () =>
            api.update(
              'persistentvolumes',
              { ...volume, metadata: { ...volume.metadata, finalizers } },
              { fieldManager: controllerManager },
            ),
          );
        return;
      }
      const phase =
        claimRef.uid === undefined
          ? 'Available'
          : held
            ? asText(specOf(claim).volumeName) === nameOf(volume)
              ? 'Bound'
              : asText(statusOf(volume).phase)
            : 'Released';
      if (statusOf(volume).phase !== phase) {
        writeStatus(api, 'persistentvolumes', volume, { ...statusOf(volume), phase, lastPhaseTransitionTime: timestamp(api.clock.now()) });
      }
      const simulated = volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== undefined;
      if (phase === 'Released' && specOf(volume).persistentVolumeReclaimPolicy === 'Delete' && simulated)
        unless(['NotFound'], () => api.delete('persistentvolumes', nameOf(volume)));
    },
  };
}
