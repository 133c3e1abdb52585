import type { FieldError } from '../api/field-errors.ts';
import { invalid, required, unsupported } from '../api/field-errors.ts';
import type { JsonMap } from '../json.ts';
import { asText, isMap } from '../json.ts';
import { dns1123SubdomainErrors, qualifiedNameErrors } from './names.ts';

const fields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const known = new Set([...fields, 'metadata.annotations', 'metadata.labels', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);

/** Errors of a reference to a field of the pod. */
function fieldErrors(reference: JsonMap, field: string): FieldError[] {
  const path = asText(reference.fieldPath);
  if (asText(reference.apiVersion) === '') return [required(`${field}.apiVersion`)];
  if (path === '') return [required(`${field}.fieldPath`)];
  const [, map, key = ''] = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/.exec(path) ?? [];
  if (map) {
    const named = map === 'metadata.annotations' ? key.toLowerCase() : key;
    return qualifiedNameErrors(named).map((error) => invalid(field, named, error));
  }
  if (!known.has(path)) return [invalid(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  return fields.includes(path) ? [] : [unsupported(`${field}.fieldPath`, path, fields)];
}

/** Errors of the variables of a container. */
export function environmentErrors(variables: readonly JsonMap[], field: string): FieldError[] {
  return variables.flatMap((variable, index) => {
    const path = `${field}[${index}]`;
    const name = asText(variable.name);
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${path}.name`));
    else if (!/^[ -<>-~]+$/.test(name)) {
      errors.push(
        invalid(`${path}.name`, name, "a valid environment variable name must consist only of printable ASCII characters other than '='"),
      );
    }
    const from = variable.valueFrom;
    if (!isMap(from)) return errors;
    const kinds = Object.keys(from);
    if (asText(variable.value) !== '') errors.push(invalid(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    if (kinds.length === 0)
      errors.push(
        invalid(
          `${path}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      );
    if (kinds.length > 1) errors.push(invalid(`${path}.valueFrom`, '', 'may not have more than one field specified at a time'));
    if (isMap(from.fieldRef)) errors.push(...fieldErrors(from.fieldRef, `${path}.valueFrom.fieldRef`));
    for (const kind of ['configMapKeyRef', 'secretKeyRef']) {
      const reference = from[kind];
      if (!isMap(reference)) continue;
      const named = asText(reference.name);
      errors.push(...dns1123SubdomainErrors(named).map((error) => invalid(`${path}.valueFrom.${kind}.name`, named, error)));
      if (asText(reference.key) === '') errors.push(required(`${path}.valueFrom.${kind}.key`));
    }
    return errors;
  });
}

/** Errors of the maps that a container takes all its variables from. */
export function environmentSourceErrors(sources: readonly JsonMap[], field: string): FieldError[] {
  return sources.flatMap((source, index) => {
    const given = ['configMapRef', 'secretRef'].filter((kind) => isMap(source[kind]));
    const errors = given.flatMap((kind) => {
      const reference = source[kind];
      const name = isMap(reference) ? asText(reference.name) : '';
      return dns1123SubdomainErrors(name).map((error) => invalid(`${field}[${index}].${kind}.name`, name, error));
    });
    if (given.length === 0) errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (given.length > 1) errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}
