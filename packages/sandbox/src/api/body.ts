import type { JsonMap } from '../json.ts';
import { asText, isMap } from '../json.ts';
import { customShape } from '../schema/custom-shape.ts';
import { DecodeError, decode } from '../schema/decode.ts';
import { goShape, goTypeOf } from '../schema/go-shapes.ts';
import type { StructShape } from '../schema/shape.ts';
import { ApiError, badRequest } from './errors.ts';
import type { KubeObject } from './object.ts';
import { isObject } from './object.ts';
import type { ResourceInfo } from './registry.ts';
import { apiVersionOf } from './registry.ts';
import type { WriteOptions } from './types.ts';

/** The shape of a resource's objects. */
export function shapeOf(info: ResourceInfo): StructShape {
  if (info.custom) return customShape(info.custom, info.kind);
  const shape = goShape(goTypeOf(info.group, info.version, info.kind));
  if (shape?.type !== 'struct')
    throw new ApiError(501, 'NotImplemented', `the sandbox does not know the fields of ${info.kind} in ${apiVersionOf(info)}`, {});
  return shape;
}

/** A struct of the API by its Go name, for bodies that are no stored object. */
export function structOf(type: string): StructShape {
  const shape = goShape(type);
  if (shape?.type !== 'struct') throw new ApiError(501, 'NotImplemented', `the sandbox does not know ${type}`, {});
  return shape;
}

/** The object in the canonical form of its shape; unknown fields are treated as the options say. Throws 400. */
export function readObject(info: ResourceInfo, body: JsonMap, options: WriteOptions, duplicates: readonly string[] = []): KubeObject {
  const apiVersion = apiVersionOf(info);
  const given = asText(body.apiVersion) || apiVersion;
  const kind = asText(body.kind) || info.kind;
  const from = given.split('/').at(-1) ?? '';
  if (kind !== info.kind) {
    throw badRequest(
      `${kind} in version ${JSON.stringify(from)} cannot be handled as a ${info.kind}: converting (${from}.${kind}) to (${info.group.split('.')[0] || 'core'}.${info.kind}): unknown conversion`,
    );
  }
  if (given !== apiVersion) {
    throw badRequest(`the API version in the data (${given}) does not match the expected API version (${apiVersion})`);
  }
  const refused = (message: string): ApiError =>
    badRequest(`${info.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: ${message}`);
  try {
    const { value, unknown } = decode(shapeOf(info), { ...body, apiVersion, kind, metadata: isMap(body.metadata) ? body.metadata : {} });
    complain(
      [...duplicates.map((path) => `duplicate field "${path}"`), ...unknown.map((path) => `unknown field "${path}"`)],
      options,
      (problems) => refused(`strict decoding error: ${problems.join(', ')}`),
    );
    if (!isMap(value.metadata)) value.metadata = {};
    if (!isObject(value)) throw refused('no object');
    return value;
  } catch (error) {
    if (error instanceof DecodeError) throw refused(error.message);
    throw error;
  }
}

/** Throws, warns or says nothing about fields, as the options say. */
export function complain(problems: readonly string[], options: WriteOptions, error: (problems: readonly string[]) => Error): void {
  if (problems.length === 0 || options.fieldValidation === undefined || options.fieldValidation === 'Ignore') return;
  if (options.fieldValidation === 'Strict') throw error(problems);
  for (const problem of problems) options.warn?.(problem);
}

/** The object in canonical form again, after it was edited. */
export function normalize(info: ResourceInfo, object: KubeObject): KubeObject {
  const { value } = decode(shapeOf(info), object);
  if (!isMap(value.metadata)) value.metadata = {};
  if (!isObject(value)) throw badRequest(`no object of kind ${info.kind}`);
  return value;
}
