import type { JsonMap } from '../json.ts';
import { equal } from '../json.ts';

/**
 * What differs between two specs, field by field. The real server prints its internal Go structs here, all fields of
 * them; this one prints the fields of the API that differ.
 */
export function specDifference(before: JsonMap, after: JsonMap): string {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !equal(before[key], after[key]));
  return keys
    .flatMap((key) => [
      `- ${JSON.stringify(key)}: ${JSON.stringify(before[key] ?? null)},`,
      `+ ${JSON.stringify(key)}: ${JSON.stringify(after[key] ?? null)},`,
    ])
    .join('\n');
}
