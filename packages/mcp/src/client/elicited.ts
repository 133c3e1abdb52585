import type { JsonObject, JsonValue } from '@kw/agent';
import { isRecord, jsonObject } from '../json.ts';

/** The answer to a server's question: declined without fields; fields that were left out have the defaults that the server named. */
export function elicited(fields: JsonObject | undefined, { requestedSchema }: JsonObject): JsonObject {
  if (fields === undefined) return { action: 'decline' };
  const properties = isRecord(requestedSchema) ? requestedSchema['properties'] : undefined;
  const defaults = Object.entries(isRecord(properties) ? jsonObject(properties) : {}).flatMap(([name, property]): [string, JsonValue][] => {
    const value = isRecord(property) ? jsonObject(property)['default'] : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { action: 'accept', content: { ...Object.fromEntries(defaults), ...fields } };
}
