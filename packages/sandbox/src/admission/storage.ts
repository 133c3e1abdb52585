import { forbidden } from '../api/errors.ts';
import type { AdmissionPlugin } from '../api/types.ts';
import { asMap, asText, at } from '../json.ts';
import { parseQuantity } from '../schema/quantity.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';

/** A claim without a class gets the default one. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  mutate({ operation, resource, object }, api) {
    if (operation !== 'create' || resource.storage !== 'persistentvolumeclaims') return;
    const spec = asMap(object.spec);
    if (spec.storageClassName !== undefined || object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined)
      return;
    const classes = api.list('storageclasses.storage.k8s.io').filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true');
    const newest = classes.toSorted((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')).at(0);
    if (newest) spec.storageClassName = newest.metadata.name;
  },
};

/** An Ingress without a class gets the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  mutate({ operation, resource, object }, api) {
    if (operation !== 'create' || resource.storage !== 'ingresses.networking.k8s.io') return;
    const spec = asMap(object.spec);
    if (spec.ingressClassName !== undefined || object.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const found = api
      .list('ingressclasses.networking.k8s.io')
      .find(({ metadata }) => metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true');
    if (found) spec.ingressClassName = found.metadata.name;
  },
};

const protections = new Map([
  ['persistentvolumeclaims', 'kubernetes.io/pvc-protection'],
  ['persistentvolumes', 'kubernetes.io/pv-protection'],
]);

/** Claims and volumes in use are kept by a finalizer. */
export const storageProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate({ operation, resource, object }) {
    const finalizer = protections.get(resource.storage);
    if (operation !== 'create' || !finalizer || object.metadata.finalizers?.includes(finalizer)) return;
    object.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer];
  },
};

/** Only a bound claim of a class that allows it may grow. */
export const claimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate({ operation, resource, object, old, name, subresource }, api) {
    if (operation !== 'update' || resource.storage !== 'persistentvolumeclaims' || subresource !== undefined || !old) return;
    const size = (value: typeof object): bigint => parseQuantity(asText(at(value, 'spec', 'resources', 'requests', 'storage'))) ?? 0n;
    if (size(object) <= size(old)) return;
    const found = api.find('storageclasses.storage.k8s.io', asText(asMap(old.spec).storageClassName));
    if (found?.allowVolumeExpansion !== true) {
      throw forbidden(
        resource,
        name,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    }
  },
};
