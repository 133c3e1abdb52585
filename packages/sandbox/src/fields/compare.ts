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

function mapChildren(value: JsonMap, shapeOf: (key: string) => Shape): Map<string, readonly [Json | undefined, Shape]> {
  return new Map(Object.keys(value).map((key) => [`f:${key}`, [value[key], shapeOf(key)] as const]));
}

function listChildren(shape: ListShape, value: Json | undefined): Map<string, readonly [Json | undefined, Shape]> | undefined {
  if (shape.list === 'atomic' || (value !== undefined && value !== null && !Array.isArray(value))) return undefined;
  const item = shape.item();
  return new Map(
    (value ?? []).map((entry) =>
      shape.list === 'map' && isMap(entry)
        ? ([keyStep(entry, shape.keys), [entry, item]] as const)
        : ([valueStep(entry), [entry, item]] as const),
    ),
  );
}

/** What has to happen to `before` so that it becomes `after`. */
export function compare(shape: Shape, before: Json | undefined, after: Json | undefined): Comparison {
  if (before === after || (after === null && before === undefined && shape.type !== 'scalar')) return nothing;
  const from = before === null && shape.type !== 'scalar' ? undefined : before;
  const to = after === null && shape.type !== 'scalar' ? undefined : after;
  const left = childrenOf(shape, from);
  const right = childrenOf(shape, to);
  if (!left || !right) {
    if (equal(from, to)) return nothing;
    if (from === undefined) return combine({ added: true }, new Map());
    if (to === undefined) return combine({ removed: true }, new Map());
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
