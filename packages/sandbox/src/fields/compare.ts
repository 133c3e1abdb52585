import type { Json, JsonMap } from '../json.ts';
import { equal, isMap } from '../json.ts';
import type { ListShape, Shape } from '../schema/shape.ts';
import { anyShape } from '../schema/shape.ts';
import type { FieldTree } from './tree.ts';
import { emptyTree, keyStep, leafTree, node, valueStep } from './tree.ts';

/** Which fields differ between two values. */
export interface Comparison {
  readonly added: FieldTree;
  readonly modified: FieldTree;
  readonly removed: FieldTree;
}

const nothing: Comparison = { added: emptyTree, modified: emptyTree, removed: emptyTree };

const combine = (member: Partial<Record<keyof Comparison, boolean>>, steps: ReadonlyMap<string, Comparison>): Comparison => {
  const part = (name: keyof Comparison): FieldTree =>
    node(
      member[name] === true,
      [...steps].map(([step, found]) => [step, found[name]] as const),
    );
  return { added: part('added'), modified: part('modified'), removed: part('removed') };
};

/** The children of a granular value by step; undefined for what is a leaf. */
export function childrenOf(shape: Shape, value: Json | undefined): Map<string, readonly [Json | undefined, Shape]> | undefined {
  switch (shape.type) {
    case 'scalar':
      return undefined;
    case 'any':
      return isMap(value) ? mapChildren(value, () => anyShape) : undefined;
    case 'struct': {
      if (shape.atomic || (value !== undefined && !isMap(value))) return undefined;
      const fields = shape.fields();
      return mapChildren(value ?? {}, (key) => fields.get(key)?.shape ?? anyShape);
    }
    case 'map':
      if (shape.atomic || (value !== undefined && !isMap(value))) return undefined;
      return mapChildren(value ?? {}, shape.item);
    case 'list':
      return listChildren(shape, value);
  }
}

const indivisible: Shape = { type: 'scalar', scalar: 'string', go: 'string' };

function mapChildren(value: JsonMap, shapeOf: (key: string) => Shape): Map<string, readonly [Json | undefined, Shape]> {
  return new Map(Object.keys(value).map((key) => [`f:${key}`, [value[key], shapeOf(key)] as const]));
}

function listChildren(shape: ListShape, value: Json | undefined): Map<string, readonly [Json | undefined, Shape]> | undefined {
  if (shape.list === 'atomic' || (value !== undefined && value !== null && !Array.isArray(value))) return undefined;
  const item = shape.item();
  const children = new Map<string, readonly [Json | undefined, Shape]>();
  for (const entry of value ?? []) {
    const step = shape.list === 'map' && isMap(entry) ? keyStep(entry, shape.keys) : valueStep(entry);
    const twin = children.get(step);
    // Items that can't be told apart are owned as one.
    children.set(step, twin ? [[twin[0] ?? null, entry], indivisible] : [entry, item]);
  }
  return children;
}

/** What has to happen to `before` so that it becomes `after`. */
export function compare(shape: Shape, before: Json | undefined, after: Json | undefined): Comparison {
  const divisible = childrenOf(shape, undefined) !== undefined;
  if (before === after || (after === null && before === undefined && divisible)) return nothing;
  const from = before === null && divisible ? undefined : before;
  const to = after === null && divisible ? undefined : after;
  const left = childrenOf(shape, from);
  const right = childrenOf(shape, to);
  if (!left || !right) {
    if (from === undefined) return to === undefined ? nothing : combine({ added: true }, new Map());
    if (to === undefined) return combine({ removed: true }, new Map());
    if (equal(from, to)) return nothing;
    return combine({ modified: true }, new Map());
  }
  const steps = new Map<string, Comparison>();
  for (const [step, [value, childShape]] of right) steps.set(step, compare(childShape, left.get(step)?.[0], value));
  for (const [step, [value, childShape]] of left) if (!right.has(step)) steps.set(step, compare(childShape, value, undefined));
  return combine({ added: before === undefined && after !== undefined, removed: after === undefined && before !== undefined }, steps);
}

/** Every field that a configuration sets. */
export function fieldsOf(shape: Shape, value: Json | undefined): FieldTree {
  const children = childrenOf(shape, value ?? undefined);
  if (!children || children.size === 0) return leafTree;
  const items = shape.type === 'list';
  return node(
    false,
    [...children].map(([step, [child, childShape]]) => {
      const tree = fieldsOf(childShape, child);
      return [step, items ? { ...tree, member: true } : tree] as const;
    }),
  );
}
