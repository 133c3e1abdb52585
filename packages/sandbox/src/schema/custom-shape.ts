import type { JsonMap } from '../json.ts';
import { asList, asMap, asText, isMap } from '../json.ts';
import { goShape } from './go-shapes.ts';
import type { Field, Shape, StructShape } from './shape.ts';
import { anyShape } from './shape.ts';

const scalarShape = (scalar: 'string' | 'bool' | 'int64' | 'float64' | 'int-or-string'): Shape => ({ type: 'scalar', scalar, go: scalar });

/** The shape of a part of a custom resource after its OpenAPI v3 schema. */
export function schemaShape(schema: JsonMap, name: string): Shape {
  if (schema['x-kubernetes-int-or-string'] === true) return anyShape;
  const atomicMap = schema['x-kubernetes-map-type'] === 'atomic';
  if (schema['x-kubernetes-embedded-resource'] === true) return anyShape;
  if (isMap(schema.properties)) {
    const properties = schema.properties;
    let fields: ReadonlyMap<string, Field> | undefined;
    return {
      type: 'struct',
      name,
      fields: () => (fields ??= new Map(Object.keys(properties).map((key) => [key, schemaField(key, asMap(properties[key]))]))),
      atomic: atomicMap,
      open: schema['x-kubernetes-preserve-unknown-fields'] === true,
      lenient: true,
    };
  }
  if (isMap(schema.additionalProperties)) {
    const item = schema.additionalProperties;
    return { type: 'map', item: () => schemaShape(item, name), atomic: atomicMap, lenient: true };
  }
  if (schema.type === 'array') {
    const list = schema['x-kubernetes-list-type'];
    return {
      type: 'list',
      item: () => schemaShape(asMap(schema.items), name),
      list: list === 'map' || list === 'set' ? list : 'atomic',
      keys: asList(schema['x-kubernetes-list-map-keys']).map(asText),
      lenient: true,
    };
  }
  if (schema.type === 'object' && schema['x-kubernetes-preserve-unknown-fields'] !== true && schema.additionalProperties !== true) {
    return { type: 'struct', name, fields: () => new Map(), atomic: atomicMap, lenient: true };
  }
  // Types are checked by the schema's own validation, whose texts differ from the decoder's.
  return anyShape;
}

function schemaField(name: string, schema: JsonMap): Field {
  return {
    name,
    shape: schemaShape(schema, name),
    pointer: true,
    omit: 'empty',
    strategies: [],
    mergeKey: undefined,
    default: schema.default,
  };
}

/** The shape of a custom resource's objects: its schema, with apiVersion, kind and metadata of the server. */
export function customShape(schema: JsonMap, kind: string): StructShape {
  const shape = schemaShape({ ...schema, properties: asMap(schema.properties) }, kind);
  const metadata = goShape('meta/v1.ObjectMeta') ?? anyShape;
  const plain = (field: string, of: Shape): readonly [string, Field] => [
    field,
    { name: field, shape: of, pointer: true, omit: 'empty', strategies: [], mergeKey: undefined },
  ];
  const own = shape.type === 'struct' ? shape.fields() : new Map<string, Field>();
  const fields = new Map([
    plain('apiVersion', scalarShape('string')),
    plain('kind', scalarShape('string')),
    plain('metadata', metadata),
    ...[...own].filter(([name]) => name !== 'apiVersion' && name !== 'kind' && name !== 'metadata'),
  ]);
  return { type: 'struct', name: kind, fields: () => fields, atomic: false, open: schema['x-kubernetes-preserve-unknown-fields'] === true };
}
