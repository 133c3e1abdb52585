import type { Json } from '../json.ts';
import { ApiError } from './errors.ts';
import type { ResourceInfo } from './registry.ts';

/** What is wrong with one field, in the words and reasons of the API. */
export interface FieldError {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** A value as field errors show it: JSON, but Go's words for numbers and nothing. */
function shown(value: Json | undefined): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** A value that is not allowed, with the reason. */
export function invalid(field: string, value: Json | undefined, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${shown(value)}${detail === '' ? '' : `: ${detail}`}` };
}

/** A value that must be there. */
export function required(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', field, message: `Required value${detail === '' ? '' : `: ${detail}`}` };
}

/** A value that is none of the known ones. */
export function unsupported(field: string, value: Json | undefined, supported: readonly string[]): FieldError {
  const list = supported.map((text) => JSON.stringify(text)).join(', ');
  return { reason: 'FieldValueNotSupported', field, message: `Unsupported value: ${shown(value)}: supported values: ${list}` };
}

/** A field that may not be set or changed. */
export function forbiddenField(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}

/** A value that stands there twice. */
export function duplicate(field: string, value: Json | undefined): FieldError {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${shown(value)}` };
}

/** A value that refers to nothing. */
export function missing(field: string, value: Json | undefined): FieldError {
  return { reason: 'FieldValueNotFound', field, message: `Not found: ${shown(value)}` };
}

/** A value that is too long. */
export function tooLong(field: string, limit: number): FieldError {
  return { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${limit} bytes` };
}

/** 422 with these errors. */
export function invalidObject(of: Pick<ResourceInfo, 'group' | 'kind'>, name: string, errors: readonly FieldError[]): ApiError {
  const unique = [...new Map(errors.map((error) => [`${error.field}: ${error.message}`, error])).entries()];
  const texts = unique.map(([text]) => text);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const kind = of.group === '' ? of.kind : `${of.kind}.${of.group}`;
  return new ApiError(422, 'Invalid', `${kind} ${JSON.stringify(name)} is invalid: ${text}`, {
    name,
    group: of.group,
    kind: of.kind,
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}
