import type { Json } from '../json.ts';
import { isMap } from '../json.ts';

/** The value of a simple JSONPath (`.spec.items[0].name`, `[*]`, `['a.b']`) as a cell of a custom resource's table. */
export function jsonPathCell(object: Json, path: string, type: string): Json {
  const found = valuesAt(object, path);
  if (found.length === 0) return null;
  const value =
    found.length === 1
      ? (found[0] ?? null)
      : found.map((entry) => (isMap(entry) || Array.isArray(entry) ? JSON.stringify(entry) : String(entry))).join(',');
  if (type === 'integer' || type === 'number' || type === 'boolean') return value;
  if (value === null) return null;
  return isMap(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** All values at a path. */
export function valuesAt(object: Json, path: string): Json[] {
  let current: Json[] = [object];
  for (const match of path.replace(/^\$/, '').matchAll(/\.([\w-]+|\*)|\[(?:'([^']*)'|"([^"]*)"|(\d+|\*))\]/g)) {
    const step = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    current = current.flatMap((value): Json[] => {
      if (step === '*')
        return Array.isArray(value)
          ? value
          : isMap(value)
            ? Object.values(value).flatMap((item) => (item === undefined ? [] : [item]))
            : [];
      if (Array.isArray(value)) return value[Number(step)] === undefined ? [] : [value[Number(step)] ?? null];
      const item = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
      return item === undefined ? [] : [item];
    });
  }
  return current;
}
