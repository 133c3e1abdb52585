import type { FieldError } from '../api/field-errors.ts';
import { duplicate, invalid, required, tooLong, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asNumber, asText, canonical, equal, isMap, written } from '../json.ts';
import { compileRule } from './cel.ts';

/** Errors of a custom resource against its schema and its rules. */
export function customErrors(info: ResourceInfo, object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const { metadata: _metadata, apiVersion: _version, kind: _kind, ...body } = object;
  const { metadata: _m, apiVersion: _v, kind: _k, ...before } = old ?? { metadata: {}, apiVersion: '', kind: '' };
  const properties = asMap(info.custom?.properties);
  const schema: JsonMap = {
    ...info.custom,
    properties: Object.fromEntries(
      Object.entries(properties).filter(([name]) => name !== 'metadata' && name !== 'apiVersion' && name !== 'kind'),
    ),
  };
  const errors = schemaErrors(schema, body, '');
  const rules = ruleErrors(schema, { value: body, old: old ? before : undefined, path: '', check: errors.length === 0 });
  return [
    ...errors,
    ...rules.errors,
    ...(errors.length > 0 && rules.skipped
      ? [
          invalid(
            '<nil>',
            null,
            'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
          ),
        ]
      : []),
  ];
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (isMap(value)) return 'object';
  if (value === null) return 'null';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

function hasType(schema: JsonMap, value: Json): boolean {
  const type = asText(schema.type);
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value === 'string' || Number.isInteger(value);
  if (value === null) return schema.nullable === true || type === '';
  const given = typeName(value);
  return type === '' || type === given || (type === 'number' && given === 'integer');
}

/** Errors of a value against an OpenAPI v3 schema. */
export function schemaErrors(schema: JsonMap, value: Json, path: string): FieldError[] {
  if (!hasType(schema, value)) {
    const name = typeName(value);
    return [invalid(path, name, `${path} in body must be of type ${asText(schema.type)}: ${JSON.stringify(name)}`)];
  }
  const errors: FieldError[] = [];
  const values = asList(schema.enum);
  if (values.length > 0 && !values.some((entry) => equal(entry, value)))
    errors.push(
      unsupported(
        path,
        value,
        values.map((entry) => written(entry)),
      ),
    );
  const body = (detail: string): FieldError => invalid(path, value, `${path} in body ${detail}`);
  if (typeof value === 'number') errors.push(...numberErrors(schema, value, body));
  if (typeof value === 'string') errors.push(...textErrors(schema, value, path, body));
  if (Array.isArray(value)) errors.push(...listErrors(schema, value, path));
  if (isMap(value)) errors.push(...mapErrors(schema, value, path));
  for (const part of asMaps(schema.allOf)) errors.push(...schemaErrors(part, value, path));
  const any = asMaps(schema.anyOf);
  if (any.length > 0 && !any.some((part) => schemaErrors(part, value, path).length === 0))
    errors.push(body('must validate at least one schema (anyOf)'));
  const one = asMaps(schema.oneOf);
  if (one.length > 0 && one.filter((part) => schemaErrors(part, value, path).length === 0).length !== 1)
    errors.push(body('must validate one and only one schema (oneOf)'));
  if (isMap(schema.not) && schemaErrors(schema.not, value, path).length === 0) errors.push(body('must not validate the schema (not)'));
  return errors;
}

function numberErrors(schema: JsonMap, value: number, body: (detail: string) => FieldError): FieldError[] {
  const errors: FieldError[] = [];
  const { minimum, maximum, multipleOf } = schema;
  if (typeof minimum === 'number' && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    errors.push(body(`should be greater than ${schema.exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`));
  }
  if (typeof maximum === 'number' && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    errors.push(body(`should be less than ${schema.exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`));
  }
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf)) errors.push(body(`should be a multiple of ${multipleOf}`));
  return errors;
}

function textErrors(schema: JsonMap, value: string, path: string, body: (detail: string) => FieldError): FieldError[] {
  const errors: FieldError[] = [];
  const { length } = Array.from(value);
  if (typeof schema.maxLength === 'number' && length > schema.maxLength) errors.push(tooLong(path, schema.maxLength));
  if (typeof schema.minLength === 'number' && length < schema.minLength)
    errors.push(body(`should be at least ${schema.minLength} chars long`));
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(value))
    errors.push(body(`should match '${schema.pattern}'`));
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value)))
    errors.push(body(`must be of type date-time: ${JSON.stringify(value)}`));
  return errors;
}

function listErrors(schema: JsonMap, value: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (typeof schema.maxItems === 'number' && value.length > schema.maxItems)
    errors.push({
      reason: 'FieldValueTooMany',
      field: path,
      message: `Too many: ${value.length}: must have at most ${schema.maxItems} items`,
    });
  if (typeof schema.minItems === 'number' && value.length < schema.minItems)
    errors.push(invalid(path, value.length, `${path} in body should have at least ${schema.minItems} items`));
  const keys = asList(schema['x-kubernetes-list-map-keys']).map(asText);
  const type = schema['x-kubernetes-list-type'];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const at = `${path}[${index}]`;
    const identity = type === 'map' ? Object.fromEntries(keys.map((key) => [key, asMap(item)[key]])) : item;
    if (type === 'map' || type === 'set') {
      if (seen.has(canonical(identity))) errors.push(duplicate(at, identity));
      seen.add(canonical(identity));
    }
    if (isMap(schema.items)) errors.push(...schemaErrors(schema.items, item, at));
  }
  return errors;
}

function mapErrors(schema: JsonMap, value: JsonMap, path: string): FieldError[] {
  const properties = asMap(schema.properties);
  const errors: FieldError[] = [];
  for (const name of Object.keys(value).sort()) {
    const item = value[name];
    const own = properties[name];
    if (item === undefined) continue;
    if (isMap(own)) errors.push(...schemaErrors(own, item, join(path, name)));
    else if (isMap(schema.additionalProperties)) errors.push(...schemaErrors(schema.additionalProperties, item, join(path, name)));
  }
  for (const name of asList(schema.required).map(asText)) if (value[name] === undefined) errors.push(required(join(path, name)));
  const size = Object.keys(value).length;
  if (typeof schema.maxProperties === 'number' && size > asNumber(schema.maxProperties))
    errors.push({
      reason: 'FieldValueTooMany',
      field: path,
      message: `Too many: ${size}: must have at most ${schema.maxProperties} items`,
    });
  if (typeof schema.minProperties === 'number' && size < asNumber(schema.minProperties))
    errors.push(invalid(path, size, `${path} in body should have at least ${schema.minProperties} properties`));
  return errors;
}

interface RulePlace {
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
  /** False where the schema's errors keep the rules from being checked. */
  readonly check: boolean;
}

function ruleErrors(schema: JsonMap, { value, old, path, check }: RulePlace): { readonly errors: FieldError[]; readonly skipped: boolean } {
  const errors: FieldError[] = [];
  let skipped = false;
  for (const { rule, message, reason, fieldPath } of asMaps(schema['x-kubernetes-validations'])) {
    if (!check) {
      skipped = true;
      continue;
    }
    const text = asText(rule);
    const compiled = compileRule(text);
    if (!('evaluate' in compiled) || (compiled.usesOld && old === undefined)) continue;
    const result = compiled.evaluate({ self: value, oldSelf: old });
    const detail = asText(message) || `failed rule: ${text}`;
    const field = fieldPath ? `${path}${asText(fieldPath)}` : path;
    if (typeof result === 'string')
      errors.push({ reason: 'FieldValueInvalid', field, message: `Invalid value: rule evaluation error: ${result}` });
    else if (!result) errors.push({ reason: asText(reason) || 'FieldValueInvalid', field, message: `Invalid value: ${detail}` });
  }
  const visit = (child: Json | undefined, at: RulePlace): void => {
    const below = ruleErrors(asMap(child), at);
    errors.push(...below.errors);
    skipped ||= below.skipped;
  };
  const properties = asMap(schema.properties);
  if (isMap(value)) {
    for (const [name, item] of Object.entries(value)) {
      const own = properties[name] ?? (isMap(schema.additionalProperties) ? schema.additionalProperties : undefined);
      if (own !== undefined && item !== undefined)
        visit(own, { value: item, old: isMap(old) ? old[name] : undefined, path: join(path, name), check });
    }
  }
  if (Array.isArray(value) && isMap(schema.items))
    for (const [index, item] of value.entries()) visit(schema.items, { value: item, old: undefined, path: `${path}[${index}]`, check });
  return { errors, skipped };
}
