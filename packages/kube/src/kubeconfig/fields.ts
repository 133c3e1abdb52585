import { KubeError } from '../errors.ts';
import { hasUnprintable, quote } from '../text.ts';

/** A YAML mapping at a known place of a known file. */
export interface Fields {
  readonly source: string;
  /** Such as `users[2].user.exec`; empty at the top. */
  readonly path: string;
  readonly entries: ReadonlyMap<unknown, unknown>;
}

/** The error for a kubeconfig that does not mean anything. */
export function invalid(source: string, problem: string, cause?: unknown): KubeError {
  return new KubeError('kubeconfig-invalid', `The kubeconfig ${quote(source, 300)} is not valid: ${problem}`, {
    cause,
    details: { path: source },
  });
}

/** Takes a value as a mapping; null is an empty one. */
export function toFields(value: unknown, source: string, path: string): Fields {
  if (value === null || value === undefined) return { source, path, entries: new Map() };
  if (!(value instanceof Map)) throw invalid(source, `${path === '' ? 'the file' : path} must be a mapping, not ${nameOf(value)}.`);
  return { source, path, entries: value };
}

/** A field that is a mapping; undefined where it is absent or null. */
export function optionalFields(fields: Fields, name: string): Fields | undefined {
  const value = fields.entries.get(name);
  return value === undefined || value === null ? undefined : toFields(value, fields.source, placeOf(fields, name));
}

/** A field that is a string; undefined where it is absent, null or empty. */
export function optionalString(fields: Fields, name: string): string | undefined {
  const value = fields.entries.get(name);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') {
    const hint = typeof value === 'object' ? '' : ' (put quotes round it)';
    throw invalid(fields.source, `${placeOf(fields, name)} must be a string, not ${nameOf(value)}${hint}.`);
  }
  return value;
}

/** A string of one printable line: a name, a path or an address. */
export function optionalLine(fields: Fields, name: string): string | undefined {
  const value = optionalString(fields, name);
  if (value !== undefined && hasUnprintable(value))
    throw invalid(fields.source, `${placeOf(fields, name)} holds characters that can't be shown: ${quote(value)}.`);
  return value;
}

/** A field that is true or false; false where it is absent. */
export function optionalBoolean(fields: Fields, name: string): boolean {
  const value = fields.entries.get(name);
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw invalid(fields.source, `${placeOf(fields, name)} must be true or false, not ${nameOf(value)}.`);
  return value;
}

/** A field that is a list; empty where it is absent. */
export function optionalList(fields: Fields, name: string): readonly unknown[] {
  const value = fields.entries.get(name);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(fields.source, `${placeOf(fields, name)} must be a list, not ${nameOf(value)}.`);
  return value;
}

/** A field that is a list of strings. */
export function optionalStrings(fields: Fields, name: string): readonly string[] {
  return optionalList(fields, name).map((item, index) => {
    if (typeof item === 'string') return item;
    const hint = typeof item === 'object' ? '' : ' (put quotes round it)';
    throw invalid(fields.source, `${placeOf(fields, name)}[${index}] must be a string, not ${nameOf(item)}${hint}.`);
  });
}

/** Base64 (RFC 4648, line breaks allowed) that holds text, decoded. */
export function optionalBase64(fields: Fields, name: string): string | undefined {
  const value = optionalString(fields, name)?.replace(/[\r\n]/g, '');
  if (value === undefined || value === '') return undefined;
  const refuse = (problem: string): KubeError => invalid(fields.source, `${placeOf(fields, name)} ${problem}`);
  if (value === 'DATA+OMITTED') throw refuse('was left out when the file was made: make it with `kubectl config view --raw`.');
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw refuse('is not base64.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'));
  } catch {
    throw refuse('does not hold PEM text.');
  }
}

/** Where a field is, for messages. */
export function placeOf(fields: Fields, name: string): string {
  return fields.path === '' ? name : `${fields.path}.${name}`;
}

// The value itself is not shown: any field may be a secret in the wrong place.
function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return value instanceof Map ? 'a mapping' : `a ${typeof value}`;
}
