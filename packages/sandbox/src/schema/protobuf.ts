import type { GoField } from '../data.ts';
import { typeTable } from '../data.ts';
import type { Json, JsonMap } from '../json.ts';
import { isMap } from '../json.ts';
import { goTypeOf } from './go-shapes.ts';

/** The first bytes of an object in Kubernetes' protobuf encoding. */
const magic = [0x6b, 0x38, 0x73, 0];

interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** The fields of a message in the order of the wire. Throws in the words of the server. */
function wireFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++];
      if (byte === undefined) throw new Error('unexpected EOF');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (position + length > bytes.length) throw new Error('unexpected EOF');
    const part = bytes.subarray(position, position + length);
    position += length;
    return part;
  };
  while (position < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (wire === 0) fields.push({ number, value: varint() });
    else if (wire === 1) fields.push({ number, value: take(8) });
    else if (wire === 2) fields.push({ number, value: take(Number(varint())) });
    else if (wire === 5) fields.push({ number, value: take(4) });
    else throw new Error(`proto: illegal wireType ${wire}`);
  }
  return fields;
}

const utf8 = new TextDecoder();
const text = (value: WireField['value'] | undefined): string => (value instanceof Uint8Array ? utf8.decode(value) : '');
const pick = (fields: readonly WireField[], number: number): WireField['value'] | undefined =>
  fields.findLast((field) => field.number === number)?.value;
const bytesOf = (value: WireField['value'] | undefined): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
const whole = (value: WireField['value'] | undefined): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0);

/** The object in a protobuf body: magic number, `runtime.Unknown`, message. Throws in the words of the server. */
export function decodeEnvelope(bytes: Uint8Array): JsonMap {
  const start = magic.every((byte, index) => bytes[index] === byte) ? magic.length : 0;
  const unknown = wireFields(bytes.subarray(start));
  const meta = wireFields(bytesOf(pick(unknown, 1)));
  const apiVersion = text(pick(meta, 1));
  const kind = text(pick(meta, 2));
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const type = optionsTypes.get(kind) ?? goTypeOf(group ?? '', version ?? '', kind);
  return { apiVersion, kind, ...decodeMessage(type, bytesOf(pick(unknown, 2))) };
}

const optionsTypes = new Map(['DeleteOptions', 'CreateOptions', 'UpdateOptions', 'PatchOptions'].map((kind) => [kind, `meta/v1.${kind}`]));

/** A message of a Go type as JSON; zero values are left in where the wire carries them. */
function decodeMessage(type: string, bytes: Uint8Array): JsonMap {
  const struct = typeTable().structs[type];
  if (!struct) throw new Error(`no kind ${JSON.stringify(type)} is registered`);
  const byNumber = new Map(struct.fields.filter(([, , number]) => number > 0).map((field) => [field[2], field]));
  const result: JsonMap = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = byNumber.get(number);
    if (field) assign(result, field, value);
  }
  return result;
}

function assign(result: JsonMap, [name, type, , flags]: GoField, value: WireField['value']): void {
  const plain = type.startsWith('*') ? type.slice(1) : type;
  if (flags.inline) {
    Object.assign(result, decodeMessage(plain, bytesOf(value)));
    return;
  }
  if (plain.startsWith('[]')) {
    const list = result[name];
    const item = decodeValue(plain.slice(2), value);
    if (Array.isArray(list)) list.push(item);
    else result[name] = [item];
    return;
  }
  const map = mapType(plain);
  if (map) {
    const entry = wireFields(bytesOf(value));
    const target = result[name];
    const decoded = decodeValue(map, pick(entry, 2) ?? new Uint8Array());
    if (isMap(target)) target[text(pick(entry, 1))] = decoded;
    else result[name] = { [text(pick(entry, 1))]: decoded };
    return;
  }
  result[name] = decodeValue(plain, value);
}

function mapType(type: string): string | undefined {
  if (type.startsWith('map:')) return type.slice(4);
  const named = typeTable().named[type];
  return named?.startsWith('map:') ? named.slice(4) : undefined;
}

function decodeValue(type: string, value: WireField['value']): Json {
  const plain = type.startsWith('*') ? type.slice(1) : type;
  const message = (): WireField[] => wireFields(bytesOf(value));
  switch (plain) {
    case 'string':
    case 'pkg/types.UID':
      return text(value);
    case 'bool':
      return value === 1n;
    case 'int':
    case 'int32':
    case 'int64':
    case 'uint16':
    case 'uint32':
      return whole(value);
    case 'float64':
      return value instanceof Uint8Array ? new DataView(value.buffer, value.byteOffset).getFloat64(0, true) : 0;
    case 'bytes':
      return Buffer.from(bytesOf(value)).toString('base64');
    case 'api/resource.Quantity':
      return text(pick(message(), 1)) || '0';
    case 'util/intstr.IntOrString':
      return whole(pick(message(), 1)) === 1 ? text(pick(message(), 3)) : whole(pick(message(), 2));
    case 'meta/v1.Time':
    case 'meta/v1.MicroTime':
      return time(whole(pick(message(), 1)), whole(pick(message(), 2)), plain === 'meta/v1.MicroTime');
    case 'meta/v1.Duration':
      return `${whole(pick(message(), 1)) / 1e9}s`;
    case 'meta/v1.FieldsV1':
    case 'apiextensions/v1.JSON':
    case 'pkg/runtime.RawExtension': {
      const raw = text(pick(message(), 1));
      return raw === '' ? null : JSON.parse(raw);
    }
    default: {
      const named = typeTable().named[plain];
      if (named?.startsWith('[]'))
        return message()
          .filter(({ number }) => number === 1)
          .map((item) => decodeValue(named.slice(2), item.value));
      return named ? decodeValue(named, value) : decodeMessage(plain, bytesOf(value));
    }
  }
}

function time(seconds: number, nanos: number, micro: boolean): Json {
  if (seconds === 0 && nanos === 0) return null;
  const whole_ = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${whole_}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${whole_}Z`;
}
