import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, clone, equal, isMap, written } from '../json.ts';
import type { Field, Shape, StructShape } from '../schema/shape.ts';
import { anyShape } from '../schema/shape.ts';
import { PatchError } from './json-patch.ts';

const directives = /^\$(patch|retainKeys|deleteFromPrimitiveList\/.*|setElementOrder\/.*)$/;

/** The object after a strategic merge patch: lists are merged as the types say. Throws `PatchError`. */
export function applyStrategicPatch(shape: StructShape, object: JsonMap, patch: JsonMap): JsonMap {
  return mergeMap(shape, object, patch);
}

function fieldOf(shape: Shape, key: string): Pick<Field, 'shape' | 'strategies' | 'mergeKey'> {
  const plain = { strategies: [], mergeKey: undefined };
  if (shape.type === 'struct') return shape.fields().get(key) ?? { shape: anyShape, ...plain };
  return { shape: shape.type === 'map' ? shape.item() : anyShape, ...plain };
}

function goType(value: Json | undefined): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (isMap(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function mergeMap(shape: Shape, object: JsonMap, patch: JsonMap): JsonMap {
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  if (patch.$patch !== undefined && patch.$patch !== 'merge') throw new PatchError(`Unknown patch type found: ${written(patch.$patch)}`);
  const result: JsonMap = { ...object };
  const retained = patch.$retainKeys;
  if (Array.isArray(retained)) {
    const kept = new Set<Json>(retained);
    if (Object.keys(patch).some((key) => !directives.test(key) && !kept.has(key)))
      throw new PatchError('invalid patch format of retainKeys', 400);
  }
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  const lists = new Set<string>();
  for (const key of Object.keys(patch)) {
    const about = key.match(/^\$(?:deleteFromPrimitiveList|setElementOrder)\/(.*)$/)?.[1];
    if (about !== undefined) lists.add(about);
    if (key.startsWith('$setElementOrder') && !Array.isArray(patch[key]))
      throw new PatchError(`expected a []interface {}, but received a ${goType(patch[key])}`);
    if (directives.test(key)) continue;
    const value = patch[key];
    if (Array.isArray(value) && fieldOf(shape, key).strategies.includes('merge')) lists.add(key);
    else if (value === null || value === undefined) delete result[key];
    else if (isMap(value) && !fieldOf(shape, key).strategies.includes('replace')) {
      const existing = result[key];
      result[key] = isMap(existing) ? mergeMap(fieldOf(shape, key).shape, existing, value) : stripped(value);
    } else result[key] = stripped(value);
  }
  for (const key of lists) {
    if (patch[key] === null) delete result[key];
    else {
      const merged = mergeList(fieldOf(shape, key), asList(result[key]), {
        items: asList(patch[key]),
        deleted: asList(patch[`$deleteFromPrimitiveList/${key}`]),
        order: patch[`$setElementOrder/${key}`],
      });
      if (merged.length > 0 || Array.isArray(result[key]) || Array.isArray(patch[key])) result[key] = merged;
    }
  }
  return result;
}

interface ListPatch {
  readonly items: readonly Json[];
  readonly deleted: readonly Json[];
  readonly order: Json | undefined;
}

function mergeList(field: Pick<Field, 'shape' | 'mergeKey'>, list: readonly Json[], { items, deleted, order }: ListPatch): Json[] {
  const item = field.shape.type === 'list' ? field.shape.item() : anyShape;
  const { mergeKey } = field;
  if (items.some((entry) => isMap(entry) && entry.$patch === 'replace' && Object.keys(entry).length === 1)) {
    return items.filter((entry) => !(isMap(entry) && entry.$patch !== undefined)).map(stripped);
  }
  if (mergeKey === undefined) return mergeScalars(list, { items, deleted, order });
  const same = (a: Json, b: Json): boolean => isMap(a) && isMap(b) && equal(a[mergeKey], b[mergeKey]);
  let merged: Json[] = [...list];
  const fresh: Json[] = [];
  for (const entry of items) {
    if (!isMap(entry)) throw new PatchError(`map: ${JSON.stringify(entry)} does not contain declared merge key: ${mergeKey}`);
    if (entry[mergeKey] === undefined) throw new PatchError(`map: ${goMap(entry)} does not contain declared merge key: ${mergeKey}`);
    if (entry.$patch === 'delete') {
      merged = merged.filter((other) => !same(other, entry));
      continue;
    }
    const position = merged.findIndex((other) => same(other, entry));
    if (position < 0) fresh.push(stripped(entry));
    else merged[position] = mergeMap(item, asMap(merged[position]), entry);
  }
  return ordered(merged, fresh, { items: items.filter((entry) => !(isMap(entry) && entry.$patch === 'delete')), order, same });
}

function mergeScalars(list: readonly Json[], { items, deleted, order }: ListPatch): Json[] {
  const kept = list.filter((value) => !deleted.some((gone) => equal(gone, value)));
  const fresh = items.filter(
    (value, index) => !kept.some((other) => equal(other, value)) && items.findIndex((other) => equal(other, value)) === index,
  );
  return ordered(kept, fresh, { items, order, same: equal });
}

interface Ordering {
  readonly items: readonly Json[];
  readonly order: Json | undefined;
  readonly same: (a: Json, b: Json) => boolean;
}

/**
 * Items named in the patch come in the patch's order, the others keep their place among themselves; where the two meet,
 * an item that stood before another one in the live list stays before it, and otherwise the patch's comes first.
 */
function ordered(live: readonly Json[], fresh: readonly Json[], { items, order, same }: Ordering): Json[] {
  const plan = Array.isArray(order) ? order : items;
  const all = [...live, ...fresh];
  const rank = (entry: Json): number => plan.findIndex((other) => same(other, entry));
  const named = all.filter((entry) => rank(entry) >= 0).sort((a, b) => rank(a) - rank(b));
  const others = all.filter((entry) => rank(entry) < 0);
  const result: Json[] = [];
  const place = (entry: Json): number => live.findIndex((other) => same(other, entry));
  let index = 0;
  for (const other of others) {
    while (index < named.length) {
      const next = named[index];
      if (next === undefined) break;
      const at = place(next);
      if (at >= 0 && at > place(other)) break;
      result.push(next);
      index++;
    }
    result.push(other);
  }
  return [...result, ...named.slice(index)];
}

function withoutDirectives(patch: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(patch)
      .filter(([key]) => !directives.test(key))
      .map(([key, value]) => [key, clone(value)]),
  );
}

/** A new part of an object: directives that found nothing to act on and nulls are gone. */
function stripped(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => !(isMap(item) && item.$patch === 'delete')).map(stripped);
  if (!isMap(value)) return value;
  const result: JsonMap = {};
  for (const [key, item] of Object.entries(value)) {
    if (directives.test(key) || item === null || item === undefined) continue;
    result[key] = stripped(item);
  }
  return result;
}

/** A map as Go prints it. */
export function goMap(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (isMap(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${goMap(value[key])}`)
      .join(' ')}]`;
  return value === null || value === undefined ? '<nil>' : String(value);
}
