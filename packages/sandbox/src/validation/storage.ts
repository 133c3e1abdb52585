import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asText, at, equal } from '../json.ts';
import { parseQuantity } from '../schema/quantity.ts';
import { selectorErrors } from './common.ts';
import { dns1123SubdomainErrors } from './names.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function accessModeErrors(spec: JsonMap, field: string): FieldError[] {
  const modes = asList(spec.accessModes).map(asText);
  const unknown = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => unsupported(field, mode, accessModes));
  const mixed = modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode));
  return [...unknown, ...(mixed ? [forbiddenField(field, 'may not use ReadWriteOncePod with other access modes')] : [])];
}

function classAndMode({ storageClassName, volumeMode }: JsonMap, field: string): FieldError[] {
  const name = asText(storageClassName);
  return [
    ...(name === '' ? [] : dns1123SubdomainErrors(name).map((error) => invalid(`${field}.storageClassName`, name, error))),
    ...(volumeMode === undefined || volumeMode === 'Block' || volumeMode === 'Filesystem'
      ? []
      : [unsupported(`${field}.volumeMode`, volumeMode, ['Block', 'Filesystem'])]),
  ];
}

const isPositive = (size: Json | undefined): boolean => (parseQuantity(asText(size)) ?? 0n) > 0n;

/** Errors of the spec of a claim, also in a template. */
export function claimSpecErrors(spec: JsonMap, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (asList(spec.accessModes).length === 0) errors.push(required(`${field}.accessModes`, 'at least 1 access mode is required'));
  errors.push(...selectorErrors(spec.selector, `${field}.selector`), ...accessModeErrors(spec, `${field}.accessModes`));
  const size = at(spec, 'resources', 'requests', 'storage');
  if (size === undefined) errors.push(required(`${field}.resources[storage]`));
  else if (!isPositive(size)) errors.push(invalid(`${field}.resources[storage]`, size, 'must be greater than zero'));
  return [...errors, ...classAndMode(spec, field)];
}

/** Errors of a PersistentVolumeClaim. */
export function claimErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const size = at(spec, 'resources', 'requests', 'storage');
  const errors = claimSpecErrors(spec, 'spec');
  if (!old) return errors;
  const before = specOf(old);
  const bound = at(old.status, 'phase') === 'Bound';
  const fixed = (value: JsonMap): JsonMap => ({
    ...value,
    resources: bound ? undefined : value.resources,
    volumeAttributesClassName: undefined,
    volumeName: asText(before.volumeName) === '' ? undefined : value.volumeName,
  });
  if (!equal(fixed(spec), fixed(before)))
    errors.push(
      forbiddenField('spec', 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'),
    );
  const [now, then] = [parseQuantity(asText(size)) ?? 0n, parseQuantity(asText(at(before, 'resources', 'requests', 'storage'))) ?? 0n];
  if (bound && now < then) errors.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  return errors;
}

const describing = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

/** Errors of a PersistentVolume. */
export function volumeErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = asList(spec.accessModes).length === 0 ? [required('spec.accessModes')] : [];
  errors.push(...accessModeErrors(spec, 'spec.accessModes'));
  const capacity = asMap(spec.capacity);
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(required('spec.capacity'));
  if (names.length !== 1 || names[0] !== 'storage') errors.push(unsupported('spec.capacity', spec.capacity, ['storage']));
  for (const [name, size] of Object.entries(capacity))
    if (!isPositive(size)) errors.push(invalid(`spec.capacity[${name}]`, size, 'must be greater than zero'));
  const policy = asText(spec.persistentVolumeReclaimPolicy);
  if (policy !== '' && !reclaimPolicies.includes(policy))
    errors.push(unsupported('spec.persistentVolumeReclaimPolicy', policy, reclaimPolicies));
  const sources = Object.keys(spec).filter((name) => !describing.has(name));
  for (const source of sources.slice(1)) errors.push(forbiddenField(`spec.${source}`, 'may not specify more than 1 volume type'));
  if (spec.local !== undefined && spec.nodeAffinity === undefined)
    errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'));
  return [...errors, ...classAndMode(spec, 'spec')];
}

/** Errors of a StorageClass. */
export function storageClassErrors(object: KubeObject): FieldError[] {
  return asText(object.provisioner) === '' ? [required('provisioner')] : [];
}
