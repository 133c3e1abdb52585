import type { JsonObject, JsonValue } from './json.ts';
import { isJsonObject } from './parse-json.ts';

/** The keywords of the OpenAPI 3.0 subset that Google's function declarations take (ai.google.dev, Schema). */
const keywords: ReadonlySet<string> = new Set([
  'type',
  'format',
  'title',
  'description',
  'nullable',
  'enum',
  'default',
  'items',
  'minItems',
  'maxItems',
  'properties',
  'required',
  'minProperties',
  'maxProperties',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'anyOf',
]);

/** A JSON Schema in the few keywords that every vendor takes: what cannot be said in them is left out. Pure. */
export function basicSchema(schema: JsonObject): JsonObject {
  const kept = Object.entries(withoutSynonyms(schema)).filter(([name, value]) => keywords.has(name) && (name !== 'enum' || isTexts(value)));
  return Object.fromEntries(kept.map(([name, value]) => [name, inner(name, value)]));
}

/** An `enum` holds texts only. */
function isTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function inner(name: string, value: JsonValue): JsonValue {
  if (name === 'properties' && isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, isJsonObject(one) ? basicSchema(one) : {}]));
  if (name === 'items') return isJsonObject(value) ? basicSchema(value) : {};
  if (name === 'anyOf' && Array.isArray(value)) return value.filter(isJsonObject).map(basicSchema);
  return value;
}

/** `const`, `oneOf` and lists of types, in keywords that say the same. */
function withoutSynonyms(schema: JsonObject): JsonObject {
  const { const: only, oneOf, type, ...rest } = schema;
  const types = Array.isArray(type) ? type.filter((one) => typeof one === 'string') : [];
  const [first, ...others] = types.filter((one) => one !== 'null');
  const told: JsonObject =
    first === undefined
      ? type === undefined || Array.isArray(type)
        ? {}
        : { type }
      : others.length === 0
        ? { type: first }
        : { anyOf: [first, ...others].map((one) => ({ type: one })) };
  return {
    ...told,
    ...(types.includes('null') ? { nullable: true } : {}),
    ...(only === undefined ? {} : { enum: [only] }),
    ...(Array.isArray(oneOf) ? { anyOf: oneOf } : {}),
    ...rest,
  };
}
