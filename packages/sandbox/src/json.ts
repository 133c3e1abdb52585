/** Any JSON value; maps are mutable so that a clone can be edited before it is stored. */
export type Json = string | number | boolean | null | Json[] | JsonMap;

/** A JSON object. */
export interface JsonMap {
  [key: string]: Json | undefined;
}

/** True for a JSON object, false for lists, scalars, null and undefined. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one where it is something else. */
export function asMap(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

/** The value as a list; an empty one where it is something else. */
export function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; what is no object is left out. */
export function asMaps(value: Json | undefined): JsonMap[] {
  return asList(value).filter(isMap);
}

/** The value as text; "" where it is something else. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a number; the fallback (0) where it is something else. */
export function asNumber(value: Json | undefined, fallback = 0): number {
  return typeof value === 'number' ? value : fallback;
}

/** The value under a path of keys and list indexes, undefined where the path ends early. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === 'number') current = current[step];
    else if (isMap(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current;
}

/** Sets a value under a path of keys in place, making objects on the way; undefined removes the key. Only for fresh clones. */
export function put(target: JsonMap, path: readonly string[], value: Json | undefined): void {
  let current = target;
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(current, step) ? current[step] : undefined;
    if (isMap(next)) current = next;
    else current = current[step] = {};
  }
  const last = path.at(-1);
  if (last === undefined) return;
  if (value === undefined) delete current[last];
  else current[last] = value;
}

/** A deep copy. */
export function clone<T extends Json | undefined>(value: T): T;
export function clone(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => clone(item));
  if (!isMap(value)) return value;
  const copy: JsonMap = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined) copy[key] = clone(item);
  }
  return copy;
}

/** Deep equality; keys with the value undefined count as absent, the order of keys does not count. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  if (keys.length !== Object.keys(b).filter((key) => b[key] !== undefined).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** JSON with sorted keys and no white space: equal values have equal text. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

/** A value as it is put into a message: texts and numbers as they are, everything else as JSON. */
export function written(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? 'undefined' : JSON.stringify(value);
}
