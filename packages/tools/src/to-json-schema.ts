import { toJsonSchema as fromValibot } from '@valibot/to-json-schema';
import type { JsonObject } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { GenericSchema } from 'valibot';
import type { StandardSchema } from './standard-schema.ts';

/** The JSON Schema of a tool's arguments: from valibot, or from a library that follows Standard JSON Schema. Throws KwError `bad-tool` where the schema does not tell it. */
export function toJsonSchema(schema: StandardSchema<unknown>, tool: string): JsonObject {
  if (isValibot(schema)) return plain(fromValibot(schema, { errorMode: 'ignore' }), tool);
  const { '~standard': standard } = schema;
  const own: unknown = 'jsonSchema' in standard ? standard.jsonSchema : undefined;
  if (hasInput(own)) return plain(own.input({ target: 'draft-2020-12' }), tool);
  throw new KwError('bad-tool', `${tool}: a schema of ${standard.vendor} does not tell its JSON Schema; give it as "parameters"`);
}

function isValibot(schema: unknown): schema is GenericSchema {
  return typeof schema === 'object' && schema !== null && 'kind' in schema && schema.kind === 'schema' && '~run' in schema;
}

function hasInput(value: unknown): value is { input(options: { readonly target: string }): unknown } {
  return typeof value === 'object' && value !== null && 'input' in value && typeof value.input === 'function';
}

/** Only what JSON can carry, and only an object: vendors take nothing else. */
function plain(value: unknown, tool: string): JsonObject {
  const schema: unknown = JSON.parse(JSON.stringify(value));
  if (!isJsonObject(schema) || schema['type'] !== 'object')
    throw new KwError('bad-tool', `${tool}: the schema of the arguments must be an object`);
  const { $schema: _, ...rest } = schema;
  return rest;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
