import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import { timestamp } from '../../clock.ts';
import type { JsonMap } from '../../json.ts';
import { asList, asMap, asText, clone } from '../../json.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import type { WorldContext } from '../context.ts';
import { unless, write, writeStatus } from '../context.ts';
import { texts } from '../pods.ts';

/** The time that the simulated provisioner takes. */
const provisionMs = 200;

const claimRefOf = (claim: KubeObject): JsonMap => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  name: nameOf(claim),
  namespace: namespaceOf(claim),
  uid: claim.metadata.uid,
  resourceVersion: claim.metadata.resourceVersion,
});

const size = (object: JsonMap | undefined): bigint => parseQuantity(asText(object?.storage)) ?? 0n;

/** The smallest free volume that a claim can have: of its class, large enough, with its access modes; or the one meant for it. */
export function fittingVolume({ cache }: WorldContext, claim: KubeObject): KubeObject | undefined {
  const spec = specOf(claim);
  const wanted = size(asMap(asMap(spec.resources).requests));
  const fits = (volume: KubeObject): boolean => {
    const { claimRef, storageClassName, accessModes, capacity, volumeMode } = specOf(volume);
    const reference = asMap(claimRef);
    if (volume.metadata.deletionTimestamp) return false;
    if (asText(reference.name) !== '') {
      if (reference.name !== nameOf(claim) || reference.namespace !== namespaceOf(claim)) return false;
      if (reference.uid !== undefined && reference.uid !== claim.metadata.uid) return false;
    } else if (statusOf(volume).phase === 'Released') return false;
    if (asText(spec.volumeName) !== '' && spec.volumeName !== nameOf(volume)) return false;
    if (asText(storageClassName) !== asText(spec.storageClassName) || (volumeMode ?? 'Filesystem') !== (spec.volumeMode ?? 'Filesystem'))
      return false;
    if (spec.selector !== undefined && !matchesSelector(volume.metadata.labels, spec.selector)) return false;
    return size(asMap(capacity)) >= wanted && asList(spec.accessModes).every((mode) => asList(accessModes).includes(mode));
  };
  const fitting = cache.all('persistentvolumes').filter(fits);
  return fitting.toSorted((a, b) => (size(asMap(specOf(a).capacity)) < size(asMap(specOf(b).capacity)) ? -1 : 1))[0];
}

/** Binds a claim and a volume to each other. */
export function bind({ api }: WorldContext, claim: KubeObject, volume: KubeObject): void {
  const now = timestamp(api.clock.now());
  const meant = asText(asMap(specOf(volume).claimRef).uid) !== '';
  const claimRef = { ...claimRefOf(claim), ...(meant ? asMap(specOf(volume).claimRef) : {}) };
  const annotations = { ...texts(volume.metadata.annotations), ...(meant ? {} : { 'pv.kubernetes.io/bound-by-controller': 'yes' }) };
  const bound = write(api, 'persistentvolumes', {
    ...volume,
    metadata: { ...volume.metadata, annotations },
    spec: { ...specOf(volume), claimRef },
  });
  writeStatus(api, 'persistentvolumes', bound, { ...statusOf(bound), phase: 'Bound', lastPhaseTransitionTime: now });
  const chosen = asText(specOf(claim).volumeName) !== '';
  const marked = {
    ...texts(claim.metadata.annotations),
    'pv.kubernetes.io/bind-completed': 'yes',
    ...(chosen ? {} : { 'pv.kubernetes.io/bound-by-controller': 'yes' }),
  };
  const next = write(api, 'persistentvolumeclaims', {
    ...claim,
    metadata: { ...claim.metadata, annotations: marked },
    spec: { ...specOf(claim), volumeName: nameOf(volume) },
  });
  writeStatus(api, 'persistentvolumeclaims', next, {
    phase: 'Bound',
    accessModes: asList(specOf(volume).accessModes),
    capacity: clone(asMap(specOf(volume).capacity)),
  });
}

/** Makes a volume for a claim after a while, as an external provisioner does. */
export function provision({ api, timers }: WorldContext, claim: KubeObject, storageClass: KubeObject): void {
  const name = `pvc-${claim.metadata.uid ?? ''}`;
  const node = claim.metadata.annotations?.['volume.kubernetes.io/selected-node'];
  timers.after(provisionMs, () => {
    const live = api.find('persistentvolumeclaims', nameOf(claim), namespaceOf(claim));
    if (!live || live.metadata.uid !== claim.metadata.uid || live.metadata.deletionTimestamp || api.find('persistentvolumes', name)) return;
    const { resourceVersion: _, ...claimRef } = claimRefOf(live);
    const spec: JsonMap = {
      accessModes: asList(specOf(live).accessModes),
      capacity: clone(asMap(asMap(specOf(live).resources).requests)),
      persistentVolumeReclaimPolicy: asText(storageClass.reclaimPolicy) || 'Delete',
      storageClassName: nameOf(storageClass),
      volumeMode: asText(specOf(live).volumeMode) || 'Filesystem',
      claimRef,
    };
    if (node === undefined) spec.hostPath = { path: `/var/local-path-provisioner/${name}` };
    else {
      spec.local = { path: `/var/local-path-provisioner/${name}` };
      spec.nodeAffinity = {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] },
      };
    }
    const metadata = { name, annotations: { 'pv.kubernetes.io/provisioned-by': asText(storageClass.provisioner) } };
    unless(['AlreadyExists'], () =>
      api.create('persistentvolumes', { apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec }, { fieldManager: 'provisioner' }),
    );
  });
}
