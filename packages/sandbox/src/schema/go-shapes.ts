import type { GoField } from '../data.ts';
import { typeTable } from '../data.ts';
import type { Field, Scalar, Shape, StructShape } from './shape.ts';
import { anyShape } from './shape.ts';

const scalars = new Map<string, Scalar>([
  ['string', 'string'],
  ['pkg/types.UID', 'string'],
  ['bool', 'bool'],
  ['int', 'int64'],
  ['int32', 'int32'],
  ['uint16', 'int32'],
  ['uint32', 'int64'],
  ['int64', 'int64'],
  ['float64', 'float64'],
  ['bytes', 'bytes'],
  ['api/resource.Quantity', 'quantity'],
  ['util/intstr.IntOrString', 'int-or-string'],
  ['meta/v1.Time', 'time'],
  ['meta/v1.MicroTime', 'micro-time'],
  ['meta/v1.Duration', 'duration'],
]);

/** Types that are written in a way of their own. */
const free = new Set([
  'interface{}',
  'pkg/runtime.RawExtension',
  'pkg/runtime.Object',
  'meta/v1.FieldsV1',
  'apiextensions/v1.JSON',
  'apiextensions/v1.JSONSchemaPropsOrArray',
  'apiextensions/v1.JSONSchemaPropsOrBool',
  'apiextensions/v1.JSONSchemaPropsOrStringArray',
]);

const structs = new Map<string, StructShape>();

/** `v1.RestartPolicy` for `core/v1.RestartPolicy`. */
const shortGo = (type: string): string => type.replace(/^.*\//, '');

/** The shape of a Go type of the table, `core/v1.Pod`; undefined for one that is not there. */
export function goShape(type: string, flags: GoField[3] = {}): Shape | undefined {
  if (free.has(type)) return anyShape;
  const scalar = scalars.get(type);
  if (scalar) return { type: 'scalar', scalar, go: shortGo(type) };
  if (type.startsWith('*')) return goShape(type.slice(1), flags);
  if (type.startsWith('[]')) {
    return {
      type: 'list',
      item: () => goShape(type.slice(2)) ?? anyShape,
      list: flags.list ?? 'atomic',
      keys: flags.keys?.split(',') ?? [],
    };
  }
  if (type.startsWith('map:')) {
    return { type: 'map', item: () => goShape(type.slice(4)) ?? anyShape, atomic: flags.map === 'atomic' };
  }
  const table = typeTable();
  const named = table.named[type];
  if (named) {
    const shape = goShape(named, flags);
    return shape?.type === 'scalar' ? { ...shape, go: shortGo(type) } : shape;
  }
  return goStruct(type, flags);
}

function goStruct(type: string, flags: GoField[3]): StructShape | undefined {
  const known = structs.get(type);
  const entry = typeTable().structs[type];
  if (!entry) return undefined;
  let fields: ReadonlyMap<string, Field> | undefined;
  const shape: StructShape = known ?? {
    type: 'struct',
    name: type.replace(/^.*\./, ''),
    fields: () => (fields ??= new Map(goFields(type).map((field) => [field.name, field]))),
    atomic: entry.atomic === true,
  };
  structs.set(type, shape);
  return flags.map === 'atomic' && !shape.atomic ? { ...shape, atomic: true } : shape;
}

function goFields(type: string): Field[] {
  const fields: Field[] = [];
  for (const [name, fieldType, , flags] of typeTable().structs[type]?.fields ?? []) {
    if (flags.inline) {
      fields.push(...goFields(fieldType.replace('*', '')));
      continue;
    }
    fields.push({
      name,
      shape: goShape(fieldType, flags) ?? anyShape,
      pointer: fieldType.startsWith('*'),
      omit: flags.omit,
      strategies: flags.patch?.split(',') ?? [],
      mergeKey: flags.key,
    });
  }
  return fields;
}

/** The Go type of a kind: `apps/v1.Deployment`. */
export function goTypeOf(group: string, version: string, kind: string): string {
  return `${group === '' ? 'core' : group.split('.')[0]}/${version}.${kind}`;
}
