import type { JsonValue } from '@kw/providers';
import { estimateTokens } from '../prompt/estimate.ts';
import { jsonTable } from './json-table.ts';
import { noisyKeys } from './noisy-keys.ts';
import { cutMiddle } from './visible.ts';

/** From generous to narrow; the first that fits is taken. */
const steps: readonly { readonly items: number; readonly units: number; readonly depth: number }[] = [
  { items: 1000, units: 2000, depth: 64 },
  { items: 200, units: 300, depth: 64 },
  { items: 50, units: 200, depth: 16 },
  { items: 20, units: 120, depth: 10 },
  { items: 10, units: 100, depth: 8 },
  { items: 5, units: 80, depth: 7 },
  { items: 3, units: 60, depth: 6 },
  { items: 2, units: 40, depth: 5 },
  { items: 2, units: 40, depth: 4 },
  { items: 2, units: 40, depth: 3 },
];

/** A JSON document in a form that fits: without noise, lists of objects as tables, long strings cut, long lists shortened; undefined where it is no JSON or nothing fits. */
export function shapeJson(text: string, maxTokens: number): string | undefined {
  const value = parse(text);
  if (value === undefined) return undefined;
  for (const [index, step] of steps.entries()) {
    const shaped = JSON.stringify(shorten(value, step, step.depth));
    if (estimateTokens(shaped) <= maxTokens) return shaped;
    const table = index === 0 ? jsonTable(value, maxTokens) : undefined;
    if (table !== undefined) return table;
  }
  return undefined;
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // it only looked like JSON
  }
}

function shorten(value: JsonValue, step: { readonly items: number; readonly units: number }, depth: number): JsonValue {
  if (typeof value === 'string') return cutMiddle(value, step.units);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) {
    if (depth <= 0 && value.length > 0) return `[... ${value.length} items ...]`;
    const kept = value.slice(0, step.items).map((item) => shorten(item, step, depth - 1));
    return value.length > step.items ? [...kept, `... ${value.length - step.items} more items`] : kept;
  }
  const members = Object.entries(value).filter(([key]) => !noisyKeys.has(key));
  if (depth <= 0 && members.length > 0) return `{... ${members.length} members ...}`;
  return Object.fromEntries(members.map(([key, member]): [string, JsonValue] => [key, shorten(member, step, depth - 1)]));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
