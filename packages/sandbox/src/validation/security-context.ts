import type { FieldError } from '../api/field-errors.ts';
import { invalid } from '../api/field-errors.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, isMap } from '../json.ts';

/** Errors of the numbers of users and groups. */
export function identityErrors(context: JsonMap, field: string): FieldError[] {
  const bad = (value: Json | undefined): boolean => typeof value === 'number' && (value < 0 || value > 2_147_483_647);
  return ['runAsUser', 'runAsGroup', 'fsGroup']
    .filter((name) => bad(context[name]))
    .map((name) => invalid(`${field}.${name}`, context[name], 'must be between 0 and 2147483647, inclusive'));
}

const internalFields = [
  'capabilities',
  'privileged',
  'seLinuxOptions',
  'windowsOptions',
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'readOnlyRootFilesystem',
  'allowPrivilegeEscalation',
  'procMount',
  'seccompProfile',
  'appArmorProfile',
];

/** The context as the server prints it: all fields of its internal type. */
function internalForm(context: JsonMap): JsonMap {
  const title = (name: string): string =>
    name === 'seLinuxOptions' ? 'SELinuxOptions' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return Object.fromEntries(internalFields.map((name) => [title(name), context[name] ?? null]));
}

/** Errors of the security context of a container. */
export function securityContextErrors(context: Json | undefined, field: string): FieldError[] {
  if (!isMap(context)) return [];
  const errors = identityErrors(context, field);
  if (context.allowPrivilegeEscalation !== false) return errors;
  const refuse = (what: string): number =>
    errors.push(invalid(field, internalForm(context), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`));
  if (context.privileged === true) refuse('`privileged` to true');
  if (asList(asMap(context.capabilities).add).includes('CAP_SYS_ADMIN')) refuse('`capabilities.Add` CAP_SYS_ADMIN');
  return errors;
}
