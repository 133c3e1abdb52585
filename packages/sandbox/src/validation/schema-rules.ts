import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asText, isMap } from '../json.ts';

/** A CEL rule of a schema and where it stands in the schema. */
export interface SchemaRule {
  readonly rule: string;
  readonly path: string;
}

/** All rules of a schema. */
export function schemaRules(schema: JsonMap, path = ''): SchemaRule[] {
  const own = asMaps(schema['x-kubernetes-validations']).map(({ rule }) => ({ rule: asText(rule), path }));
  const below = Object.entries(asMap(schema.properties)).flatMap(([name, child]) =>
    schemaRules(asMap(child), `${path}.properties[${name}]`),
  );
  const items = isMap(schema.items) ? schemaRules(schema.items, `${path}.items`) : [];
  const values = isMap(schema.additionalProperties) ? schemaRules(schema.additionalProperties, `${path}.additionalProperties`) : [];
  return [...own, ...below, ...items, ...values];
}

/** Fills in the defaults of a schema. Edits the value. */
export function fillDefaults(schema: JsonMap, value: JsonMap): void {
  for (const [name, child] of Object.entries(asMap(schema.properties))) {
    if (!isMap(child)) continue;
    const given = value[name];
    if (given === undefined || (given === null && child.nullable !== true)) {
      if (child.default !== undefined) value[name] = structuredClone(child.default);
    }
    const now = value[name];
    if (isMap(now)) fillDefaults(child, now);
    if (Array.isArray(now) && isMap(child.items)) for (const item of now) if (isMap(item)) fillDefaults(child.items, item);
  }
  if (isMap(schema.additionalProperties))
    for (const item of Object.values(value)) if (isMap(item)) fillDefaults(schema.additionalProperties, item);
}
