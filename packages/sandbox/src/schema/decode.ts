import type { Json, JsonMap } from '../json.ts';
import { isMap, written } from '../json.ts';
import { canonicalQuantity, quantityPattern } from './quantity.ts';
import type { Field, ScalarShape, Shape, StructShape } from './shape.ts';

/** What a value of the wrong type is refused with, in the words of Go's decoder. */
export class DecodeError extends Error {}

/** A decoded value and the paths of the fields that its shape does not have. */
export interface Decoded {
  readonly value: JsonMap;
  readonly unknown: readonly string[];
}

interface Place {
  /** The struct that holds the field. */
  readonly struct: string;
  readonly path: string;
}

/**
 * A value as the server would have read it into its structs and written it again: fields in their order, unknown ones gone,
 * quantities and times in their canonical form, zero values as the struct's tags say. Throws `DecodeError` for a wrong type.
 */
export function decode(shape: StructShape, value: JsonMap): Decoded {
  const unknown: string[] = [];
  return { value: decodeStruct(shape, value, '', unknown), unknown };
}

function decodeStruct(shape: StructShape, value: JsonMap, path: string, unknown: string[]): JsonMap {
  const fields = shape.fields();
  const result: JsonMap = {};
  const prefix = path === '' ? '' : `${path}.`;
  for (const field of fields.values()) {
    const given = value[field.name];
    const decoded =
      given === undefined || given === null
        ? undefined
        : decodeValue(field.shape, given, { struct: shape.name, path: prefix + field.name }, unknown);
    const written = writeField(field, decoded);
    if (written !== undefined) result[field.name] = written;
  }
  for (const key of Object.keys(value)) {
    if (fields.has(key)) continue;
    if (shape.open) result[key] = value[key];
    else unknown.push(prefix + key);
  }
  return result;
}

function writeField(field: Field, value: Json | undefined): Json | undefined {
  if (value === undefined) {
    if (field.omit === 'zero') return undefined;
    if (field.omit === 'empty') return !field.pointer && isStruct(field.shape) ? zeroOf(field.shape) : undefined;
    return field.pointer ? null : zeroOf(field.shape);
  }
  if (field.pointer) return value;
  if (field.omit === undefined) return Array.isArray(value) && value.length === 0 ? null : value;
  if (field.omit === 'empty' && isStruct(field.shape)) return value;
  if (value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)) return undefined;
  const empty = isMap(value) && Object.keys(value).length === 0;
  return empty && (field.shape.type === 'map' || field.omit === 'zero') ? undefined : value;
}

/** Structs are never empty for Go's encoder, also those that are written as one value. */
function isStruct(shape: Shape): boolean {
  return (
    shape.type === 'struct' ||
    (shape.type === 'scalar' && ['time', 'micro-time', 'quantity', 'int-or-string', 'duration'].includes(shape.scalar))
  );
}

/** The zero value as Go's encoder writes it. */
function zeroOf(shape: Shape): Json {
  switch (shape.type) {
    case 'struct':
      return decodeStruct(shape, {}, '', []);
    case 'scalar':
      return zeroScalar(shape);
    case 'map':
    case 'list':
    case 'any':
      return null;
  }
}

function zeroScalar({ scalar }: ScalarShape): Json {
  switch (scalar) {
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float64':
    case 'int-or-string':
      return 0;
    case 'string':
      return '';
    case 'quantity':
    case 'duration':
      return scalar === 'quantity' ? '0' : '0s';
    case 'time':
    case 'micro-time':
    case 'bytes':
      return null;
  }
}

function decodeValue(shape: Shape, value: Json, place: Place, unknown: string[]): Json {
  switch (shape.type) {
    case 'any':
      return value;
    case 'scalar':
      return decodeScalar(shape, value, place);
    case 'struct':
      if (!isMap(value)) return kept(shape, value) ?? refuse(value, place, `v1.${shape.name}`);
      return decodeStruct(shape, value, place.path, unknown);
    case 'map': {
      if (!isMap(value)) return kept(shape, value) ?? refuse(value, place, 'map[string]string');
      const item = shape.item();
      const result: JsonMap = {};
      for (const key of Object.keys(value).sort()) {
        const given = value[key] ?? null;
        result[key] = given === null ? zeroOf(item) : decodeValue(item, given, place, unknown);
      }
      return result;
    }
    case 'list': {
      const item = shape.item();
      if (!Array.isArray(value)) return kept(shape, value) ?? refuse(value, place, `[]${goName(item)}`);
      return value.map((entry, index) =>
        entry === null ? zeroOf(item) : decodeValue(item, entry, { ...place, path: `${place.path}[${index}]` }, unknown),
      );
    }
  }
}

function kept({ lenient }: { readonly lenient?: true }, value: Json): Json | undefined {
  return lenient ? value : undefined;
}

function refuse(value: Json, place: Place, go: string): never {
  throw mismatch(value, place, go);
}

function goName(shape: Shape): string {
  if (shape.type === 'scalar') return shape.go;
  return shape.type === 'struct' ? `v1.${shape.name}` : 'interface {}';
}

function mismatch(value: Json, { struct, path }: Place, go: string): DecodeError {
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
  const shown = kind === 'number' && go !== 'string' && !Number.isInteger(value) ? `number ${written(value)}` : kind;
  return new DecodeError(`json: cannot unmarshal ${shown} into Go struct field ${struct}.${path.replaceAll(/\[\d+\]/g, '')} of type ${go}`);
}

function decodeScalar(shape: ScalarShape, value: Json, place: Place): Json {
  switch (shape.scalar) {
    case 'string':
    case 'duration':
      if (typeof value !== 'string') throw mismatch(value, place, shape.go);
      return value;
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch(value, place, shape.go);
      return value;
    case 'int32':
    case 'int64':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch(value, place, shape.go);
      if (shape.scalar === 'int32' && Math.abs(value) > 2 ** 31) throw mismatch(value, place, shape.go);
      return value;
    case 'float64':
      if (typeof value !== 'number') throw mismatch(value, place, shape.go);
      return value;
    case 'quantity':
      return decodeQuantity(value);
    case 'int-or-string':
      if (typeof value === 'string') return value;
      if (typeof value !== 'number') throw new DecodeError(`json: cannot unmarshal ${typeof value} into Go value of type int32`);
      return value;
    case 'bytes':
      return decodeBytes(value, place);
    case 'time':
    case 'micro-time':
      return decodeTime(value, shape);
  }
}

function decodeQuantity(value: Json): string {
  const canonical = typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : undefined;
  if (canonical === undefined) throw new DecodeError(quantityPattern);
  return canonical;
}

function decodeBytes(value: Json, place: Place): string {
  if (typeof value !== 'string') throw mismatch(value, place, '[]uint8');
  const clean = value.replaceAll(/[\r\n]/g, '');
  const bad = clean.search(/[^A-Za-z0-9+/=]/);
  if (bad >= 0 || clean.length % 4 !== 0)
    throw new DecodeError(`illegal base64 data at input byte ${bad >= 0 ? bad : clean.length - (clean.length % 4)}`);
  return clean;
}

function decodeTime(value: Json, { scalar }: ScalarShape): string {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (typeof value !== 'string' || Number.isNaN(time)) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  if (scalar === 'time') return `${new Date(time).toISOString().slice(0, 19)}Z`;
  const fraction = value.match(/\.(\d{1,9})/)?.[1] ?? '';
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}
