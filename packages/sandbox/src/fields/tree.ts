import type { Json, JsonMap } from '../json.ts';
import { asMap, canonical, isMap } from '../json.ts';

/**
 * A set of field paths as managedFields know it (FieldsV1): a step is `f:name`, `k:{"key":"value"}` or `v:value`;
 * a node is a member of the set, has steps below it, or both. Trees are not edited after they were made.
 */
export interface FieldTree {
  readonly member: boolean;
  readonly steps: ReadonlyMap<string, FieldTree>;
}

/** The set with nothing in it. */
export const emptyTree: FieldTree = { member: false, steps: new Map() };

/** The set that holds its own root only. */
export const leafTree: FieldTree = { member: true, steps: new Map() };

/** A node with these steps; empty steps are left out. */
export function node(member: boolean, steps: Iterable<readonly [string, FieldTree]>): FieldTree {
  return { member, steps: new Map([...steps].filter(([, tree]) => !isEmpty(tree))) };
}

/** Whether there is nothing in the set. */
export function isEmpty(tree: FieldTree): boolean {
  return !tree.member && tree.steps.size === 0;
}

/** What stands in one of the two. */
export function union(a: FieldTree, b: FieldTree): FieldTree {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const steps = new Map(a.steps);
  for (const [step, tree] of b.steps) steps.set(step, union(steps.get(step) ?? emptyTree, tree));
  return { member: a.member || b.member, steps };
}

/** What stands in the first and not in the second. */
export function difference(a: FieldTree, b: FieldTree): FieldTree {
  return node(
    a.member && !b.member,
    [...a.steps].map(([step, tree]) => [step, difference(tree, b.steps.get(step) ?? emptyTree)] as const),
  );
}

/** What stands in both. */
export function intersection(a: FieldTree, b: FieldTree): FieldTree {
  return node(
    a.member && b.member,
    [...a.steps].map(([step, tree]) => [step, intersection(tree, b.steps.get(step) ?? emptyTree)] as const),
  );
}

/** The first set without the members of the second and all that is below them. */
export function without(a: FieldTree, b: FieldTree): FieldTree {
  if (b.member) return emptyTree;
  return node(
    a.member,
    [...a.steps].map(([step, tree]) => [step, without(tree, b.steps.get(step) ?? emptyTree)] as const),
  );
}

/** Whether two sets are the same. */
export function sameTree(a: FieldTree, b: FieldTree): boolean {
  if (a.member !== b.member || a.steps.size !== b.steps.size) return false;
  return [...a.steps].every(([step, tree]) => {
    const other = b.steps.get(step);
    return other !== undefined && sameTree(tree, other);
  });
}

/** Numbers come in the order of their size, all else in that of its text. */
function byValue(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [canonical(a ?? null), canonical(b ?? null)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Steps in the order in which the server writes them: fields, then keys, then values. */
function inOrder(a: string, b: string): number {
  if (a[0] !== b[0] || a.startsWith('f:')) return a < b ? -1 : 1;
  const [left, right]: Json[] = [JSON.parse(a.slice(2)), JSON.parse(b.slice(2))];
  if (!isMap(left) || !isMap(right)) return byValue(left, right);
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  for (const name of names) {
    const order = byValue(left[name], right[name]);
    if (order !== 0) return order;
  }
  return 0;
}

/** The set as FieldsV1. */
export function toFieldsV1(tree: FieldTree): JsonMap {
  const result: JsonMap = {};
  if (tree.member && tree.steps.size > 0) result['.'] = {};
  for (const step of [...tree.steps.keys()].sort(inOrder)) result[step] = toFieldsV1(tree.steps.get(step) ?? emptyTree);
  return result;
}

/** The set that FieldsV1 describes. */
export function fromFieldsV1(fields: Json | undefined): FieldTree {
  const map = asMap(fields);
  const keys = Object.keys(map);
  const steps = keys.filter((key) => key !== '.');
  return { member: keys.length === 0 || '.' in map, steps: new Map(steps.map((key) => [key, fromFieldsV1(map[key])])) };
}

/** The root of a set out of managedFields: its root itself is no member. */
export function fromManaged(fields: Json | undefined): FieldTree {
  return { ...fromFieldsV1(fields), member: false };
}

/** The paths of all members as errors write them: `.spec.containers[name="a"].image`. */
export function pathsOf(tree: FieldTree, prefix = ''): string[] {
  const own = tree.member ? [prefix] : [];
  return [...own, ...[...tree.steps.keys()].sort().flatMap((step) => pathsOf(tree.steps.get(step) ?? emptyTree, prefix + stepText(step)))];
}

function stepText(step: string): string {
  const rest = step.slice(2);
  if (step.startsWith('f:')) return `.${rest}`;
  if (step.startsWith('v:')) return `[=${rest}]`;
  const key: unknown = JSON.parse(rest);
  if (!isMap(key)) return `[${rest}]`;
  return `[${Object.keys(key)
    .map((name) => `${name}=${JSON.stringify(key[name])}`)
    .join(',')}]`;
}

/** The key fields of the built-in types that have a default. */
const keyDefaults = new Map([
  ['protocol', 'TCP'],
  ['name', ''],
]);

/** The step to an item of a keyed list. */
export function keyStep(item: JsonMap, keys: readonly string[]): string {
  const key: JsonMap = {};
  for (const name of keys) {
    const value = item[name] ?? keyDefaults.get(name);
    if (value !== undefined) key[name] = value;
  }
  return `k:${canonical(key)}`;
}

/** The step to a value of a set. */
export function valueStep(value: Json): string {
  return `v:${canonical(value)}`;
}
