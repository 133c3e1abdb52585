import type { FieldTree } from '../fields/tree.ts';
import { emptyTree, isEmpty, keyStep, valueStep } from '../fields/tree.ts';
import type { Json, JsonMap } from '../json.ts';
import { clone, isMap } from '../json.ts';
import type { ListShape, Shape } from '../schema/shape.ts';
import { anyShape } from '../schema/shape.ts';

/** The live object with an applied configuration merged in. */
export function mergeApplied(shape: Shape, live: Json | undefined, config: Json): Json {
  if (live === undefined || live === null) return clone(config);
  if (isMap(config) && isMap(live) && mergesByField(shape)) {
    const result: JsonMap = { ...live };
    for (const key of Object.keys(config)) {
      const value = config[key];
      if (value !== undefined) result[key] = mergeApplied(childShape(shape, key), live[key], value);
    }
    return result;
  }
  if (Array.isArray(config) && Array.isArray(live) && shape.type === 'list' && shape.list !== 'atomic')
    return mergeItems(shape, live, config);
  return clone(config);
}

function mergesByField(shape: Shape): boolean {
  return shape.type === 'any' || ((shape.type === 'struct' || shape.type === 'map') && !shape.atomic);
}

function childShape(shape: Shape, key: string): Shape {
  if (shape.type === 'struct') return shape.fields().get(key)?.shape ?? anyShape;
  return shape.type === 'map' ? shape.item() : anyShape;
}

const stepOf = (shape: ListShape, item: Json): string =>
  shape.list === 'map' && isMap(item) ? keyStep(item, shape.keys) : valueStep(item);

/**
 * Lists of items that are known by what they are: those of both sides come in the order of the configuration, those of
 * the live object alone stay where they are before them. The steps are those of structured-merge-diff.
 */
function mergeItems(shape: ListShape, live: readonly Json[], config: readonly Json[]): Json[] {
  const left = live.map((item) => stepOf(shape, item));
  const right = config.map((item) => stepOf(shape, item));
  const lives = new Map(left.map((step, index) => [step, live[index]]));
  const wanted = new Map(right.map((step, index) => [step, config[index] ?? null]));
  const shared = right.filter((step) => lives.has(step));
  const done = new Set<string>();
  const merged: Json[] = [];
  const take = (step: string): void => {
    done.add(step);
    merged.push(mergeApplied(shape.item(), lives.get(step), wanted.get(step) ?? null));
    if (shared[0] === step) shared.shift();
  };
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [own, next] = [left[l], right[r]];
    if (own !== undefined && own === next) {
      take(own);
      l += 1;
      r += 1;
      continue;
    }
    if (own !== undefined && next !== undefined && wanted.has(own) && shared.length > 0 && shared[0] !== own) {
      l += 1;
      continue;
    }
    if (own !== undefined && !wanted.has(own)) {
      merged.push(live[l] ?? null);
      l += 1;
      continue;
    }
    if (own !== undefined && done.has(own)) l += 1;
    if (next !== undefined) {
      take(next);
      r += 1;
    }
  }
  return merged;
}

/** The object without the members of `gone`, except where something of `kept` lies below them. */
export function pruneFields(shape: Shape, value: Json, gone: FieldTree, kept: FieldTree): Json | undefined {
  if (gone.member && isEmpty(kept)) return undefined;
  if (gone.steps.size === 0) return value;
  const below = (step: string): readonly [FieldTree, FieldTree] => [gone.steps.get(step) ?? emptyTree, kept.steps.get(step) ?? emptyTree];
  if (isMap(value)) {
    const result: JsonMap = {};
    for (const [key, item] of Object.entries(value)) {
      const left = item === undefined ? undefined : pruneFields(childShape(shape, key), item, ...below(`f:${key}`));
      if (left !== undefined) result[key] = left;
    }
    return result;
  }
  if (Array.isArray(value) && shape.type === 'list') {
    return value.flatMap((item) => {
      const left = pruneFields(shape.item(), item, ...below(stepOf(shape, item)));
      return left === undefined ? [] : [left];
    });
  }
  return value;
}
