import type { StringMap } from '../api/object.ts';
import type { Json } from '../json.ts';
import { asMap } from '../json.ts';

/** The texts of a map of labels. */
export function asStringMap(value: Json | undefined): StringMap {
  const map: StringMap = {};
  for (const [key, text] of Object.entries(asMap(value))) if (typeof text === 'string') map[key] = text;
  return map;
}
