import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import { asText, equal } from '../json.ts';
import {
  annotationErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelErrors,
  pathSegmentErrors,
  qualifiedNameErrors,
} from './names.ts';

/** Kinds whose names are labels, or parts of a path; all others are subdomains. */
const nameRules = new Map<string, (name: string) => string[]>([
  ['Namespace', dns1123LabelErrors],
  ['Service', dns1123LabelErrors],
  ['StatefulSet', dns1123LabelErrors],
  ['Role', pathSegmentErrors],
  ['ClusterRole', pathSegmentErrors],
  ['RoleBinding', pathSegmentErrors],
  ['ClusterRoleBinding', pathSegmentErrors],
]);

const maxAnnotationBytes = 256 * 1024;

/** Errors of metadata. */
export function validateMeta(info: ResourceInfo, object: KubeObject): FieldError[] {
  const { metadata } = object;
  const name = metadata.name ?? '';
  const rule = nameRules.get(info.kind) ?? dns1123SubdomainErrors;
  const errors: FieldError[] = [];
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else if (info.kind !== 'APIService') errors.push(...rule(name).map((error) => invalid('metadata.name', name, error)));
  errors.push(...labelErrors(metadata.labels, 'metadata.labels'), ...annotationErrors(metadata.annotations, 'metadata.annotations'));
  const size = Object.entries(metadata.annotations ?? {}).reduce((sum, [key, value]) => sum + key.length + (value ?? '').length, 0);
  if (size > maxAnnotationBytes)
    errors.push({
      reason: 'FieldValueTooLong',
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${maxAnnotationBytes} bytes`,
    });
  const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];
  for (const [index, finalizer] of (info.custom ? [] : (metadata.finalizers ?? [])).entries()) {
    if (!finalizer.includes('/') && !standard.includes(finalizer) && qualifiedNameErrors(finalizer).length === 0) {
      const detail = 'name is neither a standard finalizer name nor is it fully qualified';
      errors.push(invalid(`metadata.finalizers[${index}]`, finalizer, detail));
    }
  }
  for (const finalizer of metadata.finalizers ?? []) {
    errors.push(...qualifiedNameErrors(finalizer).map((error) => invalid('metadata.finalizers', finalizer, error)));
  }
  for (const [index, owner] of (metadata.ownerReferences ?? []).entries()) {
    const field = `metadata.ownerReferences`;
    if (!owner.apiVersion) errors.push(invalid(`${field}.apiVersion`, asText(owner.apiVersion), 'version must not be empty'));
    if (!owner.kind) errors.push(invalid(`${field}.kind`, asText(owner.kind), 'must not be empty'));
    if (!owner.name) errors.push(invalid(`${field}.name`, asText(owner.name), 'must not be empty'));
    if (!owner.uid) errors.push(invalid(`${field}.uid`, asText(owner.uid), 'must not be empty'));
    if (index > 0 && owner.controller && metadata.ownerReferences?.slice(0, index).some((other) => other.controller)) {
      errors.push(invalid(field, '', `Only one reference can have Controller set to true. Found "true" in references for ${owner.name}`));
    }
  }
  return errors;
}

/** Errors of a change of metadata. */
export function validateMetaUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (old.metadata.deletionTimestamp) {
    const fresh = (object.metadata.finalizers ?? []).filter((finalizer) => !old.metadata.finalizers?.includes(finalizer));
    if (fresh.length > 0) {
      const list = `[]string{${fresh.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
      errors.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      );
    }
  }
  const deleted = object.metadata.deletionTimestamp;
  if (deleted && !old.metadata.deletionTimestamp) errors.push(invalid('metadata.deletionTimestamp', deleted, 'field is immutable'));
  if (!equal(object.metadata.namespace, old.metadata.namespace))
    errors.push(invalid('metadata.namespace', object.metadata.namespace, 'field is immutable'));
  return errors;
}
