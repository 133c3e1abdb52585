import type { FieldError } from '../api/field-errors.ts';
import { invalid, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import { asList, asMap, asMaps, asText, at } from '../json.ts';
import { compileRule } from './cel.ts';
import { dns1123SubdomainErrors } from './names.ts';
import { schemaRules } from './schema-rules.ts';

/** Errors of a CustomResourceDefinition. */
export function definitionErrors(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const names = asMap(spec.names);
  const group = asText(spec.group);
  const expected = `${asText(names.plural)}.${group}`;
  const errors: FieldError[] = [];
  if (object.metadata.name !== expected)
    errors.push(invalid('metadata.name', object.metadata.name, `must be spec.names.plural+"."+spec.group`));
  if (group === '') errors.push(required('spec.group'));
  else errors.push(...dns1123SubdomainErrors(group).map((error) => invalid('spec.group', group, error)));
  for (const field of ['plural', 'singular', 'kind', 'listKind'])
    if (asText(names[field]) === '') errors.push(required(`spec.names.${field}`));
  if (!['Cluster', 'Namespaced'].includes(asText(spec.scope)))
    errors.push(unsupported('spec.scope', spec.scope ?? '', ['Cluster', 'Namespaced']));
  const versions = asMaps(spec.versions);
  if (versions.filter((version) => version.storage === true).length !== 1)
    errors.push(invalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  const stored = at(object.status, 'storedVersions');
  if (asList(stored).length === 0) errors.push(invalid('status.storedVersions', stored, 'must have at least one stored version'));
  for (const [index, version] of versions.entries()) {
    const schema = at(version, 'schema', 'openAPIV3Schema');
    if (schema === undefined) errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
    for (const { rule, path } of schemaRules(asMap(schema))) {
      const compiled = compileRule(rule);
      if ('problem' in compiled)
        errors.push(
          invalid(
            `spec.versions[${index}].schema.openAPIV3Schema${path}.x-kubernetes-validations.rule`,
            rule,
            `compilation failed: ${compiled.problem}`,
          ),
        );
    }
  }
  return errors;
}
